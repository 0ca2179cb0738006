// What a file is, by its name.
#pragma once

#include <string_view>

namespace wscope::serve {

/// The value of Content-Type for a file of that name, which may have a path in front: by what is behind its last dot,
/// in either case. Text is taken for UTF-8; what is not known is application/octet-stream.
[[nodiscard]] std::string_view type_of_file(std::string_view name) noexcept;

}  // namespace wscope::serve
