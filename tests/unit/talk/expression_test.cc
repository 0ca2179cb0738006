#include "talk/expression.h"

#include <doctest/doctest.h>

#include "talk/json_reader.h"
#include "unit/talk/talking.h"

using namespace wscope;

namespace {

bool holds(std::string_view text, std::string_view message) {
  talk::Source source(text);
  const auto expression = talk::Expression::read(source);
  if (!expression) FAIL(std::string(text) << ": " << source.flaw()->message);
  source.skip_blanks();
  CHECK(source.at_end());
  REQUIRE(talk::is_json(message));
  return expression->holds(message);
}

// The column of what is wrong, its words and the hint.
std::string wrong(std::string_view text) {
  talk::Source source(text);
  if (talk::Expression::read(source)) return "nothing, up to " + std::to_string(source.position());
  const talk::Flaw& flaw = *source.flaw();
  return std::to_string(flaw.at) + " " + flaw.message + (flaw.hint.empty() ? "" : "; " + flaw.hint);
}

}  // namespace

TEST_CASE("a value alone is true unless missing, null or false") {
  CHECK(holds(".a", R"({"a":0})"));
  CHECK(holds(".a", R"({"a":""})"));
  CHECK(holds(".a", R"({"a":[]})"));
  CHECK(!holds(".a", R"({"a":null})"));
  CHECK(!holds(".a", R"({"a":false})"));
  CHECK(!holds(".a", R"({})"));
  CHECK(holds(".[]", "[null,1]"));
  CHECK(!holds(".[]", "[null,false]"));
}

TEST_CASE("or binds after and, and after not") {
  CHECK(holds(".a or .b and .c", R"({"a":1})"));
  CHECK(!holds("(.a or .b) and .c", R"({"a":1})"));
  CHECK(holds("not .a and .b", R"({"b":1})"));
  CHECK(!holds("not (.a or .b)", R"({"b":1})"));
  CHECK(holds("not not .a", R"({"a":1})"));
  CHECK(holds("not .a == 1", R"({"a":2})"));
  CHECK(holds("not.a or(.b)", R"({"b":1})"));
  CHECK(holds(" ( .a==1 ) ", R"({"a":1})") == true);
}

TEST_CASE("values are equal by what they are") {
  CHECK(holds(R"(.type == "done" and .id >= 7)", R"({"type":"done","id":7.0})"));
  CHECK(holds(".a == 'it is'", R"({"a":"it is"})"));
  CHECK(holds(".a == 10e-1", R"({"a":1})"));
  CHECK(holds(".a==-1", R"({"a":-1})"));
  CHECK(holds(R"(.a == {"y":[1],"x":null})", R"({"a":{"x":null,"y":[1.0]}})"));
  CHECK(holds(".a == .b", R"({"a":[1],"b":[1]})"));
  CHECK(holds(". == true", "true"));
  CHECK(holds("7 == .a", R"({"a":7})"));
  CHECK(!holds(".a == 1", R"({"a":"1"})"));
  CHECK(holds(".a != 1", R"({"a":2})"));
  CHECK(holds(".a != 1", R"({})"));
}

TEST_CASE("null is what is missing to ==, but not to is") {
  CHECK(holds(".a == null", "{}"));
  CHECK(holds(".a == null", R"({"a":null})"));
  CHECK(!holds(".a != null", "{}"));
  CHECK(holds(".a is null", R"({"a":null})"));
  CHECK(!holds(".a is null", "{}"));
  CHECK(holds(".a is missing", "{}"));
  CHECK(!holds(".a is missing", R"({"a":null})"));
  CHECK(holds(".a[0].b is missing", R"({"a":5})"));
}

TEST_CASE("numbers and strings are in order, others are not") {
  CHECK(holds(".a < 2", R"({"a":1.9})"));
  CHECK(holds(".a <= 2", R"({"a":2})"));
  CHECK(holds(".a > 9007199254740992", R"({"a":9007199254740993})"));
  CHECK(holds(".a >= 'b'", R"({"a":"b"})"));
  CHECK(!holds(".a < 2", R"({"a":"1"})"));
  CHECK(!holds(".a >= 2", R"({"a":"3"})"));
  CHECK(!holds(".a < 2", "{}"));
  CHECK(!holds(".a <= null", R"({"a":null})"));
}

