// What most of a JSON string is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wscope::talk {

/// How many characters at the front of `text` stand for themselves in a JSON string: none of them is a quotation mark,
/// a backslash or a control character, which DEL is taken for, too.
[[nodiscard]] inline std::size_t plain_run(std::string_view text) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  // The highest bit of every byte that is less than `limit`, and of none else up to the first of them.
  const auto less = [](std::uint64_t bytes, std::uint64_t limit) { return (bytes - ones * limit) & ~bytes; };
  const auto has_others = [&](std::uint64_t word) {
    const auto equal = [&](std::uint64_t c) { return less(word ^ ones * c, 1); };
    return ((less(word, 0x20) | equal('"') | equal('\\') | equal(0x7f)) & ones * 0x80) != 0;
  };
  std::size_t at = 0;
  for (std::uint64_t word; text.size() - at >= sizeof(word); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if (has_others(word)) break;
  }
  const auto is_plain = [](unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f; };
  while (at < text.size() && is_plain(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

}  // namespace wscope::talk
