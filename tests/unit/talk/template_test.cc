#include "talk/template.h"

#include <doctest/doctest.h>

#include "unit/talk/talking.h"

using namespace wscope;
using test::json_value;
using test::text_value;

namespace {

std::string filled(std::string_view text, const test::KnownNames& names = {}) {
  const auto made = talk::Template::parse(text);
  if (!made) return "error: " + made.error().message + "\n" + made.error().excerpt;
  const auto result = made->fill(names);
  return result ? *result : "missing: " + result.error().message;
}

const test::KnownNames known({{"x", text_value("1\"2")},
                              {"token", json_value("\"a\\n\\u00e9\"")},
                              {"number", json_value("1.50")},
                              {"object", json_value("{ \"a\": 1 }")},
                              {".id", json_value("7")},
                              {"0", text_value("whole")},
                              {"12", text_value("twelve")},
                              {"env.HOME", text_value("/root")},
                              {"server.url", text_value("ws://127.0.0.1:1/")}});

}  // namespace

TEST_CASE("values go in as texts") {
  CHECK(filled("plain") == "plain");
  CHECK(filled("{{x}}", known) == "1\"2");
  CHECK(filled("[{{token}}]", known) == "[a\n\u00e9]");
  CHECK(filled("{{number}},{{object}}", known) == "1.50,{ \"a\": 1 }");
  CHECK(filled("{{ .id }}{{0}}{{12}}", known) == "7wholetwelve");
  CHECK(filled("{{env.HOME}} {{server.url}}", known) == "/root ws://127.0.0.1:1/");
}

TEST_CASE("the first closing braces end a name") { CHECK(filled("{\"a\":{{.id}}}", known) == "{\"a\":7}"); }

TEST_CASE("filters make JSON, parts of URLs and base64 of values") {
  CHECK(filled("{{x|json}}", known) == "\"1\\\"2\"");
  CHECK(filled("{{token | json}}", known) == "\"a\\n\\u00e9\"");
  CHECK(filled("{{number|json}}", known) == "1.50");
  CHECK(filled("{{x|url}}", known) == "1%222");
  CHECK(filled("{{token|url}}", known) == "a%0A%C3%A9");
  CHECK(filled("{{0|base64}}", known) == "d2hvbGU=");
}

TEST_CASE("a backslash makes braces what they are, and else is itself") {
  CHECK(filled("\\{{x}}", known) == "{{x}}");
  CHECK(filled("\\n\\{ \\\\", known) == "\\n\\{ \\\\");
  CHECK(filled("{ {x}", known) == "{ {x}");
}

TEST_CASE("a value is not looked at for names") {
  CHECK(filled("{{x}}", test::KnownNames({{"x", text_value("{{y}}")}})) == "{{y}}");
}

TEST_CASE("what is missing is named") {
  CHECK(filled("a{{.no.way|json}}") == "missing: there is nothing for {{.no.way}}");
}

TEST_CASE("names are of kinds") {
  const auto kind = [](std::string_view text) {
    const auto made = talk::Template::parse(text);
    REQUIRE(made.ok());
    return made->parts().front().name->kind;
  };
  using Kind = talk::Name::Kind;
  CHECK(kind("{{x}}") == Kind::variable);
  CHECK(kind("{{.a}}") == Kind::path);
  CHECK(kind("{{1}}") == Kind::group);
  CHECK(kind("{{uuid}}") == Kind::uuid);
  CHECK(kind("{{now}}") == Kind::now);
  CHECK(kind("{{unix}}") == Kind::unix_seconds);
  CHECK(kind("{{unix_ms}}") == Kind::unix_milliseconds);
  CHECK(kind("{{random 1 9}}") == Kind::random);
  CHECK(kind("{{n}}") == Kind::round);
  CHECK(kind("{{now2}}") == Kind::variable);
  const auto random = talk::Template::parse("{{random -5 10|json}}");
  REQUIRE(random.ok());
  CHECK(random->parts().front().name->low == -5);
  CHECK(random->parts().front().name->high == 10);
}

TEST_CASE("what is no name is shown") {
  CHECK(filled("ab{{ }}") == "error: expected a name, a path or the number of a group\n  ab{{ }}\n       ^");
  CHECK(filled("{{x") == "error: expected }}\n  {{x\n     ^");
  CHECK(filled("{{x y}}") == "error: expected }}\n  {{x y}}\n      ^");
  CHECK(filled("{{x|xml}}") == "error: the filters are json, url and base64\n  {{x|xml}}\n      ^");
  CHECK(filled("{{random 9 1}}").starts_with("error: random wants two integers"));
  CHECK(filled("{{.a..b}}").starts_with("error: expected a key"));
}

TEST_CASE("as an operand a text is what it looks like") {
  CHECK(talk::as_operand(text_value("1.0")) == "1.0");
  CHECK(talk::as_operand(text_value("true")) == "true");
  CHECK(talk::as_operand(text_value("null")) == "null");
  CHECK(talk::as_operand(text_value("01")) == "\"01\"");
  CHECK(talk::as_operand(text_value("")) == "\"\"");
  CHECK(talk::as_operand(text_value("[1]")) == "\"[1]\"");
  CHECK(talk::as_operand(text_value("1 ")) == "\"1 \"");
  CHECK(talk::as_operand(json_value("\"1\"")) == "\"1\"");
}
