#include "view/spelling.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "http/headers.h"

namespace wscope::view {
namespace {

// What is longer is no misspelt name, and not worth the time.
constexpr std::size_t longest = 64;
constexpr std::size_t shortest_with_two_mistakes = 4;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool same(char a, char b) noexcept { return lower(a) == lower(b); }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (std::max(a.size(), b.size()) > longest) return a.size() + b.size();
  // Rows of the usual table, for the beginnings of `a`: the one before the last, the last, the present one.
  std::vector<std::size_t> older;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row = {i};
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      row.push_back(std::min({exchanged, last[j] + 1, row[j - 1] + 1}));
      const bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], older[j - 2] + 1);
    }
    older = std::exchange(last, std::move(row));
  }
  return last.back();
}

std::string_view nearest(std::string_view typed, std::span<const std::string_view> names) {
  std::string_view best;
  std::size_t limit = typed.size() < shortest_with_two_mistakes ? 2 : 3;
  for (const std::string_view name : names) {
    const bool begins = !typed.empty() && http::begins_ignoring_case(name, typed);
    const std::size_t distance = std::min(edit_distance(typed, name), begins ? std::size_t{1} : SIZE_MAX);
    if (distance >= limit) continue;
    limit = distance;
    best = name;
  }
  return best;
}

}  // namespace wscope::view
