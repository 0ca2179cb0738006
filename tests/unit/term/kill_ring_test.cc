#include "term/kill_ring.h"

#include <doctest/doctest.h>

using wscope::term::KillRing;

TEST_CASE("kills in a run are one, in the order of the text") {
  KillRing ring;
  CHECK(ring.empty());
  CHECK(ring.current().empty());
  ring.add("b", KillRing::Join::behind);
  ring.add("c", KillRing::Join::behind);
  ring.add("a", KillRing::Join::before);
  CHECK(ring.current() == "abc");
  ring.add("");
  ring.add("new");
  CHECK(ring.current() == "new");
}

TEST_CASE("the ring turns to older kills and around") {
  KillRing ring;
  ring.rotate();
  for (const char* kill : {"1", "2", "3"}) ring.add(kill);
  ring.rotate();
  CHECK(ring.current() == "2");
  ring.rotate();
  ring.rotate();
  CHECK(ring.current() == "3");
}

TEST_CASE("ten kills are kept") {
  KillRing ring;
  for (int i = 0; i < 12; ++i) ring.add(std::to_string(i));
  for (int i = 0; i < 9; ++i) ring.rotate();
  CHECK(ring.current() == "2");
  ring.rotate();
  CHECK(ring.current() == "11");
}

TEST_CASE("a kill does not grow for ever") {
  KillRing ring;
  ring.add(std::string(KillRing::most_bytes, 'x'));
  ring.add("y", KillRing::Join::behind);
  CHECK(ring.current().size() == KillRing::most_bytes);
}