TEST_CASE("a regular expression is sought in a string") {
  CHECK(holds(".a ~ /^re.dy$/", R"({"a":"ready"})"));
  CHECK(holds(".a ~ /READY/i", R"({"a":"ready"})"));
  CHECK(holds(".a ~ /a.b/s", R"({"a":"a\nb"})"));
  CHECK(holds(R"(.a ~ /^\/x\/$/)", R"({"a":"/x/"})"));
  CHECK(!holds(".a ~ /1/", R"({"a":1})"));
  CHECK(holds(".a !~ /1/", R"({"a":1})"));
  CHECK(holds(".a !~ /1/", "{}"));
  CHECK(holds(".a~/b/ and .c", R"({"a":"b","c":1})"));
}

TEST_CASE("has looks into arrays, objects and strings") {
  CHECK(holds(".a has 2", R"({"a":[1,2.0]})"));
  CHECK(holds(R"(.a has {"x":1})", R"({"a":[{"x":1}]})"));
  CHECK(holds(".a has 'k'", R"({"a":{"\u006b":null}})"));
  CHECK(holds(".a has 'ea'", R"({"a":"read"})"));
  CHECK(holds(".a has .b", R"({"a":["x"],"b":"x"})"));
  CHECK(!holds(".a has 3", R"({"a":[1,2]})"));
  CHECK(!holds(".a has 1", R"({"a":"1"})"));
  CHECK(!holds(".a has 'x'", "{}"));
  CHECK(!holds(".a has .b", R"({"a":[null]})"));
}

TEST_CASE("count is that of an array or object") {
  CHECK(holds(".a count == 2", R"({"a":[1,2]})"));
  CHECK(holds(".a count>1.5", R"({"a":{"x":1,"y":2}})"));
  CHECK(!holds(".a count == 2", R"({"a":{"x":1,"x":2}})"));
  CHECK(!holds(".a count >= 0", R"({"a":"text"})"));
  CHECK(!holds(".a count >= 0", "{}"));
  CHECK(holds(".a count != 1", R"({"a":[]})"));
}

TEST_CASE("types are those of JSON, and integer") {
  CHECK(holds(".a is string", R"({"a":"1"})"));
  CHECK(holds(".a is number", R"({"a":1.5})"));
  CHECK(holds(".a is integer", R"({"a":1.0})"));
  CHECK(!holds(".a is integer", R"({"a":1.5})"));
  CHECK(holds(".a is boolean", R"({"a":false})"));
  CHECK(holds(".a is array", R"({"a":[]})"));
  CHECK(holds(".a is object", R"({"a":{}})"));
  CHECK(!holds(".a is string", "{}"));
}

TEST_CASE("like compares with what is shown") {
  CHECK(holds(R"(like {"type":"done","id":"*"})", R"({"type":"done","id":7,"more":1})"));
  CHECK(holds(R"(.a like [{"x":1}])", R"({"a":[{"x":1,"y":2}]})"));
  CHECK(!holds(R"(.a like "*")", "{}"));
  CHECK(holds(R"(.a like "*")", R"({"a":null})"));
  CHECK(holds(R"(not like {"b":"*"})", "{}"));
}

TEST_CASE("of several parts one is enough") {
  CHECK(holds(".a[].x == 2", R"({"a":[{"x":1},{"x":2}]})"));
  CHECK(!holds(".a[].x != 2", R"({"a":[{"x":1},{"x":2}]})"));
  CHECK(holds(".a[] > 1", R"({"a":["z",0,2]})"));
  CHECK(!holds(".a[] > 2", R"({"a":["z",0,2]})"));
  CHECK(holds(".a[] ~ /b/", R"({"a":[1,"abc"]})"));
  CHECK(holds(".a[].x is missing", R"({"a":[{"x":1},{}]})"));
  CHECK(holds(".a[] == .b[]", R"({"a":[1,{"k":[2]}],"b":[3,{"k":[2.0]}]})"));
  CHECK(!holds(".a[] == .b[]", R"({"a":[1],"b":[2]})"));
  CHECK(holds(".a[] < .b[]", R"({"a":[5,2],"b":[1,3]})"));
  CHECK(!holds(".a[] < .b[]", R"({"a":[5,3],"b":[1,3]})"));
  CHECK(holds(".a[] >= .b[]", R"({"a":[1,"x"],"b":[7,"x"]})"));
  CHECK(holds("1 == .a[]", R"({"a":[2,1]})"));
}

TEST_CASE("of equal keys the last counts") {
  CHECK(holds(".a == 2", R"({"a":1,"a":2})"));
  CHECK(!holds(".a == 1", R"({"a":1,"a":2})"));
}

