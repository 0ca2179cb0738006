#include "view/diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace wscope::view {
namespace {

constexpr std::size_t context = 3;
// Lines that are taken out and put in: what it takes grows with their square.
constexpr int most_edits = 2000;

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return lines;
}

struct Edit {
  char kind;  // ' ', '-' or '+'
  std::string_view line;
};

// How far each diagonal was reached with so many edits (E. Myers, "An O(ND) Difference Algorithm", 1986).
class Search {
 public:
  Search(const Lines& from, const Lines& to) : from_(from), to_(to) {}

  // Nothing if there are too many.
  [[nodiscard]] std::vector<Edit> edits() {
    for (int count = 0; count <= most_edits; ++count) {
      if (reach(count)) return trace(count);
    }
    return {};
  }

 private:
  // Of the row before, whose diagonals go from -count to count.
  [[nodiscard]] int reached(int count, int diagonal) const {
    return rows_[static_cast<std::size_t>(count)][static_cast<std::size_t>(diagonal + count)];
  }
  [[nodiscard]] bool goes_down(int count, int diagonal) const {
    if (diagonal == -count) return true;
    if (diagonal == count) return false;
    return reached(count - 1, diagonal - 1) < reached(count - 1, diagonal + 1);
  }
  [[nodiscard]] int start(int count, int diagonal) const {
    if (count == 0) return 0;
    return goes_down(count, diagonal) ? reached(count - 1, diagonal + 1) : reached(count - 1, diagonal - 1) + 1;
  }
  // On to where lines are different again; whether that is the end.
  [[nodiscard]] bool reach(int count) {
    const int ends[] = {static_cast<int>(from_.size()), static_cast<int>(to_.size())};
    rows_.emplace_back(static_cast<std::size_t>(2 * count + 1), -1);
    for (int diagonal = -count; diagonal <= count; diagonal += 2) {
      int x = start(count, diagonal);
      while (x < ends[0] && x - diagonal < ends[1] && x - diagonal >= 0 && x >= 0 &&
             from_[static_cast<std::size_t>(x)] == to_[static_cast<std::size_t>(x - diagonal)]) {
        ++x;
      }
      rows_.back()[static_cast<std::size_t>(diagonal + count)] = x;
      if (diagonal == ends[0] - ends[1] && x >= ends[0]) return true;
    }
    return false;
  }
  [[nodiscard]] std::vector<Edit> trace(int count) const {
    std::vector<Edit> edits;
    int x = static_cast<int>(from_.size());
    int y = static_cast<int>(to_.size());
    for (; count >= 0; --count) {
      const int diagonal = x - y;
      const int begin = start(count, diagonal);
      for (; x > begin; --x, --y) edits.push_back({' ', from_[static_cast<std::size_t>(x - 1)]});
      if (count == 0) break;
      if (goes_down(count, diagonal)) {
        edits.push_back({'+', to_[static_cast<std::size_t>(--y)]});
      } else {
        edits.push_back({'-', from_[static_cast<std::size_t>(--x)]});
      }
    }
    std::reverse(edits.begin(), edits.end());
    return edits;
  }

  const Lines& from_;
  const Lines& to_;
  std::vector<std::vector<int>> rows_{};
};

std::vector<Edit> edits_between(const Lines& from, const Lines& to) {
  const auto front = std::mismatch(from.begin(), from.end(), to.begin(), to.end()).first - from.begin();
  const Lines rest_from(from.begin() + front, from.end());
  const Lines rest_to(to.begin() + front, to.end());
  const auto back =
      std::mismatch(rest_from.rbegin(), rest_from.rend(), rest_to.rbegin(), rest_to.rend()).first - rest_from.rbegin();
  const Lines middle_from(rest_from.begin(), rest_from.end() - back);
  const Lines middle_to(rest_to.begin(), rest_to.end() - back);
  std::vector<Edit> edits;
  for (auto line = from.begin(); line != from.begin() + front; ++line) edits.push_back({' ', *line});
  std::vector<Edit> middle = Search(middle_from, middle_to).edits();
  if (middle.empty()) {
    for (const std::string_view line : middle_from) middle.push_back({'-', line});
    for (const std::string_view line : middle_to) middle.push_back({'+', line});
  }
  edits.insert(edits.end(), middle.begin(), middle.end());
  for (auto line = from.end() - back; line != from.end(); ++line) edits.push_back({' ', *line});
  return edits;
}

// "1,3", "1"; of no lines the one before, as diff has it.
std::string range(std::size_t before, std::size_t count) {
  if (count == 1) return std::to_string(before + 1);
  return fmt::format("{},{}", count == 0 ? before : before + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view from, std::string_view to, std::string_view name_from,
                         std::string_view name_to) {
  if (from == to) return "";
  const std::vector<Edit> edits = edits_between(lines_of(from), lines_of(to));
  std::string out = fmt::format("--- {}\n+++ {}\n", name_from, name_to);
  std::size_t before_from = 0;
  std::size_t before_to = 0;
  std::size_t done = 0;
  const auto count_until = [&](std::size_t end) {
    for (; done < end; ++done) {
      if (edits[done].kind != '+') ++before_from;
      if (edits[done].kind != '-') ++before_to;
    }
  };
  const auto is_change = [](const Edit& edit) { return edit.kind != ' '; };
  if (std::none_of(edits.begin(), edits.end(), is_change)) return out += "\\ one of them ends in a line feed\n";
  while (true) {
    const auto change = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(done), edits.end(), is_change);
    if (change == edits.end()) return out;
    const auto first = static_cast<std::size_t>(change - edits.begin());
    std::size_t last = first;  // the last change of this part
    for (std::size_t at = first; at < edits.size() && at <= last + 2 * context + 1; ++at) {
      if (is_change(edits[at])) last = at;
    }
    count_until(std::max(done, first - std::min(first, context)));
    const std::size_t begin_from = before_from;
    const std::size_t begin_to = before_to;
    const std::size_t begin = done;
    count_until(std::min(last + context + 1, edits.size()));
    out += fmt::format("@@ -{} +{} @@\n", range(begin_from, before_from - begin_from),
                       range(begin_to, before_to - begin_to));
    for (std::size_t at = begin; at < done; ++at) out += fmt::format("{}{}\n", edits[at].kind, edits[at].line);
  }
}

}  // namespace wscope::view
