#include "script/statement.h"

#include <doctest/doctest.h>

using namespace wscope;
using script::Kind;

TEST_CASE("every kind of event has a name, but for messages of any type") {
  for (const Kind kind : {Kind::text, Kind::binary, Kind::json, Kind::ping, Kind::pong, Kind::close, Kind::open,
                          Kind::refused, Kind::fail, Kind::lost, Kind::error, Kind::any, Kind::none}) {
    CHECK(script::kind_named(script::name_of(kind)) == kind);
  }
  CHECK(!script::kind_named("message"));
  CHECK(!script::kind_named(""));
  CHECK(script::name_of(Kind::message) == "message");
}
