#include "ws/status.h"

#include <doctest/doctest.h>

#include <set>

using namespace wscope::ws;

TEST_CASE("every status has words of its own") {
  std::set<std::string_view> words;
  for (unsigned status = 0; status <= static_cast<unsigned>(Status::output_full); ++status) {
    words.insert(describe(static_cast<Status>(status)));
  }
  CHECK(words.size() == static_cast<std::size_t>(Status::output_full) + 1);
  CHECK(words.count("unknown") == 0);
  CHECK(describe(Status::ok) == "ok");
  CHECK(describe(Status{99}) == "unknown");
}
