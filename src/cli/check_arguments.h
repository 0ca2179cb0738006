// The arguments of wscope check.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

[[nodiscard]] base::Result<Command> parse_check(const std::vector<std::string>& arguments);

}  // namespace wscope::cli
