#include "term/undo.h"

#include <doctest/doctest.h>

using namespace wscope::term;

namespace {

UndoLog::Edit insertion(std::size_t position, std::size_t size = 1) { return {position, size, "", position}; }

}  // namespace

TEST_CASE("clusters typed one behind the other are undone together, up to twenty") {
  UndoLog log;
  for (std::size_t at = 0; at < 25; ++at) log.record(insertion(at), true);
  CHECK(log.take()->inserted == 5);
  CHECK(log.take()->inserted == 20);
  CHECK_FALSE(log.take());
}

TEST_CASE("what is typed elsewhere or inserted at once is an edit of its own") {
  UndoLog log;
  log.record(insertion(0), true);
  log.record(insertion(5), true);
  log.record(insertion(6, 100), false);
  CHECK(log.take()->inserted == 100);
  CHECK(log.take()->position == 5);
  CHECK_FALSE(log.empty());
  CHECK(log.take()->position == 0);
  CHECK(log.empty());
}

TEST_CASE("edits of a group go on with each other") {
  UndoLog log;
  log.record(insertion(0), true);
  log.begin_group();
  log.record({0, 0, "x", 1}, false);
  log.record(insertion(3), true);
  log.end_group();
  log.record(insertion(7), true);
  CHECK_FALSE(log.goes_on(*log.take()));
  CHECK(log.goes_on(*log.take()));
  CHECK_FALSE(log.goes_on(*log.take()));
}

TEST_CASE("the oldest edits are forgotten when they hold too much") {
  UndoLog log;
  const std::string piece(UndoLog::most_bytes / 4, 'x');
  for (int i = 0; i < 6; ++i) log.record({0, 0, piece, 0}, false);
  int taken = 0;
  while (log.take()) ++taken;
  CHECK(taken == 4);
}
