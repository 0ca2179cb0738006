#include "serve/token_table.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

using namespace wscope;
using serve::TokenTable;

namespace {

std::string error_of(std::string_view text) {
  const auto table = TokenTable::parse(text);
  REQUIRE_FALSE(table);
  CHECK(table.error().kind == base::ErrorKind::usage);
  return table.error().message;
}

std::string target_of(const TokenTable& table, std::string_view token) {
  const serve::Target* const target = table.find(token);
  return target != nullptr ? target->text() : "none";
}

}  // namespace

TEST_CASE("a file has a token and a target a line") {
  const auto table = TokenTable::parse(
      "# the machines\n"
      "vm1: 10.0.0.1:5901\r\n"
      "\n"
      "  a.b_c~d-9 :\ttcp:[::1]:22  \n"
      "  # not: this:1\n"
      "last:unix:/run/x y");
  REQUIRE(table);
  CHECK(table->size() == 3);
  CHECK(target_of(*table, "vm1") == "tcp:10.0.0.1:5901");
  CHECK(target_of(*table, "a.b_c~d-9") == "tcp:[::1]:22");
  CHECK(target_of(*table, "last") == "unix:/run/x y");
  CHECK(target_of(*table, "vm") == "none");
  CHECK(target_of(*table, "VM1") == "none");
  CHECK(target_of(*table, "") == "none");
  CHECK(TokenTable::parse("")->size() == 0);
}

TEST_CASE("a bad line is named, and nothing of it shown that may be a token") {
  CHECK(error_of("a: tcp:h:1\nsecret\n") == "line 2: not NAME: TARGET");
  CHECK(error_of("secret token: tcp:h:1").find("line 1: a name has") == 0);
  CHECK(error_of(": tcp:h:1").find("line 1: a name has") == 0);
  CHECK(error_of(std::string(129, 'x') + ": tcp:h:1").find("line 1: a name has") == 0);
  CHECK(error_of("\n\na: tcp:h:1\n\na: tcp:h:2\n") == "line 5: a name that an earlier line has");
  CHECK(error_of("a:\n").find("line 1: not a target") == 0);
  CHECK(error_of("a: tcp:host\n").find("line 1: not a target: no port") == 0);
  CHECK(error_of("a: b: c\n").find("line 1: not a target") == 0);
  CHECK(error_of("a: ws://me:secret@/\n").find("secret") == std::string::npos);
  CHECK(TokenTable::parse(std::string(128, 'x') + ": tcp:h:1"));
}

TEST_CASE("a token is that of the query, or else the last segment of the path") {
  constexpr struct {
    std::string_view target;
    std::optional<std::string_view> token;
  } rows[] = {
      {"/abc", "abc"},
      {"/websockify/abc", "abc"},
      {"/x?token=abc", "abc"},
      {"/x?a=b&token=abc&c", "abc"},
      {"/?token=a%62c", "abc"},
      {"http://host/abc", "abc"},
      {"/a%2Db", "a-b"},
      {"/x?token=a&token=b", std::nullopt},
      {"/x?token=a&token=a", std::nullopt},
      {"/x?token=", std::nullopt},
      {"/x?token", std::nullopt},
      {"/x?tokens=abc", "x"},
      {"/x?Token=abc", "x"},
      {"/", std::nullopt},
      {"/abc/", std::nullopt},
      {"/a%2Fb", std::nullopt},
      {"/a%252Db", std::nullopt},
      {"/a%zz", std::nullopt},
      {"/a%00", std::nullopt},
      {"/..%2f..%2fetc", std::nullopt},
      {"*", std::nullopt},
      {"host:80", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    CHECK(serve::token_of(row.target) == row.token);
  }
  CHECK(serve::token_of("/" + std::string(128, 'x')));
  CHECK_FALSE(serve::token_of("/" + std::string(129, 'x')));
}

TEST_CASE("of a token only the beginning is shown") {
  CHECK(serve::shown_token("abcdefgh") == "abcd\u2026");
  CHECK(serve::shown_token("abcdefghijkl") == "abcd\u2026");
  CHECK(serve::shown_token("abcd") == "ab\u2026");
  CHECK(serve::shown_token("a") == "\u2026");
}
