#include "session/progress.h"

#include <doctest/doctest.h>

#include <chrono>

#include "support/fake_time.h"

using namespace std::chrono_literals;
using namespace wscope;
using session::Progress;

TEST_CASE("a long way is told of, four times a second") {
  test::FakeTime time;
  Progress progress(4'000'000U);
  CHECK(progress.advance(500'000, time.now()).empty());
  time.pass(999ms);
  CHECK(progress.advance(0, time.now()).empty());
  time.pass(1ms);
  CHECK(progress.advance(500'000, time.now()) == "sent 1.0 MB of 4.0 MB, 25 %, 1.0 MB/s\x1b[K\r");
  time.pass(249ms);
  CHECK(progress.advance(1, time.now()).empty());
  time.pass(751ms);
  CHECK(progress.advance(1'000'000, time.now()) == "sent 2.0 MB of 4.0 MB, 50 %, 1.0 MB/s\x1b[K\r");
  CHECK(progress.finish() == "\x1b[K");
  CHECK(progress.finish().empty());
}

TEST_CASE("a short way is not told of") {
  test::FakeTime time;
  Progress progress(5U);
  CHECK(progress.advance(5, time.now()).empty());
  CHECK(progress.finish().empty());
}

TEST_CASE("of a way whose length is not known, what is behind is told") {
  test::FakeTime time;
  Progress progress(std::nullopt);
  CHECK(progress.advance(0, time.now()).empty());
  time.pass(2s);
  CHECK(progress.advance(3'000, time.now()) == "sent 3.0 kB, 1.5 kB/s\x1b[K\r");
}

TEST_CASE("a file that grows is not sent more than wholly") {
  test::FakeTime time;
  Progress progress(10U);
  static_cast<void>(progress.advance(20, time.now()));
  time.pass(1s);
  CHECK(progress.advance(0, time.now()) == "sent 20 B of 10 B, 100 %, 20 B/s\x1b[K\r");
}
