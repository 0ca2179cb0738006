#include "repl/repl_completion.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "cli/command_line.h"
#include "folder.h"
#include "repl/slash_commands.h"
#include "unit/cli/environment.h"

using namespace wscope;
using Words = std::vector<std::string>;

namespace {

struct Fixture {
  term::History history;

  [[nodiscard]] term::Completions complete(std::string_view line) const {
    return repl::complete_line(line, {cli::in_session, history, {"1", "2", "12"}, {"8080"}});
  }
  [[nodiscard]] Words words(std::string_view line) const { return complete(line).words; }
};

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("commands are completed by all their names, in order") {
  const Fixture fixture;
  CHECK(fixture.words("/co") == Words{"/compress", "/connect", "/connections", "/copy"});
  CHECK(fixture.words("/qu") == Words{"/quit"});
  CHECK(fixture.words("/ex") == Words{"/exit", "/expect"});
  const auto all = fixture.complete("/");
  CHECK(all.begin == 0);
  CHECK(all.words.size() > repl::slash_commands().size());
  CHECK(std::is_sorted(all.words.begin(), all.words.end()));
  CHECK(all.final);
}

TEST_CASE("nothing is offered in a text, nor for a command that there is not") {
  const Fixture fixture;
  for (const char* line :
       {"", "hello /co", " /co", "//co", "/nothing ", "/xyzzy", "/send a", "/quit ", "/connect 'a b' 'c"}) {
    CAPTURE(line);
    CHECK(fixture.words(line).empty());
  }
}

TEST_CASE("options are those of the command line") {
  const Fixture fixture;
  const Words header = fixture.words("/connect --head");
  CHECK(header == Words{"--header"});
  CHECK(fixture.complete("/connect wss://h --head").begin == 17);
  CHECK(has(fixture.words("/connect --"), "--subprotocol"));
  CHECK(has(fixture.words("/listen --"), "--broadcast"));
  CHECK_FALSE(has(fixture.words("/connect --"), "--broadcast"));
  CHECK_FALSE(has(fixture.words("/connect --"), "--count"));
}

TEST_CASE("values of options are words, files or URLs") {
  Fixture fixture;
  const test::Folder folder;
  static_cast<void>(folder.file("ca.pem", ""));
  REQUIRE(std::filesystem::create_directory(folder.path_of("certs")));
  const std::string base = folder.path() + "/";
  CHECK(fixture.words("/listen --slow ") == Words{"close", "drop"});
  CHECK(fixture.words("/listen --slow=d") == Words{"--slow=drop"});
  CHECK(fixture.words("/connect --ca " + base) == Words{base + "ca.pem", base + "certs/"});
  CHECK(fixture.words("/connect --cacert=" + base + "ca") == Words{"--cacert=" + base + "ca.pem"});
  CHECK(fixture.words("/connect --capath " + base) == Words{base + "certs/"});
  CHECK(fixture.words("/connect -H @" + base + "ca") == Words{"@" + base + "ca.pem"});
  CHECK(fixture.words("/connect --bearer=@" + base + "ca") == Words{"--bearer=@" + base + "ca.pem"});
  CHECK(fixture.words("/connect -Lc e") == Words{"echo:"});
  CHECK(fixture.words("/connect --reconnect e") == Words{"echo:"});
  for (const char* line : {"/connect -H ", "/connect --host ", "/connect -o e", "/connect --ping-interval ",
                           "/connect --nothing=e", "/connect --reconnect=", "/listen --echo ", "/listen --eof "}) {
    CAPTURE(line);
    CHECK(fixture.words(line).empty());
  }
}

TEST_CASE("URLs are those that were connected to before") {
  Fixture fixture;
  fixture.history.add("/connect -H 'A: b' wss://one.example/");
  fixture.history.add("/connect ws://two.example/");
  fixture.history.add("wss://not.connected.example/");
  fixture.history.add("/connect 'unfinished");
  CHECK(fixture.words("/connect ") == Words{"echo:", "ws://two.example/", "wss://one.example/"});
  CHECK(fixture.words("/connect wss") == Words{"wss://one.example/"});
  CHECK(fixture.words("/connect e") == Words{"echo:"});
}

TEST_CASE("no password is offered, nor what an option was given") {
  Fixture fixture;
  fixture.history.add("/connect ws://amy:s3cret@one.example/");
  fixture.history.add("/connect --proxy http://amy:s3cret@proxy.example wss://two.example/");
  fixture.history.add("/connect --proxy http://proxy.example -Lu amy:s3cret://x wss://three.example/");
  fixture.history.add("/connect -Lo https://origin.example -x 'look at ws://h' -L wss://four.example/");
  fixture.history.add("/connect --connect=ws://amy:s3cret@five.example/ -cws://amy:s3cret@six.example/");
  fixture.history.add("/connect --reconnect wss://seven.example/ --json-pretty wss://eight.example/");
  CHECK(fixture.words("/connect ") == Words{"echo:", "wss://eight.example/", "wss://four.example/",
                                            "wss://seven.example/", "wss://three.example/", "wss://two.example/"});
}

TEST_CASE("files are completed with their folder, folders with a slash, hidden ones if asked for") {
  const Fixture fixture;
  const test::Folder folder;
  for (const char* name : {"alpha", "alpine", "beta", ".hidden"}) static_cast<void>(folder.file(name, ""));
  REQUIRE(std::filesystem::create_directory(folder.path_of("directory")));
  const std::string base = folder.path() + "/";
  CHECK(fixture.words("/file " + base) == Words{base + "alpha", base + "alpine", base + "beta", base + "directory/"});
  CHECK(fixture.words("/source " + base + "al") == Words{base + "alpha", base + "alpine"});
  CHECK(fixture.words("/save " + base + "d") == Words{base + "directory/"});
  CHECK(fixture.words("/file " + base + ".h") == Words{base + ".hidden"});
  CHECK(fixture.words("/binary @" + base + "b") == Words{"@" + base + "beta"});
  CHECK(fixture.words("/raw @" + base + "b") == Words{"@" + base + "beta"});
  const test::Environment environment(std::vector<test::Environment::Variable>{{"HOME", folder.path()}});
  CHECK(fixture.words("/file ~/al") == Words{"~/alpha", "~/alpine"});
  CHECK(fixture.words("/binary @~/b") == Words{"@~/beta"});
  CHECK(fixture.words("/file /nowhere/at/all/").empty());
  CHECK(fixture.complete("/file " + base + "b").begin == 6);
}

TEST_CASE("a file whose name has blanks is completed as it is typed: to the end of the line") {
  const Fixture fixture;
  const test::Folder folder;
  static_cast<void>(folder.file("two words", ""));
  const std::string base = folder.path() + "/";
  CHECK(fixture.words("/file " + base + "tw") == Words{base + "two words"});
  const auto further = fixture.complete("/file " + base + "two w");
  CHECK(further.words == Words{base + "two words"});
  CHECK(further.begin == 6);
}

TEST_CASE("bytes are a file or base64, after which they go on") {
  const Fixture fixture;
  CHECK(fixture.words("/binary ") == Words{"@", "base64:"});
  CHECK_FALSE(fixture.complete("/binary b").final);
}

TEST_CASE("connections are offered by number") {
  const Fixture fixture;
  CHECK(fixture.words("/use ") == Words{"1", "12", "2", "all"});
  CHECK(fixture.words("/status ") == Words{"1", "12", "2", "all"});
  CHECK(fixture.words("/disconnect 1") == Words{"1", "12"});
  CHECK(fixture.words("/disconnect ") == Words{"1", "12", "2", ":8080", "all"});
  CHECK(fixture.words("/disconnect :") == Words{":8080"});
  CHECK(fixture.words("/status 1 ").empty());
}

TEST_CASE("every other argument has its words") {
  const Fixture fixture;
  CHECK(fixture.words("/hex ") == Words{"off", "on"});
  CHECK(fixture.words("/show t") == Words{"timestamps"});
  CHECK(fixture.words("/show timestamps ") == Words{"off", "on", "relative"});
  CHECK(fixture.words("/show json ") == Words{"off", "on"});
  CHECK(fixture.words("/set ") == Words{"keymap"});
  CHECK(fixture.words("/set keymap ") == Words{"emacs", "vi"});
  CHECK(fixture.words("/frame p") == Words{"ping", "pong"});
  CHECK(fixture.words("/frame text r") == Words{"rsv="});
  CHECK_FALSE(fixture.complete("/frame text r").final);
  CHECK(fixture.complete("/frame text fin").final);
  CHECK(fixture.words("/close 100") == Words{"1000", "1001", "1002", "1003", "1007", "1008", "1009"});
  CHECK(fixture.words("/help dis") == Words{"disconnect"});
  CHECK(fixture.words("/help ke") == Words{"keys"});
  CHECK(fixture.words("/log of") == Words{"off"});
}
