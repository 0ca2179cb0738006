#include "serve/www_conditions.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace std::chrono_literals;

namespace {

// An example of RFC 9110.
constexpr serve::FileTime then(784111777s);

bool not_modified(const http::Headers& request, serve::FileTime changed = then + 500ms) {
  return serve::is_not_modified(request, "\"7-1\"", changed);
}

}  // namespace

TEST_CASE("a tag is size and time") {
  CHECK(serve::entity_tag(7, serve::FileTime(1s + 2ns)) == "\"7-1000000002\"");
  CHECK(serve::entity_tag(0, serve::FileTime(-1ns)) == "\"0--1\"");
}

TEST_CASE("a date is written as HTTP has it") {
  CHECK(serve::write_http_date(then) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(serve::write_http_date(then + 999ms) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(serve::write_http_date(serve::FileTime(0s)) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(serve::write_http_date(serve::FileTime(-1ns)) == "Wed, 31 Dec 1969 23:59:59 GMT");
  CHECK(serve::write_http_date(serve::FileTime(951782400s)) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("a tag is found in a list, weak or not") {
  const struct {
    const char* list;
    bool named;
  } rows[] = {
      {"\"7-1\"", true},
      {"W/\"7-1\"", true},
      {"\"a\", \"7-1\"", true},
      {"\"a\",W/\"b,c\" ,, \"7-1\" ,", true},
      {"\t\"7-1\"", true},
      {"*", true},
      {" * ", true},
      {"\"7-2\"", false},
      {"7-1", false},
      {"\"7-1", false},
      {"w/\"7-1\"", false},
      {"W/ \"7-1\"", false},
      {"x, \"7-1\"", false},
      {"*, \"a\"", false},
      {"\"\"", false},
      {"", false},
      {",", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.list);
    CHECK(serve::names_tag(row.list, "\"7-1\"") == row.named);
  }
}

TEST_CASE("a file is not modified by its tag, or else by its date") {
  CHECK_FALSE(not_modified({}));
  CHECK(not_modified({{"If-None-Match", "\"7-1\""}}));
  CHECK(not_modified({{"If-None-Match", "\"a\""}, {"If-None-Match", "\"7-1\""}}));
  CHECK(not_modified({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}));
  CHECK(not_modified({{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:38 GMT"}}));
  CHECK(not_modified({{"If-Modified-Since", "Sun Nov  6 08:49:37 1994"}}));
  CHECK_FALSE(not_modified({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}}));
  CHECK_FALSE(not_modified({{"If-Modified-Since", "yesterday"}}));
  // The tag decides.
  CHECK_FALSE(not_modified({{"If-None-Match", "\"a\""}, {"If-Modified-Since", "Sun, 06 Nov 2094 08:49:37 GMT"}}));
  CHECK(not_modified({{"If-None-Match", "\"7-1\""}, {"If-Modified-Since", "Sun, 06 Nov 1904 08:49:37 GMT"}}));
}
