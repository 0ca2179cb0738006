// A line of a hex dump, whoever has made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::decode {

/// "00000010: 8185 37fa  ..7." (xxd, tcpdump), "00000010  81 85 37 fa  |..7.|" (hexdump -C, ours), "0000020 81 85"
/// (od), "0010   81 85   .." (Wireshark).
struct DumpLine {
  std::size_t indent = 0;            ///< characters of white space in front
  std::string_view offset{};         ///< digits, in front of the bytes
  std::string bytes{};               ///< none: the offset stands alone
  bool is_certain = true;            ///< it cannot be digits that stand for bytes
  std::optional<std::size_t> bad{};  ///< where in the line something else than a byte stands
};

/// Nothing if it is none: it may be bytes without an offset. `line` has no line end.
[[nodiscard]] std::optional<DumpLine> parse_dump_line(std::string_view line);

/// Words of hexdump or od -x, "0000000 8581 fa37": in which order their bytes come nobody can tell.
[[nodiscard]] bool has_words_of_hexdump(std::string_view line);

/// What digits of an offset say in a base of 8, 10 or 16; nothing if they are none of it.
[[nodiscard]] std::optional<std::uint64_t> offset_value(std::string_view digits, unsigned base) noexcept;

/// Of a hexadecimal digit; -1: it is none.
[[nodiscard]] int hex_value(char c) noexcept;

}  // namespace wscope::decode
