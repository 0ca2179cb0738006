#include "peer/turn.h"

#include <doctest/doctest.h>

#include <vector>

using namespace wscope;
using peer::Turn;

namespace {

/// How many such messages, or other events, a turn delivers.
std::ptrdiff_t events_of(Turn turn, const auto&... message) {
  std::ptrdiff_t events = 0;
  for (; !turn.over(); ++events) turn.count(message...);
  return events;
}

const std::vector<std::byte> much(100'000);

}  // namespace

TEST_CASE("a turn delivers so many events, however long") {
  CHECK(events_of(Turn(false)) == Turn::most_events);
  CHECK(events_of(Turn(false), ws::Message{.data = much}) == Turn::most_events);
  CHECK(events_of(Turn(true)) == Turn::most_events);
}

TEST_CASE("a turn delivers so much of what is inflated, and perhaps a piece more") {
  CHECK(events_of(Turn(true), ws::Message{.data = much}) == 11);
  const std::vector<std::byte> more(std::size_t{2} << 20);
  CHECK(events_of(Turn(true), ws::Message{.data = more}) == 1);
}
