// A prompt on a screen, and what must be seen there.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/screen.h"
#include "term/cells.h"
#include "term/prompt.h"

namespace wscope::test {

using Rows = std::vector<std::string>;

/// A prompt and the screen it is on.
class Session {
 public:
  Session(unsigned rows, unsigned columns, Screen::Ways ways = {},
          term::Prompt::Abilities abilities = term::Prompt::Abilities::full)
      : screen(rows, columns, ways), prompt({rows, columns}, abilities) {}

  void show(std::string_view text, std::size_t cursor, std::string_view below = {}) {
    prompt.show({"> ", text, cursor, below});
    flush();
  }
  void show(std::string_view text) { show(text, text.size()); }
  void print(std::string_view lines) {
    prompt.print(lines);
    flush();
  }
  std::string flush() {
    std::string out = prompt.next_update();
    screen.write(out);
    return out;
  }
  /// The terminal is resized, and time passes until that is over.
  void resize(unsigned rows, unsigned columns) {
    screen.resize(rows, columns);
    prompt.resize({rows, columns}, now);
    flush();
    settle();
  }
  void settle(bool answers = true) {
    while (prompt.holds()) {
      now = *prompt.deadline();
      prompt.advance(now);
      flush();
      if (!screen.take_question() || !answers) continue;
      prompt.cursor_report(screen.row() + 1, std::min(screen.column() + 1, prompt.size().columns));
      flush();
    }
    flush();
  }

  Screen screen;
  term::Prompt prompt;
  base::TimePoint now{};
};

/// `text` in rows of that width, ASCII and wide characters only.
inline Rows wrap(std::string_view text, unsigned columns) {
  Rows rows(1);
  unsigned width = 0;
  while (!text.empty()) {
    const term::Cluster cluster = term::first_cluster(text);
    text.remove_prefix(cluster.bytes.size());
    const bool is_line_feed = cluster.bytes == "\n";
    if (width + (is_line_feed ? 1 : cluster.width) > columns) {
      rows.emplace_back();
      width = 0;
    }
    if (is_line_feed) {
      rows.emplace_back();
      width = 0;
    } else {
      rows.back() += cluster.bytes;
      width += cluster.width;
    }
  }
  if (width == columns) rows.emplace_back();
  return rows;
}

struct Expected {
  Rows rows;            // of the input
  std::size_t row = 0;  // of the cursor
  unsigned column = 0;
};

inline Expected expect(std::string_view text, std::size_t cursor, unsigned columns) {
  const std::string all = "> " + std::string(text);
  Expected expected{wrap(all, columns)};
  // A character that does not fit behind the cursor takes the cursor with it.
  const std::string_view next = cursor < text.size() ? term::first_cluster(text.substr(cursor)).bytes : "";
  const bool is_line_feed = next == "\n";
  std::string before = "> " + std::string(text.substr(0, cursor));
  Rows rows = wrap(before, columns);
  const unsigned width = next.empty() || is_line_feed ? 1 : term::first_cluster(next).width;
  if (term::width_of(rows.back()) + width > columns) rows.emplace_back();
  expected.row = rows.size() - 1;
  expected.column = static_cast<unsigned>(term::width_of(rows.back()));
  return expected;
}

inline std::string without_blanks(std::string row) {
  while (row.ends_with(' ')) row.pop_back();
  return row;
}

/// Checks that under `printed` rows there is the input and the cursor is where it must be.
inline void check(const Screen& screen, const Rows& printed, std::string_view text, std::size_t cursor,
                  unsigned columns, unsigned most_rows) {
  const Expected expected = expect(text, cursor, columns);
  Rows seen = screen.all();
  seen.resize(std::max(seen.size(), screen.cursor_line() + 1));
  CAPTURE(text);
  CAPTURE(cursor);
  CAPTURE(columns);
  CAPTURE(most_rows);
  REQUIRE(seen.size() >= printed.size());
  constexpr std::size_t looked_at = 100;  // what is farther up was looked at before
  for (std::size_t i = printed.size() - std::min(printed.size(), looked_at); i < printed.size(); ++i) {
    REQUIRE(seen[i] == without_blanks(printed[i]));
  }
  REQUIRE(screen.column() == expected.column);
  REQUIRE(screen.cursor_line() >= printed.size());
  const std::size_t cursor_row = screen.cursor_line() - printed.size();
  REQUIRE(cursor_row <= expected.row);
  const std::size_t top = expected.row - cursor_row;
  const std::size_t count = std::min<std::size_t>(expected.rows.size() - top, most_rows);
  REQUIRE((top == 0 || top + most_rows <= expected.rows.size()));
  for (std::size_t i = 0; i < std::max(count, seen.size() - printed.size()); ++i) {
    const std::size_t line = printed.size() + i;
    REQUIRE((line < seen.size() ? seen[line] : "") == (i < count ? without_blanks(expected.rows[top + i]) : ""));
  }
}

inline std::vector<std::size_t> boundaries(std::string_view text) {
  std::vector<std::size_t> all = {0};
  while (all.back() < text.size())
    all.push_back(all.back() + term::first_cluster(text.substr(all.back())).bytes.size());
  return all;
}

template <typename Random>
void edit(Random& random, std::string& text, std::size_t& cursor, bool line_feeds = true) {
  constexpr std::string_view parts[] = {"a", "漢", "bcd", "é", "xyzxyzxyz", "😀", "  ", "\n"};
  const auto all = boundaries(text);
  const auto any = [&] { return all[random() % all.size()]; };
  switch (random() % 6) {
    case 0:
      cursor = any();
      break;
    case 1: {
      const std::size_t end = any();
      const std::size_t begin = std::min(cursor, end);
      text.erase(begin, std::max(cursor, end) - begin);
      cursor = begin;
      break;
    }
    case 2:
      cursor = text.size();
      [[fallthrough]];
    default: {
      const std::string_view part = parts[random() % (std::size(parts) - (line_feeds ? 0 : 1))];
      text.insert(cursor, part);
      cursor += part.size();
    }
  }
}

}  // namespace wscope::test
