// A message of the command line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/option_table.h"
#include "link/message_text.h"
#include "session/plan.h"

namespace wscope::cli {

/// What the value of `option` says, as link::read_saying() has it; errors name the option or the file.
[[nodiscard]] base::Result<std::optional<link::Saying>> read_saying(OptionName option, const std::string& typed,
                                                                    std::size_t at, const session::InputShape& input,
                                                                    bool binary, const link::Nameable* known);

}  // namespace wscope::cli
