#include "streams/progress_line.h"

#include <doctest/doctest.h>

#include <chrono>

#include "support/fake_time.h"

using namespace std::chrono_literals;
using namespace wscope;
using streams::ProgressLine;

TEST_CASE("a long way is told of, four times a second") {
  test::FakeTime time;
  ProgressLine line;
  CHECK_FALSE(line.is_due(time.now()));
  time.pass(999ms);
  CHECK_FALSE(line.is_due(time.now()));
  time.pass(1ms);
  CHECK(line.is_due(time.now()));
  CHECK(line.seconds(time.now()) == 1);
  CHECK_FALSE(line.is_due(time.now()));
  time.pass(249ms);
  CHECK_FALSE(line.is_due(time.now()));
  time.pass(751ms);
  CHECK(line.is_due(time.now()));
  CHECK(line.seconds(time.now()) == 2);
}

TEST_CASE("the line is overwritten, and taken away once") {
  ProgressLine line;
  CHECK(line.clear().empty());
  CHECK(line.show("half") == "half\x1b[K\r");
  CHECK(line.show("all") == "all\x1b[K\r");
  CHECK(line.clear() == "\x1b[K");
  CHECK(line.clear().empty());
}
