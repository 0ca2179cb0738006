// Numbers of things, in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wscope::view {

/// "1 byte", "2 bytes": with an s unless there is one.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view thing);

/// "160.0 kB": with one decimal, in powers of 1000; "999 B".
[[nodiscard]] std::string in_bytes(std::uint64_t bytes);

}  // namespace wscope::view
