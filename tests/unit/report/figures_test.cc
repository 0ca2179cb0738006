#include "report/figures.h"

#include <doctest/doctest.h>

#include <string>

#include "counted_run.h"

using namespace wscope;
using Fixture = test::CountedRun;

TEST_CASE("much is said in thousands") {
  Fixture fixture;
  fixture.receive(std::string(999, 'x'));
  CHECK(fixture.figures.summary() == "sent 0 messages, 0 B; received 1, 999 B; 0.00 s");
  fixture.receive(std::string(159'001, 'x'));
  CHECK(fixture.figures.summary() == "sent 0 messages, 0 B; received 2, 160.0 kB; 0.00 s");
  fixture.receive(std::string(839'960, 'x'));
  CHECK(fixture.figures.summary() == "sent 0 messages, 0 B; received 3, 1.0 MB; 0.00 s");
}

TEST_CASE("it tells on what it hears") {
  Fixture fixture;
  fixture.open();
  fixture.figures.flush();
  CHECK(fixture.next.told == 2);
  CHECK(fixture.next.flushed == 1);
  CHECK(fixture.figures.has_room());
  CHECK(fixture.figures.interests().wire);
}
