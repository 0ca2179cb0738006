#include "session/conversation.h"

#include <doctest/doctest.h>

using namespace wscope;
using session::ExpectStep;
using session::SendStep;
using session::Step;

namespace {

link::Saying saying(std::string_view text, ws::Opcode opcode = ws::Opcode::text) {
  return {{opcode, std::string(text)}, talk::Template::parse(text).value()};
}
Step sends(std::string_view text) { return SendStep{saying(text)}; }
Step expects(std::string_view match) { return ExpectStep{talk::Match::parse_argument(match).value()}; }

template <typename... Items>
std::vector<Step> steps_of(Items&&... items) {
  std::vector<Step> steps;
  (steps.push_back(std::forward<Items>(items)), ...);
  return steps;
}

struct Walk {
  explicit Walk(std::vector<Step> of) : all(std::move(of)), steps(all, names) {}

  bool hear(std::string_view text) { return steps.receive({base::as_bytes(text), false}); }
  // The text that is to be sent, or "nothing".
  std::string next() {
    const auto message = steps.next_message({});
    if (!message) return "error: " + message.error().message;
    return *message == nullptr ? "nothing" : (*message)->payload;
  }

  std::vector<Step> all;
  base::SystemRandom random;
  link::Recollection names{random};
  session::Steps steps;
};

}  // namespace

TEST_CASE("steps are taken in their order") {
  Walk walk(steps_of(sends("one"), sends("two"), expects("^a"), sends("three {{0}}"), expects("b")));
  CHECK(walk.steps.next_expected()->text() == "^a");
  CHECK(!walk.steps.expect());
  CHECK(!walk.hear("a"));  // which nobody waits for
  CHECK(walk.next() == "one");
  CHECK(walk.next() == "two");
  CHECK(walk.next() == "nothing");
  CHECK(walk.steps.expect());
  CHECK(!walk.hear("b"));
  CHECK(walk.hear("a!"));
  CHECK(walk.steps.next_expected()->text() == "b");
  CHECK(walk.next() == "three a");
  CHECK(walk.hear("b"));
  CHECK(walk.steps.done());
  CHECK(walk.steps.next_expected() == nullptr);
  CHECK(walk.steps.end_with_expect());
  CHECK(!walk.hear("b"));
}

TEST_CASE("a message is looked at by one step") {
  Walk walk(steps_of(expects("a"), expects("a")));
  CHECK(walk.hear("a"));
  CHECK(!walk.steps.done());
  CHECK(walk.hear("a"));
  CHECK(walk.steps.done());
}

TEST_CASE("steps begin again on another connection") {
  Walk walk(steps_of(sends("one"), expects("a")));
  CHECK(walk.next() == "one");
  walk.steps.restart();
  CHECK(walk.next() == "one");
}

TEST_CASE("no steps are done, and end with no --expect") {
  Walk none({});
  CHECK(none.steps.done());
  CHECK(!none.steps.end_with_expect());
  CHECK(none.next() == "nothing");
  Walk sent(steps_of(expects("a"), sends("b")));
  CHECK(!sent.steps.end_with_expect());
}

TEST_CASE("what is missing, or is no text, is an error") {
  Walk missing(steps_of(expects("(a)|b"), sends("{{1}}")));
  CHECK(missing.hear("b"));
  CHECK(missing.next() == "error: there is nothing for {{1}}");
  Walk bytes(steps_of(expects("."), sends("{{0}}")));
  CHECK(bytes.steps.receive({base::as_bytes("\xff"), true}));
  CHECK(bytes.next() == "error: what was filled in is not UTF-8: it cannot be sent as text");
  Walk binary(steps_of(expects("."), SendStep{saying("{{0}}", ws::Opcode::binary)}));
  CHECK(binary.steps.receive({base::as_bytes("\xff"), true}));
  CHECK(binary.next() == "\xff");
  Walk plain(steps_of(expects("."), SendStep{{{ws::Opcode::ping, "{{0}}"}}}));
  CHECK(plain.steps.receive({base::as_bytes("x"), true}));
  CHECK(plain.next() == "{{0}}");
}
