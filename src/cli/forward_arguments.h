// The arguments of wscope forward.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

[[nodiscard]] base::Result<Command> parse_forward(const std::vector<std::string>& arguments);

}  // namespace wscope::cli