TEST_CASE("time is linear in a message, whatever it holds") {
  std::string one = "1";
  std::string other = "2";
  for (int i = 0; i < 50'000; ++i) {
    one += ",1";
    other += ",{\"a\":[2]}";
  }
  const std::string message = R"({"a":[)" + one + R"(],"b":[)" + other + "]}";
  CHECK(!holds(".a[] == .b[]", message));
  CHECK(!holds(".a has .b", message));
  CHECK(!holds(".b has .b", message));
  CHECK(!holds(".a[] > .b[]", message));
  CHECK(!holds(".b[] == .b", message));
  const std::string part(50'000, 'a');
  CHECK(!holds(".a has .b", R"({"a":")" + part + part + R"(","b":")" + part + R"(b"})"));
}

TEST_CASE("what is wrong is said where it is") {
  CHECK(wrong(".a = 1") == "nothing, up to 2");
  CHECK(wrong("(.a = 1)") == "4 expected and, or, ) or a comparison; == asks whether two values are equal");
  CHECK(wrong("(.a && .b)") == "4 expected and, or, ) or a comparison; and");
  CHECK(wrong(".a == ") == "6 expected a value: a path such as .type, a string, a number, true, false or null");
  CHECK(wrong(".a == done") == "6 expected a value: a path such as .type, a string, a number, true, false or null");
  CHECK(wrong(".a == 'x") == "6 this quote has no end");
  CHECK(wrong(".a == \"x") == "6 this string has no end");
  CHECK(wrong(".a == {\"x\":}") == "11 this is not JSON");
  CHECK(wrong(".a == [1") == "6 this value has no end");
  CHECK(wrong(".a ~ x") == "5 expected a regular expression between slashes: /.../");
  CHECK(wrong(".a ~ /x") == "5 this regular expression has no closing slash");
  CHECK(wrong(".a ~ /(/") == "6 missing )");
  CHECK(wrong(".a ~ /x/g") == "8 behind the slash there may be i and s");
  CHECK(wrong(".a is text").starts_with("6 expected string, number"));
  CHECK(wrong(".a count 3").starts_with("9 expected == or another comparison"));
  CHECK(wrong(".a count == '3'") == "12 count is compared with a number");
  CHECK(wrong(".a has .b[]") == "6 has takes one value on its right, not several of []");
  CHECK(wrong(".a like .b") == "8 like takes JSON, in which \"*\" is anything");
  CHECK(wrong("(.a") == "0 this ( has no )");
  CHECK(wrong(".a and") == "6 expected a value: a path such as .type, a string, a number, true, false or null");
  CHECK(wrong("") == "0 expected a value: a path such as .type, a string, a number, true, false or null");
}

TEST_CASE("no nesting is too deep for the stack") {
  CHECK(wrong(std::string(100'000, '(')).ends_with("nested too deeply"));
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  CHECK(wrong(nots + ".a").ends_with("nested too deeply"));
}

TEST_CASE("names are values, never syntax") {
  const auto filled = [](std::string_view text, const test::KnownNames& names, std::string_view message) {
    talk::Source source(text, talk::Source::Names::filled_in);
    const auto expression = talk::Expression::read(source);
    if (!expression) FAIL(source.flaw()->message);
    CHECK(expression->has_names());
    const auto ready = expression->fill(names);
    REQUIRE(ready.ok());
    return ready->holds(message);
  };
  const test::KnownNames names({{"text", test::text_value("a\" or .b")},
                                {"digits", test::text_value("42")},
                                {"json", test::json_value(R"({"k":[1]})")},
                                {"dots", test::text_value("a.b")}});
  CHECK(filled(".a == {{text}}", names, R"({"a":"a\" or .b"})"));
  CHECK(filled(".a == {{digits}}", names, R"({"a":42.0})"));
  CHECK(!filled(".a == \"{{digits}}\"", names, R"({"a":42})"));
  CHECK(filled(".a == \"{{digits}}\"", names, R"({"a":"42"})"));
  CHECK(filled(".a == 'x{{digits}}'", names, R"({"a":"x42"})"));
  CHECK(filled(".a == {{json}}", names, R"({"a":{"k":[1]}})"));
  CHECK(filled(R"(like {"a":{{json}},"b":"{{text}}!"})", names, R"({"a":{"k":[1]},"b":"a\" or .b!"})"));
  CHECK(filled(".a ~ /^{{dots}}$/", names, R"({"a":"a.b"})"));
  CHECK(!filled(".a ~ /^{{dots}}$/", names, R"({"a":"axb"})"));
  CHECK(filled("{{digits}} > 41", names, "{}"));
}
