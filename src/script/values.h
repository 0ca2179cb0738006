// What the words of a statement stand for, once all values are in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "link/plan.h"
#include "repl/command_line.h"
#include "script/statement.h"
#include "wire/instruction.h"

namespace wscope::script {

// Errors are of kind usage.

[[nodiscard]] base::Result<base::Duration> read_seconds(std::string_view text);
[[nodiscard]] base::Result<std::uint64_t> read_count(std::string_view text);
[[nodiscard]] base::Result<bool> read_switch(std::string_view text);

/// What the argument of a KIND means.
struct Argument {
  unsigned least = 0;  ///< of a code or a status, as is `most`
  unsigned most = 0;
  std::string text{};  ///< a subprotocol, or the kind of an error
};
[[nodiscard]] base::Result<Argument> read_argument(Kind kind, std::string_view text);

/// The words behind connect or listen, that word first, as a plan. Paths in them are those of a script in `folder`.
[[nodiscard]] base::Result<repl::Wanted> read_plan(std::vector<std::string> words, const std::string& folder,
                                                   const repl::CommandLine& command_line);

/// What is to be sent, which `storage`, which outlives it, may hold. The error is of kind io if a file cannot be read.
[[nodiscard]] base::Result<wire::Instruction> read_instruction(Send::What what, const std::string& text,
                                                               const std::string& folder, std::string& storage);

}  // namespace wscope::script
