#include "term/characters.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include "base/bytes.h"
#include "base/utf8.h"

namespace wscope::term {
namespace {

bool is_blank(char32_t value) noexcept {
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(value));
  return (value >= '\t' && value <= '\r') || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool is_word(char32_t value) noexcept {
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(value));
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

char32_t to_lower(char32_t value) noexcept {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
}

char32_t to_upper(char32_t value) noexcept {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(value)));
}

template <typename Change>
std::string change_each(std::string_view text, Change&& change) {
  std::string changed;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const char32_t value = point.valid ? change(point.value) : point.value;
    if (value == point.value) {
      changed += text.substr(0, point.length);
    } else {
      changed += encode(value);
    }
    text.remove_prefix(point.length);
  }
  return changed;
}

}  // namespace

CodePoint first_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (text.size() < length || !base::is_utf8(base::as_bytes(text.substr(0, length)))) return {lead, 1, false};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t at = 1; at < length; ++at) value = (value << 6U) | (byte(at) & 0x3fU);
  return {value, length, true};
}

std::string encode(char32_t value) {
  if (value < 0x80) return {static_cast<char>(value)};
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((value >> shift) & 0x3fU)); };
  if (value < 0x800) return {static_cast<char>(0xc0U | (value >> 6U)), tail(0)};
  if (value < 0x10000) return {static_cast<char>(0xe0U | (value >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xf0U | (value >> 18U)), tail(12), tail(6), tail(0)};
}

CharacterClass first_class(std::string_view text) noexcept {
  const CodePoint point = first_code_point(text);
  if (!point.valid) return CharacterClass::other;
  if (is_blank(point.value)) return CharacterClass::blank;
  return is_word(point.value) ? CharacterClass::word : CharacterClass::other;
}

std::string change_case(std::string_view text, LetterCase to) {
  return change_each(text, to == LetterCase::upper ? to_upper : to_lower);
}

std::string swap_case(std::string_view text) {
  return change_each(text, [](char32_t value) {
    const char32_t lower = to_lower(value);
    return lower != value ? lower : to_upper(value);
  });
}

std::string visible(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.valid && (point.value < 0x20 || point.value == 0x7f)) {
      shown += {'^', static_cast<char>(point.value ^ 0x40U)};
    } else if (!point.valid || (point.value >= 0x80 && point.value < 0xa0)) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
    } else {
      shown += text.substr(0, point.length);
    }
    text.remove_prefix(point.length);
  }
  return shown;
}

}  // namespace wscope::term
