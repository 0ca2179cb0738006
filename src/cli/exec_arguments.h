// The options about programs, and the program that is typed behind "--".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/option_parser.h"
#include "cli/stream_arguments.h"
#include "serve/exec_plan.h"

namespace wscope::cli {

/// As they are typed.
struct TypedExec {
  std::vector<std::string> program{};  ///< behind "--"
  bool has_program = false;            ///< there was one, be it without words
  std::string command{};               ///< --exec
  std::optional<serve::ExecMode> mode{};
  std::optional<serve::ExecFormat> format{};
  std::optional<serve::ExecStderr> errors{};
  std::optional<std::string> terminal{};  ///< --pty: a size, or empty
  std::vector<std::string> environment{};
  std::string folder{};
  std::optional<std::uint64_t> most{};
  std::optional<base::Duration> patience{};  ///< below zero: without end
  std::optional<base::Duration> early{};

  /// Whether there is a program.
  [[nodiscard]] bool given() const noexcept { return has_program || !command.empty(); }
};

/// Takes the program off `arguments`. To a client, the words behind a "--" without a URL before it are a URL still.
[[nodiscard]] std::vector<std::string> take_program(CommandSet command, const std::vector<std::string>& arguments,
                                                    TypedExec& typed);
void bind_exec(OptionParser& parser, TypedExec& typed);

/// What is asked for of a program; nothing: there is none. An error of kind usage. `connects`: it is for a client.
[[nodiscard]] base::Result<std::optional<serve::ExecPlan>> read_exec(const TypedExec& typed,
                                                                     const TypedMessageType& type, bool connects);

}  // namespace wscope::cli
