#include "talk/match.h"

#include <doctest/doctest.h>

#include "unit/talk/talking.h"

using namespace wscope;
using namespace std::string_view_literals;
using test::argument;
using test::complaint;
using test::matches;
using test::scripted;

TEST_CASE("on a command line the first characters decide") {
  CHECK(matches(argument(R"(.type == "done" and .id >= 7)"), R"({"type":"done","id":8})"));
  CHECK(matches(argument("not .a"), "{}"));
  CHECK(matches(argument("(.a or .b)"), R"({"b":1})"));
  CHECK(matches(argument("not(.a)"), "{}"));
  CHECK(matches(argument(R"(.["a b"])"), R"({"a b":1})"));
  CHECK(matches(argument(". has 1"), "[1]"));
  CHECK(matches(argument("._x"), R"({"_x":1})"));
  CHECK(matches(argument("/^ready/i"), "READY to go"));
  CHECK(matches(argument("/a.b/is"), "A\nB"));
  CHECK(matches(argument("//"), "anything"));
  CHECK(matches(argument(R"(/a/b\/c/)"), "a/b/c"));
  CHECK(matches(argument("hex:20 02*"), "\x20\x02\x01"sv, true));
  CHECK(matches(argument("connection_ack"), R"({"type":"connection_ack"})"));
  CHECK(matches(argument(R"("id":3\b)"), R"({"id":3})"));
  CHECK(matches(argument("/path"), "GET /path"));
  CHECK(matches(argument("."), "x"));
  CHECK(matches(argument(".*done"), "it is done"));
  CHECK(matches(argument(".(a|b)"), "xa"));
  CHECK(matches(argument("@x"), "a@x"));
  CHECK(matches(argument("len 5"), "len 5"));
  CHECK(matches(argument("note"), "a note"));
  CHECK(matches(argument("(a|b)"), "b"));
  CHECK(matches(argument("{{x}}"), "{{x}}"));
}

TEST_CASE("an expression is about JSON alone") {
  CHECK(!matches(argument("not .a"), "no JSON"));
  CHECK(!matches(argument("not .a"), ""));
  CHECK(!matches(argument("not .a"), "{} {}"));
  CHECK(matches(argument(".a"), " {\"a\":1}\n", true));
  CHECK(!matches(argument("not .a"), "\"\xff\"", true));
}

TEST_CASE("a character of a binary message is a byte") {
  CHECK(matches(argument("^\\xff$"), "\xff", true));
  CHECK(matches(argument("^.$"), "\u00e9"));
  CHECK(!matches(argument("^.$"), "\u00e9", true));
}

TEST_CASE("what looks like an expression and is none is an error with a caret") {
  CHECK(complaint(".type = 'done'") ==
        "expected and, or or a comparison\n  .type = 'done'\n        ^\nhint: == asks whether two values are equal");
  CHECK(complaint(".a == 1 && .b")
            .starts_with("expected and, or or a comparison\n  .a == 1 && .b\n          ^\nhint: and"));
  CHECK(complaint(".a == ").starts_with("expected a value"));
  CHECK(complaint("/(/") == "missing )\n  /(/\n   ^");
  CHECK(complaint("(a").starts_with("missing )"));
  CHECK(complaint("hex:2").starts_with("expected two hex digits"));
  CHECK(complaint("hex:20 xx").starts_with("expected two hex digits"));
  CHECK(complaint("hex:* 20").starts_with("expected two hex digits"));
}

TEST_CASE("bytes may be any") {
  CHECK(matches(argument("hex:20??ff"), "\x20\x01\xff"sv, true));
  CHECK(!matches(argument("hex:20??ff"), "\x20\xff"sv, true));
  CHECK(!matches(argument("hex:20"), "\x20\x01"sv, true));
  CHECK(matches(argument("hex:"), "", true));
  CHECK(matches(argument("hex:*"), "abc"));
  CHECK(matches(argument("hex:61 62 63"), "abc"));
  CHECK(matches(argument("hex:6A6b"), "jk"));
}

