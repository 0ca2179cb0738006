#include <doctest/doctest.h>

#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using test::flaw;
using test::parsed;

namespace {

std::string in_script(const std::string& statement) { return flaw("connect echo:\n" + statement); }

Expect expectation(const std::string& statement) {
  Script script = parsed("connect echo:\n" + statement);
  return std::move(std::get<Expect>(script.statements[1].does));
}

}  // namespace

TEST_CASE("an expectation has a kind, a match and a time, of which all may be missing") {
  const Expect bare = expectation("expect");
  CHECK(bare.wanted.kind == Kind::message);
  CHECK(!bare.wanted.match);
  CHECK(!bare.within);
  const Expect full = expectation("next json .a == 1 and .b within 2.5 skip /x/");
  CHECK(full.next);
  CHECK(full.wanted.kind == Kind::json);
  CHECK(full.wanted.match->text() == ".a == 1 and .b");
  CHECK(full.within);
  CHECK(full.skip);
  CHECK(full.wanted.text == "json .a == 1 and .b");
  CHECK(expectation("expect \"x\"  within 2").wanted.match->text() == "\"x\"");
  CHECK(expectation("expect text ~ /a b/i").wanted.kind == Kind::text);
  CHECK(expectation("expect len 3..").wanted.match);
  CHECK(expectation("expect binary hex: 00 ff* within 1").within);
  CHECK(expectation("expect like {\"a\":\"*\"} within 1").wanted.match->text() == "like {\"a\":\"*\"}");
}

TEST_CASE("some kinds have an argument") {
  CHECK(expectation("expect close 1000").wanted.argument);
  CHECK(expectation("expect close 4000..4999 \"bye\" within 1").wanted.match);
  CHECK(!expectation("expect close /bye/").wanted.argument);
  CHECK(expectation("expect open protocol=chat").wanted.argument->parts().front().text == "chat");
  CHECK(expectation("expect refused 403 /denied/").wanted.argument);
  CHECK(expectation("expect error tls").wanted.argument);
  CHECK(!expectation("expect error within 1").wanted.argument);
  CHECK(in_script("expect close 70000") == "2:14: expected a code or A..B, not \"70000\"");
  CHECK(in_script("expect close 5..4") == "2:14: the range ends before it begins");
  CHECK(in_script("expect error bogus").starts_with("2:14: expected dns, connect"));
}

TEST_CASE("what cannot be expected is told where") {
  CHECK(in_script("expect json .a = 1") == "2:16: expected within S (== asks whether two values are equal)");
  CHECK(in_script("expect banana").ends_with("(a text is in quotes)"));
  CHECK(in_script("expect /(/") != "none");
  CHECK(in_script("expect text \"a\" skip /x/") == "2:17: expected within S (a text is in quotes)");
  CHECK(in_script("expect text within") == "2:19: expected seconds");
  CHECK(in_script("expect text within x") == "2:20: expected seconds, not \"x\"");
  CHECK(in_script("next none") == "2:6: next wants something; expect none waits for nothing");
  CHECK(in_script("expect none /x/") == "2:13: none has no match");
  CHECK(in_script("expect @nowhere") == "2:8: dir/nowhere: no such file or directory");
  CHECK(in_script("expect {{x}}").find("{{x}} stands for nothing") != std::string::npos);
  CHECK(in_script("capture x = .a") == "2:1: nothing was matched by then");
  CHECK(in_script("snapshot a") == "2:1: nothing was matched by then");
  CHECK(in_script("check .a ==") != "none");
  CHECK(in_script("expect\nsnapshot a except b") != "none");
}

TEST_CASE("a document is a string, or a value within an expression") {
  const auto matches = [](const Expect& expect, std::string_view text) {
    return expect.wanted.match->matches(talk::Message(base::as_bytes(text), false));
  };
  const Expect string = expectation("expect <<EOF\n  a \"b\"\n  c\n  EOF");
  CHECK(matches(string, "a \"b\"\nc"));
  const Expect json = expectation("expect json like <<EOF\n{\"a\":\n \"*\"}\nEOF");
  CHECK(matches(json, R"({"a":1,"b":2})"));
  CHECK(!matches(json, R"({"b":2})"));
}

TEST_CASE("a file that is expected is read with the script") {
  const Script script = parsed("connect echo:\nexpect @data.bin", {{"dir/data.bin", "content"}});
  const Expect& expect = std::get<Expect>(script.statements[1].does);
  CHECK(expect.wanted.match->matches(talk::Message(base::as_bytes("content"), true)));
}

TEST_CASE("names are known from where they are given") {
  CHECK(in_script("expect /(?P<who>a)(b)/\nsend {{who}} {{2}} {{0}}") == "none");
  CHECK(in_script("expect /(a)/\nsend {{2}}") == "3:6: there is no group 2");
  CHECK(in_script("expect json\nsend {{.a}}\ncapture x = .a\ncheck {{x}} > 0") == "none");
  CHECK(in_script("send {{.a}}") == "2:6: no message was matched by then");
  CHECK(in_script("expect\nexpect {{y}}").find("{{y}} stands for nothing") != std::string::npos);
}
