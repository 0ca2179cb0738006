#include "process/leaving.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace wscope;
using namespace std::chrono_literals;
using process::Leaving;

namespace {

constexpr base::TimePoint start{};

// All that happens until `until`, with the times at which it does.
std::string steps(Leaving& leaving, base::Duration until) {
  std::string text;
  while (leaving.deadline() && *leaving.deadline() <= start + until) {
    const base::TimePoint now = *leaving.deadline();
    CHECK_FALSE(leaving.take_due(now - 1ns));
    const auto step = leaving.take_due(now);
    REQUIRE(step);
    constexpr const char* names[] = {"eof", "hup", "term", "kill"};
    text += std::string(names[static_cast<int>(*step)]) + "@" +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count()) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("a program is ended in steps") {
  Leaving leaving(5s);
  CHECK_FALSE(leaving.deadline());
  CHECK_FALSE(leaving.take_due(start + 1h));
  leaving.begin(start, false);
  CHECK(leaving.begun());
  leaving.begin(start + 1s, false);  // it has begun
  CHECK(steps(leaving, 1h) == "eof@0 hup@250 term@1000 kill@5000 ");
}

TEST_CASE("at once a program is killed, without a limit it is not") {
  Leaving at_once(0s);
  at_once.begin(start, true);
  CHECK(steps(at_once, 1h) == "eof@0 kill@0 ");
  Leaving never(std::nullopt);
  never.begin(start, false);
  CHECK(steps(never, 24h) == "eof@0 ");
}

TEST_CASE("what waits for a program is given to it while it takes some") {
  Leaving leaving(1s);
  leaving.begin(start, true);
  CHECK(steps(leaving, 999ms).empty());
  leaving.written(start + 900ms, false);
  CHECK(steps(leaving, 1800ms).empty());
  leaving.written(start + 1800ms, true);
  CHECK(steps(leaving, 1h) == "eof@1800 hup@1850 term@2000 kill@2800 ");

  Leaving stuck(1s);
  stuck.begin(start, true);
  stuck.written(start + 100ms, false);
  CHECK(steps(stuck, 1h) == "eof@1100 hup@1150 term@1300 kill@2100 ");

  Leaving patient(std::nullopt);
  patient.begin(start, true);
  CHECK(steps(patient, 24h).empty());
  patient.written(start + 1h, true);
  CHECK(steps(patient, 24h) == "eof@3600000 ");
}

TEST_CASE("who ends for all others, too, has a limit in all") {
  Leaving leaving(std::nullopt);
  leaving.hurry(start, 1s);
  leaving.begin(start, true, Leaving::Pending::in_all);
  leaving.written(start + 500ms, false);
  CHECK(steps(leaving, 1h) == "eof@1000 hup@1050 term@1200 kill@2000 ");

  Leaving begun(std::nullopt);
  begun.begin(start, false);
  CHECK(steps(begun, 1s) == "eof@0 ");
  begun.hurry(start + 2s, 1s);
  CHECK(steps(begun, 1h) == "hup@2050 term@2200 kill@3000 ");
}
