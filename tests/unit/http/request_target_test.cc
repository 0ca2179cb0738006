#include "http/request_target.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace wscope::http;

TEST_CASE("a path is taken as it is") {
  for (const char* text : {"/", "/chat?room=1", "//evil.example/x", "/?/", "/http://a"}) {
    CAPTURE(text);
    const auto target = split_target(text);
    REQUIRE(target.has_value());
    CHECK_FALSE(target->authority.has_value());
    CHECK(target->path_and_query == text);
  }
  CHECK(split_target("/chat?room=1")->path() == "/chat");
  CHECK(split_target("/?/chat")->path() == "/");
}

TEST_CASE("a URL says whom it asks") {
  constexpr struct {
    std::string_view text, authority, rest, path;
  } rows[] = {
      {"http://a.example/chat?b", "a.example", "/chat?b", "/chat"},
      {"HTTPS://a.example:8443", "a.example:8443", "/", "/"},
      {"ws://a.example?b/c", "a.example", "/?b/c", "/"},
      {"wss://u:p@a.example/", "u:p@a.example", "/", "/"},
      {"http://", "", "/", "/"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto target = split_target(row.text);
    REQUIRE(target.has_value());
    REQUIRE(target->authority.has_value());
    CHECK(*target->authority == row.authority);
    CHECK(target->path_and_query == row.rest);
    CHECK(target->path() == row.path);
  }
}

TEST_CASE("anything else is no target of a GET") {
  for (const char* text : {"", "*", "chat", "a.example:80", "?b", "http:/a", "ftp://a/", "/a#b", "http://a/#b", ":/"}) {
    CAPTURE(text);
    CHECK_FALSE(split_target(text).has_value());
  }
}
