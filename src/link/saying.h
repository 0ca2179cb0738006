// What is said, whose text may have places for values.
#pragma once

#include <optional>

#include "base/result.h"
#include "talk/template.h"
#include "wire/stored_instruction.h"

namespace wscope::link {

/// A message or a control frame; with a template, of a text or binary message, that is its payload once it is filled
/// in.
struct Saying {
  wire::StoredInstruction message{};
  std::optional<talk::Template> payload{};

  /// An error of kind expectation: a name stands for nothing, or what has become of a text is not UTF-8.
  [[nodiscard]] base::Result<wire::StoredInstruction> fill(const talk::Names& names) const;
};

}  // namespace wscope::link
