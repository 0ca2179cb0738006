#include "repl/expectation.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

using namespace wscope;
using namespace std::chrono_literals;
using link::Use;
using repl::Expectation;

namespace {

constexpr Use first{Use::Kind::one, 1};
constexpr Use second{Use::Kind::one, 2};
constexpr Use all{Use::Kind::all, 0};
constexpr base::TimePoint start{1h};

struct Waiting {
  Expectation expectation;
  report::Transcript transcript;

  void came(std::string_view data, link::ConnectionNumber number = 1, ws::Opcode type = ws::Opcode::text) {
    transcript.add({.connection = number, .opcode = type}, base::as_bytes(data));
  }
  /// The number of what it finds; 0: nothing.
  std::uint64_t find(std::string_view typed, Use use = first) {
    auto wanted = Expectation::parse(typed, talk::Source::Names::plain);
    REQUIRE(wanted.ok());
    expectation.begin(std::move(wanted).value(), use, "", start);
    const report::Entry* entry = expectation.find(transcript);
    return entry != nullptr ? entry->number : 0;
  }
};

/// The match and the time that are typed so.
std::string read(std::string_view typed) {
  const auto wanted = Expectation::parse(typed, talk::Source::Names::plain);
  if (!wanted) return "error: " + wanted.error().message;
  return wanted->match.text() + ", " + std::to_string(wanted->within / 1ms) + " ms";
}

}  // namespace

TEST_CASE("a last within S is no part of a match") {
  CHECK(read("ack") == "ack, 5000 ms");
  CHECK(read("ack within 2") == "ack, 2000 ms");
  CHECK(read(".type == \"ack\"   within   0.5") == ".type == \"ack\", 500 ms");
  CHECK(read("within 3 days") == "within 3 days, 5000 ms");
  CHECK(read("within 3 within 4") == "within 3, 4000 ms");
  CHECK(read("herewithin 3") == "herewithin 3, 5000 ms");
  CHECK(read("x within -1") == "x within -1, 5000 ms");
  CHECK(read("") == "error: wants a MATCH");
  CHECK(read("within 3") == "error: wants a MATCH");
  CHECK(read("\xff") == "error: not UTF-8");
  const auto wrong = Expectation::parse(".type = 1", talk::Source::Names::plain);
  CHECK(!wrong.error().excerpt.empty());
}

TEST_CASE("what has come is looked at from the line on that was sent last") {
  Waiting waiting;
  waiting.came("ack one");
  CHECK(waiting.find("ack") == 1);
  waiting.expectation.look_behind(first, 1);
  CHECK(waiting.find("ack") == 0);
  waiting.came("no");
  waiting.came("ack two");
  CHECK(waiting.find("ack") == 3);
  waiting.expectation.look_behind(first, 2);  // which says nothing new
  CHECK(waiting.find("ack") == 3);
}

TEST_CASE("what was passed over by one that was met is gone") {
  Waiting waiting;
  waiting.came("a");
  waiting.came("b");
  waiting.came("c");
  CHECK(waiting.find("b") == 2);
  waiting.expectation.meet(2);
  CHECK(!waiting.expectation.waits());
  CHECK(waiting.find("a|b") == 0);
  CHECK(waiting.find("c") == 3);
}

TEST_CASE("each connection is looked at for itself, and all of them together") {
  Waiting waiting;
  waiting.came("a", 1);
  waiting.came("a", 2);
  waiting.expectation.look_behind(second, 2);
  CHECK(waiting.find("a", first) == 1);
  CHECK(waiting.find("a", second) == 0);
  CHECK(waiting.find("a", all) == 1);
  waiting.expectation.look_behind(all, 2);
  CHECK(waiting.find("a", first) == 0);
  CHECK(waiting.expectation.wants(1, {base::as_bytes("a"), false}) == true);
  CHECK(waiting.expectation.wants(2, {base::as_bytes("a"), false}) == false);
  waiting.expectation.look_behind({}, 7);
  waiting.came("a", 1);
  CHECK(waiting.find("a", first) == 3);
}

TEST_CASE("only whole messages that came are looked at") {
  Waiting waiting;
  waiting.transcript.add({.connection = 1, .direction = wire::Direction::out}, base::as_bytes("a"));
  waiting.came("a", 1, ws::Opcode::ping);
  waiting.came("a" + std::string(report::Transcript::longest_whole, 'b'));
  CHECK(waiting.find("a") == 0);
  waiting.came("\xff", 1, ws::Opcode::binary);
  CHECK(waiting.find("\\xff") == 4);
}

TEST_CASE("it knows until when it waits") {
  Waiting waiting;
  CHECK(!waiting.expectation.deadline());
  CHECK(!waiting.expectation.wants(1, {base::as_bytes("a"), false}));
  CHECK(waiting.find("a within 2") == 0);
  CHECK(waiting.expectation.deadline() == start + 2s);
  CHECK(waiting.expectation.elapsed(start + 1s) == 1s);
  waiting.expectation.end();
  CHECK(!waiting.expectation.deadline());
}
