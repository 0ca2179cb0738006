#include "report/entry_text.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace wscope;
using namespace std::chrono_literals;
using report::Entry;
using report::EntryView;
using wire::Direction;

namespace {

Entry entry(std::string payload, ws::Opcode opcode = ws::Opcode::text) {
  Entry made{.number = 12, .connection = 2, .opcode = opcode, .payload = std::move(payload)};
  made.size = made.payload.size();
  return made;
}

/// Without the time.
std::string line(const Entry& of, bool names = false, std::optional<std::size_t> columns = std::nullopt) {
  std::string text = report::entry_line(of, names, columns);
  const std::size_t colon = text.find(':');
  return text.erase(colon - 2, 13);
}

std::string text(const Entry& of, EntryView view) {
  const auto shown = report::entry_text(of, view);
  return shown ? *shown : "! " + shown.error().message;
}

}  // namespace

TEST_CASE("an entry is a line: number, direction, time, latency, kind and what it says") {
  Entry message = entry("{\"id\":1}\n\x1b");
  CHECK(report::entry_line(message, false, std::nullopt).size() ==
        std::string("12 < 09:12:01.164 text {\"id\":1}\\x0a\\x1b\n").size());
  CHECK(line(message) == "12 < text {\"id\":1}\\x0a\\x1b\n");
  CHECK(line(message, true) == "12 [2] < text {\"id\":1}\\x0a\\x1b\n");
  message.latency = 41'230us;
  CHECK(line(message) == "12 < +41.2 ms text {\"id\":1}\\x0a\\x1b\n");
  message.direction = Direction::out;
  message.latency.reset();
  message.opcode = ws::Opcode::binary;
  CHECK(line(message) == "12 > binary 7b226964223a317d0a1b\n");
  CHECK(line(entry("", ws::Opcode::ping)) == "12 < ping\n");
  Entry ping = entry("a", ws::Opcode::ping);
  ping.unanswered = true;
  CHECK(line(ping) == "12 < ping a (no Pong)\n");
  Entry close = entry("bye", ws::Opcode::close);
  close.code = ws::close_code::normal;
  CHECK(line(close) == "12 < close 1000 bye\n");
  Entry cut = entry("abc");
  cut.size = 20'000'000;
  CHECK(line(cut) == "12 < text abc (20000000 bytes)\n");
}

TEST_CASE("a line is cut to the width, between characters") {
  const Entry wide = entry("日本語日本語日本語日本語");
  CHECK(line(wide, false, 40) == "12 < text 日本語日本語日本…\n");
  CHECK(line(wide, false, 42) == "12 < text 日本語日本語日本語…\n");
  CHECK(line(entry("short"), false, 40) == "12 < text short\n");
  CHECK(line(entry(std::string(1'000'000, 'x')), false, 80).size() == 80 - 13 + 3);
}

TEST_CASE("all of an entry is shown as it is asked for") {
  const Entry json = entry("{\"a\":[1]}\n");
  CHECK(text(json, EntryView::usual) == "{\"a\":[1]}\n");
  CHECK(text(json, EntryView::json) == "{\n  \"a\": [\n    1\n  ]\n}\n");
  CHECK(text(json, EntryView::hex).starts_with("  0000  7b 22"));
  CHECK(text(entry("a\x1b"), EntryView::raw) == "a\\x1b\n");
  CHECK(text(entry("a"), EntryView::json) == "! #12 is no JSON");
  const Entry binary = entry("ascii", ws::Opcode::binary);
  CHECK(text(binary, EntryView::usual).starts_with("  0000  61 73"));
  CHECK(text(binary, EntryView::raw) == "ascii\n");
  Entry close = entry("bye", ws::Opcode::close);
  close.code = ws::CloseCode{4000};
  CHECK(text(close, EntryView::usual) == "4000 bye\n");
  CHECK(text(entry(""), EntryView::usual).empty());
  Entry cut = entry("abc");
  cut.size = 100;
  CHECK(text(cut, EntryView::usual) == "abc\n… 3 bytes of 100\n");
}

TEST_CASE("two entries are compared as JSON, text or dumps") {
  Entry other = entry("{\"a\":2}");
  other.number = 14;
  CHECK(report::entry_diff(entry("{\"a\":1}"), other) ==
        "--- #12\n+++ #14\n@@ -1,3 +1,3 @@\n {\n-  \"a\": 1\n+  \"a\": 2\n }\n");
  CHECK(report::entry_diff(entry("{ \"a\" : 2 }"), other).empty());
  CHECK(report::entry_diff(entry("one\n"), entry("two\n")) == "--- #12\n+++ #12\n@@ -1 +1 @@\n-one\n+two\n");
  CHECK(report::entry_diff(entry("one"), entry("one", ws::Opcode::binary)).empty());
  CHECK(report::entry_diff(entry("one"), entry("\xff", ws::Opcode::binary)).find("-  0000  6f 6e 65") !=
        std::string::npos);
}

TEST_CASE("a screen is full one line before its end") {
  CHECK(report::fits("", 2, 10));
  CHECK(report::fits("one\n", 2, 10));
  CHECK_FALSE(report::fits("one\ntwo\n", 2, 10));
  CHECK(report::fits("0123456789\n", 2, 10));
  CHECK_FALSE(report::fits("0123456789x\n", 2, 10));
  CHECK(report::fits("\n\n", 3, 10));
}
