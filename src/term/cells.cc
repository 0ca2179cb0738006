#include "term/cells.h"

#include <algorithm>
#include <cassert>

#include <utf8proc.h>

#include "term/characters.h"

namespace wscope::term {
namespace {

constexpr utf8proc_int32_t joiner = 0x200d;
constexpr utf8proc_int32_t emoji_presentation = 0xfe0f;

utf8proc_int32_t value_of(const CodePoint& point) noexcept { return static_cast<utf8proc_int32_t>(point.value); }

CodePoint last_code_point(std::string_view text) noexcept {
  for (std::size_t size = 1; size <= std::min<std::size_t>(text.size(), 4); ++size) {
    const auto byte = static_cast<unsigned char>(text[text.size() - size]);
    if ((byte & 0xc0) == 0x80) continue;
    const CodePoint point = first_code_point(text.substr(text.size() - size));
    return point.length == size ? point : CodePoint{};
  }
  return {};
}

bool is_control(char32_t value) noexcept { return value < 0x20 || (value >= 0x7f && value < 0xa0); }

bool is_printable_ascii(char c) noexcept { return c >= 0x20 && c < 0x7f; }

bool stands_alone(const CodePoint& point) noexcept { return !point.valid || is_control(point.value); }

bool is_regional_indicator(utf8proc_int32_t code_point) noexcept {
  return code_point >= 0x1f1e6 && code_point <= 0x1f1ff;
}

// Spacing marks are next to what they belong to in most terminals, not on it.
unsigned width_of(utf8proc_int32_t code_point) noexcept {
  if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_MC) return 1;
  return static_cast<unsigned>(std::clamp(utf8proc_charwidth(code_point), 0, 2));
}

// Whether the width of a code point at the beginning of a cluster is beyond dispute.
bool is_agreed(utf8proc_int32_t code_point) noexcept {
  const utf8proc_category_t category = utf8proc_category(code_point);
  const bool is_new_emoji = code_point >= 0x1f9c0 && code_point < 0x20000;
  return category != UTF8PROC_CATEGORY_CN && category != UTF8PROC_CATEGORY_MC && category != UTF8PROC_CATEGORY_CF &&
         !is_new_emoji && !is_regional_indicator(code_point);
}

// A cluster that grows by one code point after the other.
class Growth {
 public:
  explicit Growth(utf8proc_int32_t code_point) noexcept
      : last_(code_point), width_(width_of(code_point)), agreed_(is_agreed(code_point)) {}

  // False if the cluster ends before `code_point`.
  [[nodiscard]] bool take(utf8proc_int32_t code_point) noexcept {
    if (utf8proc_grapheme_break_stateful(last_, code_point, &state_)) return false;
    const unsigned width = code_point == emoji_presentation ? 1 : width_of(code_point);
    if (width > 0 || code_point == joiner || !is_mark(code_point)) agreed_ = false;
    width_ = std::min(width_ + width, 2U);
    last_ = code_point;
    return true;
  }
  [[nodiscard]] Cluster cluster(std::string_view bytes) const noexcept { return {bytes, width_, agreed_}; }

 private:
  static bool is_mark(utf8proc_int32_t code_point) noexcept {
    const utf8proc_category_t category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
  }

  utf8proc_int32_t last_;
  utf8proc_int32_t state_ = 0;
  unsigned width_;
  bool agreed_;
};

// How many regional indicators `text` ends with. Asked for each of a run, so it should be quick.
std::size_t regional_indicators_before(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t end = text.size();
  while (end >= 4 && bytes[end - 1] >= 0xa6 && bytes[end - 2] == 0x87 && bytes[end - 3] == 0x9f &&
         bytes[end - 4] == 0xf0) {
    end -= 4;
  }
  return (text.size() - end) / 4;
}

// Whether a cluster begins at `position` whatever is before it: then it can be found without going to the beginning.
bool is_certain_boundary(std::string_view text, std::size_t position) noexcept {
  if (position == 0) return true;
  const CodePoint before = last_code_point(text.substr(0, position));
  const CodePoint after = first_code_point(text.substr(position));
  if (stands_alone(before) || stands_alone(after)) return true;
  return value_of(before) != joiner && utf8proc_grapheme_break(value_of(before), value_of(after));
}

// Such a place before `position`, or another one where a cluster begins: flags are pairs from where their run begins.
std::size_t boundary_before(std::string_view text, std::size_t position) noexcept {
  std::size_t boundary = position - last_code_point(text.substr(0, position)).length;
  while (!is_certain_boundary(text, boundary)) {
    const bool is_flag = is_regional_indicator(value_of(first_code_point(text.substr(boundary))));
    const std::size_t flags = is_flag ? regional_indicators_before(text.substr(0, boundary)) : 0;
    if (flags > 0 && flags % 2 == 0) return boundary;
    boundary -= last_code_point(text.substr(0, boundary)).length;
    if (flags > 1) return boundary;
  }
  return boundary;
}

}  // namespace

Cluster first_cluster(std::string_view text) noexcept {
  assert(!text.empty());
  if (is_printable_ascii(text[0]) && (text.size() == 1 || static_cast<unsigned char>(text[1]) < 0x80)) {
    return {text.substr(0, 1), 1};
  }
  const CodePoint first = first_code_point(text);
  if (stands_alone(first)) return {text.substr(0, first.length), first.valid ? 0U : 1U};
  Growth growth(value_of(first));
  std::size_t size = first.length;
  while (size < text.size()) {
    const CodePoint next = first_code_point(text.substr(size));
    if (stands_alone(next) || !growth.take(value_of(next))) break;
    size += next.length;
  }
  return growth.cluster(text.substr(0, size));
}

std::size_t previous_boundary(std::string_view text, std::size_t position) noexcept {
  assert(position > 0 && position <= text.size());
  const std::string_view before = text.substr(0, position);
  std::size_t boundary = boundary_before(before, position);
  for (;;) {
    const std::size_t next = boundary + first_cluster(before.substr(boundary)).bytes.size();
    if (next >= position) return boundary;
    boundary = next;
  }
}

std::size_t escape_sequence_size(std::string_view text) noexcept {
  if (!text.starts_with('\x1b')) return 0;
  if (text.size() < 2 || text[1] != '[') return std::min<std::size_t>(text.size(), 2);
  std::size_t size = 2;
  while (size < text.size() && text[size] >= 0x20 && text[size] < 0x40) ++size;
  return std::min(size + 1, text.size());
}

std::size_t width_of(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    std::size_t size = escape_sequence_size(text);
    if (size == 0) {
      const Cluster cluster = first_cluster(text);
      width += cluster.width;
      size = cluster.bytes.size();
    }
    text.remove_prefix(size);
  }
  return width;
}

}  // namespace wscope::term
