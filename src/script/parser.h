// From the text of a script to its statements.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "link/recollection.h"
#include "repl/command_line.h"
#include "script/statement.h"

namespace wscope::script {

/// What is there before the first statement.
struct ParseContext {
  const repl::CommandLine& command_line;
  link::Nameable known{};  ///< variables that are given
  /// The contents of a file; an error of kind io.
  std::function<base::Result<std::string>(const std::string& path)> read{};
};

/// At most this much is read of one file.
inline constexpr std::size_t longest_script = std::size_t{16} << 20;

/// Reads a script, whose name is that of its file, and what it includes, in the syntax of wscope-run(1). What can be
/// known to be wrong without its values is: an error of kind usage has its place, the line and a caret; one of kind io
/// is about a file that it includes.
[[nodiscard]] base::Result<Script> parse_script(const std::string& name, const std::string& text,
                                                const ParseContext& context);

/// The folder of a file, with a slash; empty: where we are, also for "-".
[[nodiscard]] std::string folder_of(const std::string& path);
/// A path as a script in that folder means it.
[[nodiscard]] std::string path_in(const std::string& folder, const std::string& path);

}  // namespace wscope::script
