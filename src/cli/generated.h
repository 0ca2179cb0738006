// The files that belong to the program, as it carries them for who packages it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace wscope::cli {

/// What --generate prints: `words` are "man", and a command that has a page of its own if it is that one; or "bash",
/// "zsh" or "fish", the completion for it. Other words are an error of kind usage.
[[nodiscard]] base::Result<std::string> generated(const std::vector<std::string>& words);

}  // namespace wscope::cli
