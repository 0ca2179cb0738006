// Files, read whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace wscope::base {

/// The content of a file, which may be a pipe. An error of kind io, "PATH: why", if it cannot be read or has more than
/// `most` bytes.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most = SIZE_MAX);

}  // namespace wscope::base