TEST_CASE("in a script a string is the whole payload") {
  CHECK(matches(scripted("\"a\\n\""), "a\n"));
  CHECK(!matches(scripted("\"a\""), "ab"));
  CHECK(matches(scripted("'it''"sv.substr(0, 4)), "it"));
  CHECK(matches(scripted("'a' == .x"), R"({"x":"a"})"));
  CHECK(matches(scripted("/a/"), "bab"));
  CHECK(matches(scripted("~ /a/i"), "bAb"));
  CHECK(matches(scripted("like {\"a\":1}"), R"({"a":1,"b":2})"));
  CHECK(matches(scripted("hex: 61 ??"), "ab"));
}

TEST_CASE("a length is in a range") {
  const std::string payload(2048, 'x');
  CHECK(matches(scripted("len 2048"), payload));
  CHECK(matches(scripted("len 2K"), payload));
  CHECK(!matches(scripted("len 2047"), payload));
  CHECK(matches(scripted("len 1K.."), payload));
  CHECK(matches(scripted("len ..1M"), payload));
  CHECK(matches(scripted("len 10..4K"), payload));
  CHECK(!matches(scripted("len ..10"), payload));
  talk::Source source("len 5..2");
  CHECK(!talk::Match::read(source));
  CHECK(source.flaw()->message == "the range ends before it begins");
}

TEST_CASE("a match of a script ends where it cannot go on") {
  const auto rest = [](std::string_view text) {
    talk::Source source(text);
    const auto match = talk::Match::read(source);
    if (!match) return "error: " + source.flaw()->message;
    return match->text() + "|" + std::string(source.rest());
  };
  CHECK(rest(".a == 1   within 2") == ".a == 1|   within 2");
  CHECK(rest(".a within 2") == ".a| within 2");
  CHECK(rest("\"x\" within 2") == "\"x\"| within 2");
  CHECK(rest("/x/ skip /y/") == "/x/| skip /y/");
  CHECK(rest("hex:20 02 skip /y/") == "hex:20 02| skip /y/");
  CHECK(rest("@file.txt within 2") == "@file.txt| within 2");
  CHECK(rest("len 5..10 within 2") == "len 5..10| within 2");
}

TEST_CASE("the contents of a file are the whole payload") {
  talk::Match match = scripted("@name");
  REQUIRE(match.file() != nullptr);
  CHECK(*match.file() == "name");
  match.set_file("\xff");
  CHECK(match.file() == nullptr);
  CHECK(matches(match, "\xff", true));
  CHECK(!matches(match, "x"));
}

TEST_CASE("an equals sign behind a match splits what it is from a text") {
  const auto split = [](std::string_view text) {
    talk::Source source(text);
    const auto match = talk::Match::read_before_equals(source);
    if (!match) return std::to_string(source.flaw()->at) + " " + source.flaw()->message + " " + source.flaw()->hint;
    source.take("=");
    return match->text() + "|" + std::string(source.rest());
  };
  CHECK(split("^2$=3") == "^2$|3");
  CHECK(split(R"(.method == "add"={"id":{{.id|json}}})") == R"(.method == "add"|{"id":{{.id|json}}})");
  CHECK(split(".ready=go=1") == ".ready|go=1");
  CHECK(split("/a=b/i=c") == "/a=b/i|c");
  CHECK(split("a\\=b=c") == "a\\=b|c");
  CHECK(split("hex:20*=x") == "hex:20*|x");
  CHECK(split("a=") == "a|");
  CHECK(split("=x") == "|x");
  CHECK(split("a =b") == "2 a blank stands before this = ==");
  CHECK(split(".a = 1") == "3 a blank stands before this = ==");
  CHECK(split("a") == "1 expected =TEXT behind the match ");
  CHECK(split("(=x") == "0 missing ) ");
}

TEST_CASE("the groups of a match are there for templates") {
  const talk::Match match = argument(R"("session":"(?P<session>\w+)(x)?")");
  const std::string payload = R"({"session":"abc"})";
  const auto groups = match.groups(talk::Message(base::as_bytes(payload), false));
  REQUIRE(groups.size() == 3);
  CHECK(groups[0] == R"("session":"abc")");
  CHECK(groups[1] == "abc");
  CHECK(groups[2] == std::nullopt);
  CHECK(match.group_count() == 2);
  CHECK(match.group_names() == std::vector<std::pair<std::string, std::size_t>>{{"session", 1}});
  CHECK(argument(".a").groups(talk::Message(base::as_bytes("[1]"sv), false)).front() == "[1]");
}

