// The arguments of wscope decode and wscope encode.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// Each reads what follows the name of the command.
[[nodiscard]] base::Result<Command> parse_decode(const std::vector<std::string>& arguments);
/// Files that items name are read here.
[[nodiscard]] base::Result<Command> parse_encode(const std::vector<std::string>& arguments);

}  // namespace wscope::cli
