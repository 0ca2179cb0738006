// Numbers of things, in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::view {

/// "1 byte", "2 bytes": with an s unless there is one.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view thing);

/// "160.0 kB": with one decimal, in powers of 1000; "999 B".
[[nodiscard]] std::string in_bytes(std::uint64_t bytes);

/// How many bytes are done of a whole: "1.0 MB of 4.0 MB, 25 %", never more than 100 %; "1.0 MB", if the whole is not
/// known, or nothing.
[[nodiscard]] std::string part_of_bytes(std::uint64_t done, std::optional<std::uint64_t> whole);

}  // namespace wscope::view
