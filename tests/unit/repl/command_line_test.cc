#include "repl/command_line.h"

#include <doctest/doctest.h>

using namespace wscope;
using Items = std::vector<std::string_view>;

TEST_CASE("a list has items between separators") {
  CHECK(repl::items_of("", ',').empty());
  CHECK(repl::items_of("-H,--header", ',') == Items{"-H", "--header"});
  CHECK(repl::items_of("wait|close|hold", '|') == Items{"wait", "close", "hold"});
  static_assert(repl::is_in_list("-H", "-H,--header", ','));
  static_assert(repl::is_in_list("--header", "-H,--header", ','));
  static_assert(!repl::is_in_list("--head", "-H,--header", ','));
  static_assert(!repl::is_in_list("", "-H,--header", ','));
  static_assert(!repl::is_in_list("", "", ','));
}

TEST_CASE("an option is known by all its names, and takes the next word if its value is not in its own") {
  const repl::Option header{.names = "-H,--header", .kind = repl::ValueKind::text_or_file};
  CHECK(header.is_named("-H"));
  CHECK(header.is_named("--header"));
  CHECK(!header.is_named("header"));
  CHECK(header.takes_next_word());
  const repl::Option again{.names = "--reconnect", .kind = repl::ValueKind::number, .value_optional = true};
  CHECK(!again.takes_next_word());
  CHECK(!repl::Option{.names = "--echo"}.takes_next_word());
}
