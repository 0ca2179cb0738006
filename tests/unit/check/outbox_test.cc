#include "check/outbox.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using check::Outbox;
using std::chrono::milliseconds;

namespace {

std::string_view text(const Outbox& outbox, base::TimePoint now) { return base::as_text(outbox.output(now)); }

}  // namespace

TEST_CASE("what is appended in a row is written together") {
  Outbox outbox;
  const base::TimePoint now{};
  outbox.append("ab");
  outbox.append("cd");
  CHECK(text(outbox, now) == "abcd");
  outbox.consume(3, now);
  CHECK(text(outbox, now) == "d");
  outbox.consume(1, now);
  CHECK(outbox.empty());
  CHECK(outbox.wrote_at() == now);
  CHECK(outbox.size() == 4);
}

TEST_CASE("pieces are written one by one, each after its time") {
  Outbox outbox;
  base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  outbox.cut(2, milliseconds(10));
  outbox.append("abcde");
  CHECK(text(outbox, now) == "ab");
  outbox.consume(1, now);
  CHECK(text(outbox, now) == "b");  // the rest of a piece waits for nothing
  outbox.consume(1, now);
  CHECK(text(outbox, now).empty());
  CHECK(outbox.deadline(now) == now + milliseconds(10));
  now += milliseconds(10);
  CHECK(text(outbox, now) == "cd");
  outbox.consume(2, now);
  now += std::chrono::hours(1);
  CHECK(text(outbox, now) == "e");
}

TEST_CASE("a pause begins once everything before is written") {
  Outbox outbox;
  base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  outbox.append("a");
  outbox.pause(milliseconds(50));
  outbox.append("b");
  outbox.append("c");
  CHECK(text(outbox, now) == "a");
  now += std::chrono::hours(1);
  outbox.consume(1, now);
  CHECK(text(outbox, now).empty());
  CHECK(outbox.deadline(now) == now + milliseconds(50));
  now += milliseconds(50);
  CHECK(text(outbox, now) == "bc");
  CHECK(!outbox.deadline(now));
  outbox.clear();
  CHECK(outbox.empty());
}

TEST_CASE("the beginning of what was sent is kept") {
  Outbox outbox;
  outbox.append("head");
  outbox.append(std::string(10000, 'x'));
  CHECK(outbox.beginning().size() == 4096);
  CHECK(outbox.beginning().starts_with("headxxx"));
}
