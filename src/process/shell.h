// A command for the shell, whose streams need no pipes of ours.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

#include "base/result.h"

namespace wscope::process {

/// What the shell is to run. For a program that is spoken to, see launch().
struct ShellLaunch {
  std::string command;                   ///< as `sh -c` has it
  std::vector<std::string> arguments{};  ///< $1 and those behind it
  char* const* environment = nullptr;    ///< up to a null; null: ours
  bool has_input = false;                ///< ours; else it is empty
  int output = STDOUT_FILENO;            ///< what its stdout is; stays the caller's
  int errors = STDERR_FILENO;            ///< the same of stderr
  bool own_group = false;                ///< and so no part of the terminal's foreground
};

/// Starts /bin/sh, with signals as they are by default, and returns its process, which is to be waited for. An error of
/// kind io.
[[nodiscard]] base::Result<pid_t> start_shell(const ShellLaunch& launch);

}  // namespace wscope::process
