#include "report/selection.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/report/reports.h"

using namespace wscope;

namespace {

report::Selection selection(const char* select, const char* pick) {
  report::Selection made;
  if (select != nullptr) made.select = std::move(talk::Match::parse_argument(select).value());
  if (pick != nullptr) made.pick = talk::Path::parse(pick).value();
  return made;
}

// What is shown of a text, or "nothing".
std::string shown(const report::Selection& selection, std::string_view text) {
  const talk::Message message(base::as_bytes(text), false);
  if (!selection.lets_through(message)) return "nothing";
  std::string all;
  selection.show_parts(message, [&all](std::string_view part) { all += std::string(part) + "|"; });
  return all;
}

}  // namespace

TEST_CASE("what matches is let through") {
  CHECK(selection(nullptr, nullptr).empty());
  const auto select = selection("b", nullptr);
  CHECK(!select.empty());
  CHECK(select.lets_through({base::as_bytes("abc"), false}));
  CHECK(!select.lets_through({base::as_bytes("a"), false}));
  CHECK(!selection("not .a", nullptr).lets_through({base::as_bytes("no JSON"), false}));
}

TEST_CASE("a string is shown raw, all else as JSON on one line") {
  const auto pick = selection(nullptr, ".a");
  CHECK(shown(pick, R"({"a":"x\n\u00e9"})") == "x\n\u00e9|");
  CHECK(shown(pick, R"({"a":1.50})") == "1.50|");
  CHECK(shown(pick, R"({"a": { "z" : 1, "b" : [ ] } })") == R"({"z":1,"b":[]}|)");
  CHECK(shown(pick, R"({"a":null})") == "null|");
  CHECK(shown(pick, R"({"a":""})") == "|");
}

TEST_CASE("each part is shown, and nothing for what is missing") {
  const auto pick = selection(nullptr, "[].x");
  CHECK(shown(pick, R"([{"x":1},{"y":2},{"x":"3"}])") == "1|3|");
  CHECK(shown(pick, R"([{"y":2}])") == "nothing");
  CHECK(shown(pick, "[]") == "nothing");
  CHECK(shown(pick, "no JSON") == "nothing");
  CHECK(shown(selection(".[0].y", "[].x"), R"([{"x":1}])") == "nothing");
}

TEST_CASE("a reporter shows of messages what is picked of those that are selected") {
  net::Poller poller;
  test::Reports reports(poller, {});
  const auto say = [&reports](std::string_view text) {
    reports->report(1, link::Received{{.data = base::as_bytes(text)}});
  };
  const auto select = selection(".a", nullptr);
  reports->select(select);
  say(R"({"a":[1,"x"]})");
  say(R"({"b":1})");
  CHECK(reports.out() == "{\"a\":[1,\"x\"]}\n");
  const auto pick = selection(".a", "a[]");
  reports->select(pick);
  say(R"({"a":[1,"x"]})");
  say(R"({"b":1})");
  CHECK(reports.out() == "1\nx\n");
}
