// The arguments of wscope echo and wscope listen.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/option.h"
#include "cli/options.h"

namespace wscope::cli {

/// Reads what follows the name of the command, listen or echo.
[[nodiscard]] base::Result<Command> parse_serve(CommandSet name, const std::vector<std::string>& arguments,
                                                Place place);

}  // namespace wscope::cli
