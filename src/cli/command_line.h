// The command line: what is typed to what is asked for.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "repl/plan_reader.h"

namespace wscope::cli {

/// Reads the arguments, without the program's name. An error is of kind usage, unless the URL is of another.
[[nodiscard]] base::Result<Command> parse_command_line(const std::vector<std::string>& arguments,
                                                       Place place = Place::shell);

/// What stands behind /connect or /listen in a session, that word first: read as such a command line, but that options
/// about all of the session are errors. As repl::PlanReader has it.
[[nodiscard]] base::Result<repl::Wanted> read_plan(const std::vector<std::string>& words);

/// What the error of a command line hints at unless there is something better.
inline constexpr const char* help_hint = "try wscope --help";

/// For an UnconnectedCommand where there is no person.
[[nodiscard]] base::Error no_url_error();

}  // namespace wscope::cli
