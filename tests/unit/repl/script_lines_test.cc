#include "repl/script_lines.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace wscope;
using Strings = std::vector<std::string>;

namespace {

Strings lines_of(std::string text) {
  repl::ScriptLines lines("f", std::move(text));
  Strings all;
  while (!lines.empty()) {
    const auto [line, place] = lines.take();
    all.push_back(place + line);
  }
  return all;
}

}  // namespace

TEST_CASE("a script is its lines, each with its place") {
  CHECK(lines_of("one\ntwo\r\nthree") == Strings{"f:1: one", "f:2: two", "f:3: three"});
  CHECK(lines_of("one\n") == Strings{"f:1: one"});
  CHECK(lines_of("\rone\r\r\n ") == Strings{"f:1: \rone\r", "f:2:  "});
}

TEST_CASE("empty lines are left out, and counted") {
  CHECK(lines_of("") == Strings{});
  CHECK(lines_of("\n\r\n\r") == Strings{});
  CHECK(lines_of("\n\none\n\r\n\ntwo\n\n") == Strings{"f:3: one", "f:6: two"});
}