TEST_CASE("values go into a match") {
  const test::KnownNames names({{"x", test::text_value("a*")}});
  const auto filled = [&names](std::string_view text) {
    auto match = scripted(text).fill(names);
    if (!match) FAIL(match.error().message);
    return std::move(match).value();
  };
  CHECK(scripted("/^{{x}}$/").names().size() == 1);
  CHECK(matches(filled("/^{{x}}$/"), "a*"));
  CHECK(!matches(filled("/^{{x}}$/"), "aa"));
  CHECK(matches(filled("\"<{{x}}>\""), "<a*>"));
  CHECK(matches(filled("'<{{x}}>'"), "<a*>"));
  CHECK(matches(filled(".v == {{x}}"), R"({"v":"a*"})"));
  CHECK(matches(filled("len 2"), "ab"));
  CHECK(matches(filled("hex:61*"), "ab"));
  CHECK(!scripted("/{{y}}/").fill(names).ok());
}

TEST_CASE("values go into bytes, lengths and names of files, as digits and nothing more") {
  const test::KnownNames names({{"x", test::text_value("6162")},
                                {"n", test::json_value("2")},
                                {"star", test::text_value("61*")},
                                {"odd", test::text_value("6")},
                                {"none", test::text_value("")},
                                {"file", test::text_value("a b")}});
  const auto filled = [&names](std::string_view text) {
    auto match = scripted(text).fill(names);
    if (!match) FAIL(match.error().message);
    return std::move(match).value();
  };
  const auto wrong = [&names](std::string_view text) {
    const auto match = scripted(text).fill(names);
    return match ? "" : match.error().message;
  };
  CHECK(!matches(scripted("hex:{{x}}"), "ab"));
  CHECK(scripted("hex:{{x}} {{n}}").names().size() == 2);
  CHECK(matches(filled("hex:{{x}}"), "ab"));
  CHECK(matches(filled("hex: 00 {{ x }}??*"), "\0abcd"sv));
  CHECK(!matches(filled("hex: 00 {{x}}"), "\0abc"sv));
  CHECK(matches(filled("len {{n}}"), "ab"));
  CHECK(matches(filled("len {{n}}..{{n}}K"), std::string(2048, 'a')));
  CHECK(!matches(filled("len ..{{n}}"), "abc"));
  CHECK(*filled("@dir/{{file}}.json").file() == "dir/a b.json");
  CHECK(scripted("@dir/{{file}}.json").file() == nullptr);
  CHECK(wrong("hex:{{star}}") == "{{star}} is not pairs of hex digits");
  CHECK(wrong("hex:{{odd}}") == "{{odd}} is not pairs of hex digits");
  CHECK(wrong("hex:{{none}}") == "{{none}} is not pairs of hex digits");
  CHECK(wrong("len {{star}}") == "{{star}} is not a number");
  CHECK(wrong("len 5..{{n}}") == "the range ends before it begins");
  CHECK(wrong("len {{n}} 3") == "this is no part of it");
  CHECK(wrong("hex:{{y}}") == "there is nothing for {{y}}");
  CHECK(matches(talk::Match::parse_argument("hex:{{x}}", talk::Source::Names::filled_in)->fill(names).value(), "ab"));
  for (const std::string_view text : {"hex:{{x y}}", "len {{|}}", "@{{x"}) {
    talk::Source source(text, talk::Source::Names::filled_in);
    CHECK(!talk::Match::read(source));
    CHECK(source.flaw());
  }
}

TEST_CASE("an expression says what it has looked at in a message that does not match") {
  const auto explained = [](std::string_view match, std::string_view payload) {
    return scripted(match).explain(talk::Message(base::as_bytes(payload), false));
  };
  CHECK(explained(R"(.type == "ack")", R"({"type":"error"})") == R"(.type is "error")");
  CHECK(explained(R"(.type == "ack" and .id > 3)", R"({"type":"ack","id": 2})") == ".id is 2");
  CHECK(explained(R"(.a == 1 or .b == 1)", R"({"b":[1, 2]})") == ".a is missing");
  CHECK(explained("not .a", R"({"a":{ "x": 1 }})") == R"(.a is {"x":1})");
  CHECK(explained(".a == 1", "no JSON") == "");
  CHECK(explained("/x/", "{}") == "");
}
