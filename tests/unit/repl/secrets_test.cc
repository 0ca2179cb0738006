#include "repl/secrets.h"

#include <doctest/doctest.h>

#include "cli/command_line.h"

using namespace wscope;

namespace {

bool is_secret(std::string_view line) { return repl::is_secret(line, cli::in_session); }

}  // namespace

TEST_CASE("credentials are secret however they are typed") {
  for (const char* line : {
           "/connect --user me:hunter2 wss://h",
           "/connect wss://h --user=me:hunter2",
           "/connect --auth me:hunter2 wss://h",
           "/connect -u me:hunter2 wss://h",
           "/connect -ume:hunter2 wss://h",
           "/connect -Lu 'me:hunter two' wss://h",
           "/connect --bearer hunter2 wss://h",
           "/connect --proxy-user me:hunter2 wss://h",
           "/connect wss://me:hunter2@h/path",
           "/connect me:hunter2@h",
           "/connect wss://token@h",
           "/connect --proxy http://me:hunter2@proxy wss://h",
           "/connect --connect=ws://me:hunter2@h/",
           "/connect --connect ws://me:hunter2@h/",
           "/connect -cws://me:hunter2@h/",
           "/connect -Lc me:hunter2@h",
           "/connect --passphrase=hunter2 wss://h",
           "/connect --cookie id=hunter2 wss://h",
           "/connect -H 'Authorization: Bearer hunter2' wss://h",
           "/connect -HAuthorization:hunter2 wss://h",
           "/connect --header 'Cookie: id=hunter2' wss://h",
           "/connect --header='X-API-Key: hunter2' wss://h",
           "/listen 80 --auth me:hunter2",
       }) {
    CHECK_MESSAGE(is_secret(line), line);
  }
}

TEST_CASE("so they are in a line that was typed wrongly") {
  CHECK(is_secret("/conect --user me:hunter2 wss://h"));
  CHECK(is_secret("/connect -H 'Authorization: hunter2"));
  CHECK(is_secret("/connect -H \"Authorization: hunter2"));
}

TEST_CASE("what begins with a blank is not kept, as in a shell") {
  CHECK(is_secret(" anything"));
  CHECK(is_secret("\tanything"));
}

TEST_CASE("a variable whose name tells of a secret is not kept") {
  CHECK(is_secret("/set token abc"));
  CHECK(is_secret("/set my_Password a b"));
  CHECK(!is_secret("/set token"));
  CHECK(!is_secret("/set keymap vi"));
  CHECK(!is_secret("/set name token"));
}

TEST_CASE("all else is kept") {
  for (const char* line : {
           "",
           "text",
           "write to me@example.com about --user me:hunter2",
           "//connect --user me:hunter2",
           "/send --user me:hunter2",
           "/binary @file",
           "/connect wss://h/path?a=b@c",
           "/connect --user me wss://h",
           "/connect --bearer @token.txt wss://h",
           "/connect --cookie=@jar.txt wss://h",
           "/connect --passphrase wss://h",
           "/connect -H 'X-Trace: a:b' wss://h:443",
           "/connect -s chat -o https://h --reconnect=3 ws://h",
           "/listen 127.0.0.1:80 --echo",
       }) {
    CHECK_MESSAGE(!is_secret(line), line);
  }
}
