#include "script/expectations.h"

#include <doctest/doctest.h>

#include "unit/script/scripting.h"
#include "unit/talk/talking.h"

using namespace wscope;
using namespace wscope::script;
using namespace std::chrono_literals;

namespace {

constexpr base::TimePoint noon{12h};

// The expectations of a script behind its connect, all at once.
struct Waiting {
  explicit Waiting(const std::string& statements)
      : script(test::parsed("connect echo:\n" + statements)), expectation(all(), noon) {}

  std::vector<Pending> all() const {
    std::vector<Pending> made;
    for (std::size_t i = 1; i < script.statements.size(); ++i) {
      auto one = pending(script.statements[i], 1, test::KnownNames());
      REQUIRE(one);
      one->until = noon + 5s;
      made.push_back(std::move(one).value());
    }
    return made;
  }
  void text(std::string payload) { parties[1].inbox.add({.kind = Kind::text, .payload = std::move(payload)}); }
  void happens(Kind kind) { parties[1].inbox.add({.kind = kind}); }
  std::string look(base::TimePoint now = noon, bool strict = false) {
    const Look look = expectation.look(parties, now, strict);
    if (look.outcome == Look::Outcome::waits) return "waits";
    if (look.outcome == Look::Outcome::failed) return "failed: " + look.why + (look.got.empty() ? "" : ": " + look.got);
    return "met" + (look.event ? " " + look.event->line() : "");
  }

  Script script;
  Parties parties{};
  Expectation expectation;
};

}  // namespace

TEST_CASE("an expectation takes the first event that matches; those before it are gone") {
  Waiting waiting("expect text \"b\"");
  CHECK(waiting.look() == "waits");
  waiting.text("a");
  waiting.text("b");
  waiting.text("c");
  CHECK(waiting.look() == "met text  b");
  CHECK(waiting.expectation.met());
  CHECK(waiting.parties[1].inbox.take().payload == "c");
  CHECK(waiting.expectation.last_events(noon - 1s).size() == 1);
}

TEST_CASE("an expectation that is not met says what came") {
  Waiting waiting("expect json .a == 1");
  waiting.text(R"({"a":2})");
  CHECK(waiting.look(noon + 4s) == "waits");
  CHECK(waiting.look(noon + 5s) == R"(failed: no match in 5.0 s; 1 message came: text  {"a":2}     .a is 2)");
}

TEST_CASE("nothing more can come behind an end") {
  Waiting waiting("expect text");
  waiting.happens(Kind::lost);
  waiting.parties[1].over = true;
  CHECK(waiting.look() == "failed: no match, and nothing more can come; no message came: lost");
}

TEST_CASE("the next event has to match, unless it is skipped or not looked at") {
  Waiting waiting("next text \"b\" skip /^a/");
  for (const Kind kind : {Kind::open, Kind::ping, Kind::pong}) waiting.happens(kind);
  waiting.text("a");
  waiting.text("aa");
  CHECK(waiting.look() == "waits");
  waiting.text("c");
  CHECK(waiting.look() == "failed: the next event is another one: text  c");
  Waiting ping("next ping");
  ping.happens(Kind::pong);
  ping.happens(Kind::ping);
  CHECK(ping.look() == "met ping");
}

TEST_CASE("that nothing comes is met by time, or by an end") {
  Waiting waiting("expect none");
  waiting.happens(Kind::pong);
  CHECK(waiting.look() == "waits");
  CHECK(waiting.look(noon + 5s) == "met");
  Waiting disturbed("expect none");
  disturbed.text("x");
  CHECK(disturbed.look() == "failed: something has come: text  x");
  Waiting over("expect none");
  over.parties[1].over = true;
  CHECK(over.look() == "met");
}

TEST_CASE("several are met in any order, each by an event of its own") {
  Waiting waiting("expect text /a/\nexpect text /a|b/");
  waiting.text("b");
  waiting.text("x");
  waiting.text("a");
  CHECK(waiting.look() == "met text  b");
  CHECK(waiting.look() == "met text  a");
  CHECK(waiting.expectation.met());
  Waiting twice("expect text /a/\nexpect text /a/");
  twice.text("a");
  CHECK(twice.look() == "waits");
  twice.text("a");
  CHECK(twice.look() == "met text  a");
  CHECK(twice.look() == "met text  a");
}

TEST_CASE("who takes an event leaves it to who can take no other") {
  for (const bool other_first : {false, true}) {
    Waiting waiting("expect text /a/\nexpect text \"ab\"");
    waiting.text(other_first ? "ac" : "ab");
    waiting.text(other_first ? "ab" : "ac");
    CHECK(waiting.look() == (other_first ? "met text  ac" : "met text  ab"));
    CHECK(waiting.look() == (other_first ? "met text  ab" : "met text  ac"));
    CHECK(waiting.expectation.met());
  }
}

TEST_CASE("in strict mode no message is passed over") {
  Waiting waiting("expect text \"b\"");
  waiting.happens(Kind::ping);
  waiting.text("a");
  CHECK(waiting.look(noon, true) == "failed: a message was passed over (option strict): text  a");
}

TEST_CASE("only the last ten events are kept") {
  Waiting waiting("expect text \"b\"");
  for (int i = 0; i < 25; ++i) waiting.text("a");
  CHECK(waiting.look() == "waits");
  const auto lines = waiting.expectation.last_events(noon);
  REQUIRE(lines.size() == 10);
  CHECK(lines.front().starts_with("16  "));
}
