#include "report/screen_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "term/cells.h"

using namespace wscope;
using report::ScreenChoices;

namespace {

constexpr term::ScreenSize small{.rows = 8, .columns = 20};  // room for five rows of a message
constexpr view::Style colors{true};

std::string describe(std::string_view data, const ScreenChoices& choices = {}, term::ScreenSize size = small,
                     ws::Opcode type = ws::Opcode::text) {
  return report::describe_message({.lead = "", .type = type, .data = base::as_bytes(data)}, choices, view::no_colors,
                                  size);
}

std::string describe_binary(std::string_view data, const ScreenChoices& choices = {}) {
  return describe(data, choices, small, ws::Opcode::binary);
}

/// Rows of the screen that lines take.
std::size_t rows_of(std::string_view lines, term::ScreenSize size) {
  std::size_t rows = 0;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    rows += std::max<std::size_t>((term::width_of(line) + size.columns - 1) / size.columns, 1);
    lines.remove_prefix(line.size() + 1);
  }
  return rows;
}

/// Rows that a line takes on a terminal with a tab stop every eight columns.
std::size_t rows_with_tabs(std::string_view line, std::size_t columns) {
  std::size_t rows = 1;
  std::size_t column = 0;
  for (const char c : line) {
    if (c == '\t') {
      column = std::max(column, std::min(column / 8 * 8 + 8, columns - 1));
    } else {
      rows += column / columns;
      column = column % columns + 1;
    }
  }
  return rows;
}

/// What the notice says is left out; 0 if there is none.
std::size_t left_out(const std::string& lines) {
  const std::size_t at = lines.find("… ");
  return at == std::string::npos ? 0 : std::stoul(lines.substr(at + std::string("… ").size()));
}

}  // namespace

TEST_CASE("a message stands behind its arrow, its further lines below") {
  CHECK(describe("hello") == "< hello\n");
  CHECK(describe("") == "< \n");
  CHECK(describe("one\n\ntwo") == "< one\n  \n  two\n");
  CHECK(describe("\nx") == "< \n  x\n");
  CHECK(report::describe_message({.lead = "[1] ", .direction = wire::Direction::out, .data = base::as_bytes("hi")}, {},
                                 view::no_colors, small) == "[1] > hi\n");
}

TEST_CASE("what a terminal would obey is shown and not obeyed") {
  CHECK(describe("a\x1b[31mb") == "< a\\x1b[31mb\n");
  CHECK(describe("a\x1b[31mb", {.whole = true}) == "< a\\x1b[31mb\n");
  CHECK(describe(R"(["a\u001b"])", {.json = true}).find('\x1b') == std::string::npos);
}

TEST_CASE("received is coloured otherwise than sent, line by line") {
  const auto of = [](wire::Direction direction) {
    return report::describe_message({.lead = "", .direction = direction, .data = base::as_bytes("a\nb")}, {}, colors,
                                    small);
  };
  const std::string in = of(wire::Direction::in);
  CHECK(in == colors(view::Meaning::incoming, "< ") + colors(view::Meaning::received, "a") + "\n  " +
                  colors(view::Meaning::received, "b") + "\n");
  CHECK(of(wire::Direction::out) != in);
}

TEST_CASE("what fills the screen just so is shown to its end") {
  CHECK(describe("1\n2\n3\n4\n5") == "< 1\n  2\n  3\n  4\n  5\n");
  const std::string line(5 * 20 - 2, 'x');
  CHECK(describe(line) == "< " + line + "\n");
}

TEST_CASE("an endless line is cut at a screenful and says how much is left out") {
  for (const std::size_t size : {99U, 1000U, 1'000'000U}) {
    const std::string text = describe(std::string(size, 'x'));
    CHECK(text.starts_with("< " + std::string(98, 'x') + "\n  … "));
    CHECK(left_out(text) == size - 98);
    CHECK(text.ends_with(": /last shows all\n"));
  }
  CHECK(describe(std::string(99, 'x')).find("… 1 more byte: ") != std::string::npos);
}

TEST_CASE("many short lines are cut at a screenful") {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "ab\n";
  const std::string text = describe(many);
  CHECK(text.starts_with("< ab\n  ab\n  ab\n  ab\n  ab\n  … "));
  CHECK(left_out(text) == 3000 - 15);
}

TEST_CASE("wide characters are never cut in two, and take the columns that they take") {
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "漢";
  const std::string text = describe(wide);
  CHECK(left_out(text) == 3000 - 49 * 3);
  CHECK(rows_of(text.substr(0, text.find("  … ")), small) <= 5);
  for (unsigned columns = 3; columns < 30; ++columns) {
    const std::string odd = describe(wide, {}, {.rows = 8, .columns = columns});
    CAPTURE(columns);
    CHECK(left_out(odd) % 3 == 0);
  }
}

