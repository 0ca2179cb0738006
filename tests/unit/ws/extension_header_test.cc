#include "ws/extension_header.h"

#include <doctest/doctest.h>

#include "http/headers.h"

using namespace wscope;
using namespace wscope::ws;

namespace {

constexpr auto no_value = std::nullopt;

}  // namespace

TEST_CASE("extensions are read with their parameters") {
  struct Row {
    std::string_view value;
    std::vector<ExtensionElement> elements;
  };
  const Row rows[] = {
      {"foo", {{"foo", {}}}},
      {"foo, bar", {{"foo", {}}, {"bar", {}}}},
      {"foo; name; token=token; quoted=\"q-s\", bar; q",
       {{"foo", {{"name", no_value}, {"token", "token"}, {"quoted", "q-s"}}}, {"bar", {{"q", no_value}}}}},
      {",\t, ,  ,foo  ;bar = 42,,   baz,,", {{"foo", {{"bar", "42"}}}, {"baz", {}}}},
      {"foo; bar=\"b\\az\"", {{"foo", {{"bar", "baz"}}}}},
      {"foo;a;a;a=1", {{"foo", {{"a", no_value}, {"a", no_value}, {"a", "1"}}}}},
      {"foo ; a\t=\t\"1\" ; b , foo", {{"foo", {{"a", "1"}, {"b", no_value}}}, {"foo", {}}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    const auto parsed = parse_extensions(row.value);
    REQUIRE(parsed.ok());
    CHECK(*parsed == row.elements);
    // Written and read again it is the same.
    const auto again = parse_extensions(write_extensions(row.elements));
    REQUIRE(again.ok());
    CHECK(*again == row.elements);
  }
}

TEST_CASE("what is not in the grammar of section 9.1 is an error that says where") {
  constexpr struct {
    std::string_view value, message;
  } rows[] = {
      {"", "expected a token at 0"},
      {",\t,", "expected a token at 3"},
      {"foo;", "expected a token at 4"},
      {"foo; bar;", "expected a token at 9"},
      {"foo; bar=", "expected a token at 9"},
      {"foo; bar=\"baz", ""},
      {"foo; bar=\" \"", ""},
      {"foo; bar=\"\"", ""},
      {"foo; bar=\"a,b\"", ""},
      {"foo bar", ""},
      {"foo; a b", ""},
      {"foo; a=b c", ""},
      {"foo; =b", "expected a token at 5"},
      {"foo=1", ""},
      {"\"foo\"", "expected a token at 0"},
      {"f\xc3\xb6", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.value);
    const auto parsed = parse_extensions(row.value);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().kind == base::ErrorKind::http);
    if (!row.message.empty()) CHECK(parsed.error().message == row.message);
  }
}

TEST_CASE("several lines mean the same as one") {
  http::Headers headers;
  headers.add("Sec-WebSocket-Extensions", "foo; a=1,");
  headers.add("sec-websocket-extensions", "bar");
  headers.add("Sec-WebSocket-Extensions", "foo; a=2");
  const auto parsed = parse_extensions(*headers.joined("Sec-WebSocket-Extensions"));
  REQUIRE(parsed.ok());
  CHECK(*parsed == std::vector<ExtensionElement>{{"foo", {{"a", "1"}}}, {"bar", {}}, {"foo", {{"a", "2"}}}});
}

TEST_CASE("parameters can be read alone") {
  struct Row {
    std::string_view text;
    ExtensionParameters parameters;
  };
  const Row rows[] = {
      {"", {}},
      {"  ", {}},
      {"a", {{"a", no_value}}},
      {" server_max_window_bits=10; client_no_context_takeover ",
       {{"server_max_window_bits", "10"}, {"client_no_context_takeover", no_value}}},
      {"a=\"1\";b", {{"a", "1"}, {"b", no_value}}},
      {"a=1;", {{"a", "1"}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_extension_parameters(row.text);
    REQUIRE(parsed.ok());
    CHECK(*parsed == row.parameters);
  }
  for (const std::string_view text : {";", "a,b", "a b", "a=", "a=;", "a=\"b", "=1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_extension_parameters(text).ok());
  }
}

TEST_CASE("extensions are written as they are read") {
  const ExtensionElement foo{"foo", {{"a", no_value}, {"b", "1"}}};
  CHECK(write_extension(foo) == "foo; a; b=1");
  CHECK(write_extensions({foo, {"bar", {}}}) == "foo; a; b=1, bar");
  CHECK(write_extensions({}).empty());
}
