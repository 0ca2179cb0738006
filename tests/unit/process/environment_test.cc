#include "process/environment.h"

#include <doctest/doctest.h>

using namespace wscope;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* ours[] = {"PATH=/bin", "SECRET=1",   "LC_ALL=C", "HTTP_PROXY=x", "LANGUAGE=en",
                                "no value",  "TERM=vt100", "EMPTY=",   nullptr};

}  // namespace

TEST_CASE("programs inherit what is harmless, and what was asked for") {
  CHECK(process::inherited_environment({}, ours).lines() == Lines{"PATH=/bin", "LC_ALL=C", "TERM=vt100"});
  CHECK(process::inherited_environment({"SECRET", "MISSING", "TERM=dumb", "NEW=a=b"}, ours).lines() ==
        Lines{"PATH=/bin", "SECRET=1", "LC_ALL=C", "TERM=dumb", "NEW=a=b"});
  CHECK(process::inherited_environment({"*"}, ours).lines() ==
        Lines{"PATH=/bin", "SECRET=1", "LC_ALL=C", "LANGUAGE=en", "TERM=vt100", "EMPTY="});
  CHECK(process::inherited_environment({"HTTP_PROXY"}, ours).lines().size() == 4);
}

TEST_CASE("each name is in an environment once") {
  process::Environment environment;
  environment.set("A", "1");
  environment.set("AB", "2");
  environment.set("A", "3");
  CHECK(environment.lines() == Lines{"A=3", "AB=2"});
  environment.remove("A");
  CHECK(environment.lines() == Lines{"AB=2"});
  const auto pointers = environment.pointers();
  REQUIRE(pointers.size() == 2);
  CHECK(std::string(pointers[0]) == "AB=2");
  CHECK(pointers[1] == nullptr);
}
