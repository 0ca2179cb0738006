#include "serve/relay_plan.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a route is a target, for a path or for all") {
  const auto all = serve::parse_route("tcp:localhost:22");
  REQUIRE(all);
  CHECK(all->path.empty());
  CHECK(all->target.text() == "tcp:localhost:22");

  const auto one = serve::parse_route("/a/b?=unix:/run/x=y");  // the first "=" ends it
  REQUIRE(one);
  CHECK(one->path == "/a/b?");
  CHECK(one->target.text() == "unix:/run/x=y");
}

TEST_CASE("a route without a target is an error") {
  for (const char* text : {"", "/", "/a", "/a=", "/a=b", "a=tcp:localhost:22"}) {
    CAPTURE(text);
    const auto route = serve::parse_route(text);
    REQUIRE_FALSE(route);
    CHECK(route.error().kind == base::ErrorKind::usage);
  }
}
