// The arguments of wscope connect.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

[[nodiscard]] base::Result<Command> parse_connect(const std::vector<std::string>& arguments, Place place);

}  // namespace wscope::cli
