// The arguments of wscope echo and wscope listen.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// Reads what follows `name`, the command.
[[nodiscard]] base::Result<Command> parse_serve(const std::string& name, const std::vector<std::string>& arguments,
                                                Place place);

}  // namespace wscope::cli
