// A message of the command line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/option_table.h"
#include "link/recollection.h"
#include "link/saying.h"
#include "session/plan.h"
#include "wire/stored_instruction.h"

namespace wscope::cli {

/// What a message is that is typed as the value of `option`: what `input` makes of a line if it is hex, base64 or JSON,
/// else as it stands; of "@FILE" the bytes of the file, of "@@…" a text that begins with "@". `binary`: what stands as
/// it is, is no text. Nothing if it is an event that says nothing to be sent. An error, of kind usage or io, names the
/// option or the file.
[[nodiscard]] base::Result<std::optional<wire::StoredInstruction>> read_message(const std::string& typed,
                                                                                const session::InputShape& input,
                                                                                bool binary, OptionName option);

/// What a text says, the part of `typed` from `at` on, as read_message() has it. Its names are those that are `known`,
/// unless it is encoded, or the name of a file; null: there are none. What is wrong with a name is an error of kind
/// usage with an excerpt.
[[nodiscard]] base::Result<std::optional<link::Saying>> read_saying(OptionName option, const std::string& typed,
                                                                    std::size_t at, const session::InputShape& input,
                                                                    bool binary, const link::Nameable* known);

}  // namespace wscope::cli
