// The arguments of wscope ping.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

[[nodiscard]] base::Result<Command> parse_ping(const std::vector<std::string>& arguments);

}  // namespace wscope::cli
