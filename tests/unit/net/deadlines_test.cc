#include "net/deadlines.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <random>

using namespace wscope;
using namespace std::chrono_literals;
using net::Deadlines;

namespace {

constexpr base::TimePoint start{};

}  // namespace

TEST_CASE("deadlines come up in order, each once") {
  Deadlines deadlines;
  CHECK_FALSE(deadlines.next());
  deadlines.set(3, start + 30ms);
  deadlines.set(1, start + 10ms);
  deadlines.set(2, start + 20ms);
  CHECK(deadlines.next() == start + 10ms);
  CHECK_FALSE(deadlines.take_due(start + 9ms));
  CHECK(deadlines.take_due(start + 25ms) == 1);
  CHECK(deadlines.take_due(start + 25ms) == 2);
  CHECK_FALSE(deadlines.take_due(start + 25ms));
  CHECK(deadlines.next() == start + 30ms);
}

TEST_CASE("a deadline can be put off, brought nearer and taken back") {
  Deadlines deadlines;
  deadlines.set(0, start + 10ms);
  deadlines.set(1, start + 20ms);
  deadlines.set(0, start + 30ms);
  CHECK(deadlines.next() == start + 20ms);
  deadlines.set(0, start + 5ms);
  CHECK(deadlines.next() == start + 5ms);
  deadlines.set(0, std::nullopt);
  CHECK(deadlines.next() == start + 20ms);
  deadlines.set(1, std::nullopt);
  CHECK_FALSE(deadlines.next());
  deadlines.set(7, std::nullopt);
  CHECK_FALSE(deadlines.take_due(base::TimePoint::max()));
}

TEST_CASE("moving deadlines about does not pile anything up") {
  Deadlines deadlines;
  for (int i = 0; i < 10'000; ++i) {
    deadlines.set(0, start + 60s + std::chrono::milliseconds(i));
    deadlines.set(0, start + std::chrono::milliseconds(i));
    CHECK(deadlines.take_due(start + std::chrono::milliseconds(i)) == 0);
    deadlines.set(1, start + 1h - std::chrono::milliseconds(i));
  }
  CHECK(deadlines.size() <= 2);
}

TEST_CASE("any mixture of changes comes up as in an ordered map") {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    Deadlines deadlines;
    std::map<std::uint32_t, base::TimePoint> model;
    base::TimePoint now = start;
    for (int step = 0; step < 400; ++step) {
      const auto key = static_cast<std::uint32_t>(random() % 30);
      if (random() % 4 == 0) {
        deadlines.set(key, std::nullopt);
        model.erase(key);
      } else {
        const base::TimePoint when = now + std::chrono::microseconds(random() % 1000);
        deadlines.set(key, when);
        model[key] = when;
      }
      if (random() % 3 != 0) continue;
      now += std::chrono::microseconds(random() % 100);
      base::TimePoint last = start;
      while (const auto due = deadlines.take_due(now)) {
        REQUIRE(model.count(*due) == 1);
        CHECK(model[*due] <= now);
        CHECK(model[*due] >= last);
        last = model[*due];
        model.erase(*due);
      }
      for (const auto& [left, when] : model) CHECK(when > now);
      CHECK(deadlines.next().has_value() == !model.empty());
    }
  }
}
