// Bytes as a person reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "view/style.h"

namespace wscope::view {

/// Bytes in a line of a dump.
inline constexpr std::size_t bytes_per_line = 16;

/// Bytes that something is said about.
struct Mark {
  std::uint64_t offset = 0;  ///< of the first one, as the dump counts
  std::uint64_t size = 1;
};

/// Lines of sixteen bytes: "  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|". `offset` is that
/// of the first byte. The first `header_size` bytes (sixteen at most) are a header, whose colour is another. Under a
/// line with bytes of `marks` there is one with ^^ under each of them.
[[nodiscard]] std::string hexdump(base::Bytes bytes, std::uint64_t offset = 0, const Style& style = no_colors,
                                  std::size_t header_size = 0, std::span<const Mark> marks = {});

/// Appends two lower-case digits for every byte, nothing between them.
void append_hex(base::Bytes bytes, std::string& out);

}  // namespace wscope::view
