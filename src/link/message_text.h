// A message, as it is typed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "link/recollection.h"
#include "link/saying.h"
#include "streams/format.h"
#include "wire/stored_instruction.h"

namespace wscope::link {

/// What a message is that is typed: what `input` makes of a line if it is hex, base64 or JSON, else as it stands; of
/// "@FILE" the bytes of the file, of "@@…" a text that begins with "@". `binary`: what stands as it is, is no text.
/// Nothing if it is an event that says nothing to be sent. An error, of kind usage or io, begins with `name` and a
/// colon, if that is not empty, or with the file's.
[[nodiscard]] base::Result<std::optional<wire::StoredInstruction>> read_message(const std::string& typed,
                                                                                const streams::InputShape& input,
                                                                                bool binary, std::string_view name);

/// What a text says, the part of `typed` from `at` on, as read_message() has it. Its names are those that are `known`,
/// unless it is encoded, or the name of a file; null: there are none. What is wrong with a name is an error of kind
/// usage with an excerpt.
[[nodiscard]] base::Result<std::optional<Saying>> read_saying(const std::string& typed, std::size_t at,
                                                              const streams::InputShape& input, bool binary,
                                                              const Nameable* known, std::string_view name);

}  // namespace wscope::link
