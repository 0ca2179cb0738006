// Numbers of things, in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wscope::view {

/// "1 byte", "2 bytes": with an s unless there is one.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view thing);

}  // namespace wscope::view