TEST_CASE("tabs take the columns up to their stops") {
  std::string tabs;
  for (int i = 0; i < 2000; ++i) tabs += "a\t";
  for (const unsigned columns : {9U, 16U, 20U, 80U, 100U}) {
    CAPTURE(columns);
    const std::string text = describe(tabs, {}, {.rows = 24, .columns = columns});
    CHECK(left_out(text) > 0);
    const std::size_t rows = rows_with_tabs(text.substr(0, text.find('\n')), columns);
    CHECK(rows == 21);
  }
  CHECK(describe("\t\tx") == "< \t\tx\n");
}

TEST_CASE("a tiny screen shows something all the same") {
  for (const unsigned rows : {0U, 1U, 5U}) {
    for (const unsigned columns : {0U, 1U, 2U, 3U}) {
      const std::string text = describe(std::string(1000, 'x'), {}, {.rows = rows, .columns = columns});
      CHECK(text.starts_with("< x"));
      CHECK(left_out(text) > 900);
    }
  }
}

TEST_CASE("what is wanted whole is not cut") {
  const std::string text(5000, 'x');
  CHECK(describe(text, {.whole = true}) == "< " + text + "\n");
  CHECK(left_out(describe_binary(text, {.whole = true})) == 0);
}

TEST_CASE("a binary message is a dump that says its size, cut at a screenful") {
  const std::string one = describe_binary("\xff");
  CHECK(one.starts_with("< binary, 1 byte\n"));
  CHECK(one.find("ff") != std::string::npos);
  CHECK(describe_binary("").starts_with("< binary, 0 bytes\n"));
  CHECK(left_out(describe_binary(std::string(64, 'x'))) == 0);
  const std::string many = describe_binary(std::string(1000, 'x'));
  CHECK(left_out(many) == 1000 - 64);
  CHECK(std::count(many.begin(), many.end(), '\n') == 1 + 4 + 1);
}

TEST_CASE("JSON is indented if that is wanted, and anything else is as it is") {
  const ScreenChoices json{.json = true};
  CHECK(describe(R"({"a":1})") == "< {\"a\":1}\n");
  CHECK(describe(R"({"a":1})", json) == "< {\n    \"a\": 1\n  }\n");
  CHECK(describe("{\"a\":", json) == "< {\"a\":\n");
  CHECK(describe("", json) == "< \n");
}

TEST_CASE("JSON is cut at a screenful, its colours not counted") {
  std::string list = "[1";
  for (int i = 0; i < 999; ++i) list += ",1";
  const std::string text = describe(list + "]", {.json = true});
  CHECK(text.starts_with("< [\n    1,\n    1,\n    1,\n    1,\n  … "));
  CHECK(rows_of(text, small) <= 7);
  const std::string in_color = report::describe_message({.lead = "", .data = base::as_bytes(list + "]")},
                                                        {.json = true}, colors, {.rows = 8, .columns = 20});
  const std::string notice = "… 2001 bytes in all: /last shows all\n";
  CHECK(text.ends_with(notice));
  CHECK(in_color.find("… 2001 bytes in all: /last shows all") != std::string::npos);
}

TEST_CASE("an endless line of JSON is cut as well") {
  const std::string long_one = R"({"a":")" + std::string(100'000, 'x') + R"("})";
  const std::string text = describe(long_one, {.json = true});
  CHECK(text.size() < 300);
  CHECK(text.ends_with("… 100008 bytes in all: /last shows all\n"));
  CHECK(rows_of(text, small) <= 7);
  const std::string whole = describe(long_one, {.json = true, .whole = true});
  CHECK(whole.size() > 100'000);
  CHECK(left_out(whole) == 0);
}

TEST_CASE("what is written out stands out, and what came so does not") {
  const auto colored = [](std::string_view data, bool whole) {
    ScreenChoices choices;
    choices.whole = whole;
    const report::ShownMessage message{
        .lead = "", .direction = wire::Direction::out, .type = ws::Opcode::text, .data = base::as_bytes(data)};
    return report::describe_message(message, choices, colors, small);
  };
  const std::string arrow = "\x1b[32m> \x1b[0m";
  for (const bool whole : {false, true}) {
    CHECK(colored("\\x1b\x1b|", whole) == arrow + "\\x1b\x1b[7m\\x1b\x1b[0m|\n");
    CHECK(colored("a\nb\x07", whole) == arrow + "a\n  b\x1b[7m\\x07\x1b[0m\n");
  }
}

TEST_CASE("a binary message that is ASCII can be shown as text") {
  CHECK(describe_binary("a b\tc", {.ascii = true}) == "< binary: a b\tc\n");
  CHECK(describe_binary("a b\tc").find("binary, 5 bytes") != std::string::npos);
  for (const std::string_view other : {"", "\x01", "\xc3\xa9", "\x7f"}) {
    CHECK(describe_binary(other, {.ascii = true}).find("binary, ") != std::string::npos);
  }
}
