#include "check/request_words.h"

#include <doctest/doctest.h>

#include "base/random.h"
#include "check/request_draft.h"

using namespace wscope;
using check::Settings;

namespace {

Settings plain() {
  Settings settings;
  settings.request.target = "/a";
  settings.request.headers = {{"Host", "server"},
                              {"Upgrade", "websocket"},
                              {"Connection", "Upgrade"},
                              {"Sec-WebSocket-Key", ""},
                              {"Sec-WebSocket-Version", "13"}};
  return settings;
}

// The words for a request that these steps make; "-": there are none.
std::string words_of(std::string_view program, bool any_key = true) {
  const Settings settings = plain();
  base::SystemRandom random;
  check::RequestDraft draft(settings, random);
  const auto steps = check::parse_program(program);
  for (const check::Step& step : *steps) CHECK(draft.change(step).ok());
  return check::request_words(draft.text(), settings, any_key).value_or("-");
}

}  // namespace

TEST_CASE("the plain request needs no words but those against an offer of ours") {
  CHECK(words_of("") == " --no-compress");
  CHECK(words_of("", false).starts_with(" --no-compress -H 'Sec-WebSocket-Key: "));
}

TEST_CASE("fields that differ are given") {
  CHECK(words_of("set Connection: keep-alive, Upgrade") == " --no-compress -H 'Connection: keep-alive, Upgrade'");
  CHECK(words_of("drop Upgrade") == " --no-compress -H 'Upgrade:'");
  CHECK(words_of("set Sec-WebSocket-Version:") == " --no-compress -H 'Sec-WebSocket-Version;'");
  CHECK(words_of("also X-New: 1") == " --no-compress -H 'X-New: 1'");
  CHECK(words_of("set Sec-WebSocket-Key: !!", false) == " --no-compress -H 'Sec-WebSocket-Key: !!'");
  CHECK(words_of("lower").find("-H 'upgrade: websocket'") != std::string::npos);
}

TEST_CASE("one offer of permessage-deflate is made as it is") {
  CHECK(words_of("offer permessage-deflate; client_max_window_bits") ==
        " --compress 'permessage-deflate; client_max_window_bits'");
  CHECK(words_of("offer permessage-deflate; foo") == "-");
  CHECK(words_of("offer permessage-deflate, permessage-deflate") == "-");
  CHECK(words_of("offer x-other") == "-");
}

TEST_CASE("what no option makes has no words") {
  for (const char* const program :
       {"method POST", "target /b", "version HTTP/1.0", "line GET /a HTTP/1.1 x", "first X : 1", "before \\r\\n",
        "body x", "lf", "set Upgrade: a\\x00b", "set Upgrade: it's", "set Upgrade: {{x}}", "set Connection:  two",
        "set Connection: a,\\r\\n b", "set Sec-WebSocket-Protocol: a b", "also no token: 1", "also Host: b"}) {
    CAPTURE(program);
    CHECK(words_of(program) == "-");
  }
}
