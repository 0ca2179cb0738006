#include "check/probe.h"

#include <doctest/doctest.h>

#include <functional>
#include <random>

using namespace wscope::check;

namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

struct Tried {
  int times = 0;
  std::uint64_t sum = 0;
};

Tried run(Probe& probe, const std::function<bool(std::uint64_t)>& takes) {
  Tried tried;
  while (const auto size = probe.next()) {
    ++tried.times;
    tried.sum += *size;
    REQUIRE(tried.times < 200);
    probe.told(takes(*size) ? Probe::Answer::taken : Probe::Answer::refused);
  }
  return tried;
}

}  // namespace

TEST_CASE("any limit is found to one part in a hundred") {
  for (const std::uint64_t limit :
       {1024UL, 1025UL, 1500UL, 4096UL, 65535UL, 65536UL, 100000UL, 1000000UL, 1UL << 20U, (16UL << 20U) - 1}) {
    CAPTURE(limit);
    Probe probe({.least = 1024, .most = 16 * mib});
    const Tried tried = run(probe, [limit](std::uint64_t size) { return size <= limit; });
    REQUIRE(probe.taken());
    REQUIRE(probe.refused());
    CHECK(*probe.taken() <= limit);
    CHECK(*probe.refused() > limit);
    CHECK(*probe.refused() - *probe.taken() <= *probe.taken() / 100 + 1);
    CHECK(tried.times < 30);
    CHECK_FALSE(probe.unsteady());
  }
}

TEST_CASE("a power of two is found to a byte") {
  Probe probe({.least = 1024, .most = 16 * mib});
  const Tried tried = run(probe, [](std::uint64_t size) { return size <= mib; });
  CHECK(probe.exact());
  CHECK(probe.taken() == mib);
  CHECK(tried.times <= 15);
}

TEST_CASE("who has no limit is asked up to the most, and no further") {
  Probe probe({.least = 1024, .most = 16 * mib});
  const Tried tried = run(probe, [](std::uint64_t) { return true; });
  CHECK(probe.taken() == 16 * mib);
  CHECK_FALSE(probe.refused());
  CHECK(tried.times == 15);
  CHECK(tried.sum < 32 * mib);
}

TEST_CASE("the most need not be twice what was tried before") {
  Probe probe({.least = 1000, .most = 3000});
  run(probe, [](std::uint64_t) { return true; });
  CHECK(probe.taken() == 3000);
}

TEST_CASE("who takes nothing at all is found out") {
  Probe probe({.least = 1024, .most = 16 * mib});
  run(probe, [](std::uint64_t) { return false; });
  CHECK_FALSE(probe.taken());
  CHECK(probe.refused() == 1);
  Probe small({.least = 1024, .most = 16 * mib});
  run(small, [](std::uint64_t size) { return size <= 10; });
  CHECK(small.taken() == 10);
  CHECK(small.exact());
}

TEST_CASE("it may begin at what is known of something else") {
  Probe same({.least = 1024, .most = mib, .first = mib});
  CHECK(run(same, [](std::uint64_t) { return true; }).times == 1);
  CHECK(same.taken() == mib);
  Probe less({.least = 1024, .most = mib, .first = mib});
  run(less, [](std::uint64_t size) { return size <= 100000; });
  CHECK(*less.taken() <= 100000);
  CHECK(*less.taken() > 98000);
}

TEST_CASE("nothing is tried beyond the budget") {
  Probe probe({.least = 1024, .most = 16 * mib, .budget = 44 * mib});
  const Tried tried = run(probe, [](std::uint64_t size) { return size < 15 * mib; });
  CHECK(tried.sum <= 44 * mib);
  CHECK(probe.taken() == 8 * mib);
  CHECK(probe.refused() == 16 * mib);
}

TEST_CASE("a refusal that is none is not believed") {
  int times = 0;
  Probe probe({.least = 1024, .most = 16 * mib});
  run(probe, [&times](std::uint64_t size) { return size <= mib && ++times != 5; });
  CHECK_FALSE(probe.unsteady());
  CHECK(probe.taken() == mib);
}

TEST_CASE("who closes at random has no limit") {
  std::mt19937 random(1);
  int unsteady = 0;
  for (int i = 0; i < 50; ++i) {
    Probe probe({.least = 1024, .most = 16 * mib});
    run(probe, [&random](std::uint64_t) { return random() % 2 == 0; });
    unsteady += probe.unsteady() ? 1 : 0;
  }
  CHECK(unsteady > 25);  // some are lucky
}

TEST_CASE("what cannot be tried ends it") {
  Probe probe({.least = 1024, .most = 16 * mib});
  probe.told(Probe::Answer::taken);
  probe.told(Probe::Answer::unknown);
  CHECK_FALSE(probe.next());
  CHECK(probe.taken() == 1024);
}
