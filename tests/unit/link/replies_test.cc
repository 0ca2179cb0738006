#include "link/replies.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace wscope;
using namespace std::chrono_literals;
using link::ReplyRule;

namespace {

link::Saying saying(std::string_view text) {
  return {{ws::Opcode::text, std::string(text)}, talk::Template::parse(text).value()};
}

struct Answering {
  void add(std::string_view match, std::string_view text) {
    rules.push_back(ReplyRule{talk::Match::parse_argument(match).value(), saying(text)});
  }
  std::string hear(std::string_view text, base::TimePoint now = {}) {
    if (!replies) replies.emplace(rules, random, &variables);
    const auto answer = replies->answer({base::as_bytes(text), true}, {}, now);
    if (!answer) return "error: " + answer.error().message;
    return *answer ? std::to_string((*answer)->rule) + " " + (*answer)->message.payload : "nothing";
  }

  std::vector<ReplyRule> rules;
  base::SystemRandom random;
  link::Recollection variables{random};
  std::optional<link::Replies> replies;
};

}  // namespace

TEST_CASE("the first rule that matches answers") {
  Answering answering;
  answering.add("^2$", "3");
  answering.add("2", "two");
  answering.add(".id", "{{.id|json}} {{n}}");
  CHECK(answering.hear("2") == "1 3");
  CHECK(answering.hear("22") == "2 two");
  CHECK(answering.hear("{\"id\":\"x\"}") == "3 \"x\" 1");
  CHECK(answering.hear("{\"id\":7}") == "3 7 2");
  CHECK(answering.hear("x") == "nothing");
}

TEST_CASE("an answer that cannot be made is none") {
  Answering answering;
  answering.add("a", "{{.id}}");
  answering.add("(?s).", "{{0}}");
  CHECK(answering.hear("a") == "error: there is nothing for {{.id}}");
  CHECK(answering.hear("\xff").starts_with("error: what was filled in is not UTF-8"));
}

TEST_CASE("a rule that answers a thousand times within a second is named once") {
  Answering answering;
  answering.add("a", "b");
  for (int i = 0; i < 2000; ++i) answering.hear("a", base::TimePoint(i * 2ms));
  CHECK(!answering.replies->next_busy());
  for (int i = 0; i < 5000; ++i) answering.hear("a", base::TimePoint(1h));
  CHECK(answering.replies->next_busy() == 1);
  CHECK(!answering.replies->next_busy());
  CHECK(link::describe_busy(1).starts_with("--reply 1 "));
}

TEST_CASE("rules come and go, and know the variables of others") {
  Answering answering;
  answering.add("a", "{{n}}");
  answering.add("b", "{{x}} {{n}}");
  answering.variables.set("x", {talk::Value::Kind::text, "y"});
  CHECK(answering.hear("b") == "2 y 1");
  answering.add("c", "later");
  CHECK(answering.hear("c") == "3 later");
  answering.rules.erase(answering.rules.begin());
  answering.replies->forget(0);
  answering.replies->forget(7);
  CHECK(answering.hear("b") == "1 y 2");
  CHECK(answering.hear("a") == "nothing");
}
