// The arguments of wscope run.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// Reads what follows the name of the command. Files with variables and secrets are read here, scripts are not.
[[nodiscard]] base::Result<Command> parse_run(const std::vector<std::string>& arguments);

}  // namespace wscope::cli
