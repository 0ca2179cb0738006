// The command line: what is typed to what is asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "repl/command_line.h"

namespace wscope::cli {

/// Reads the arguments, without the program's name. An error is of kind usage, unless the URL is of another.
[[nodiscard]] base::Result<Command> parse_command_line(const std::vector<std::string>& arguments,
                                                       Place place = Place::shell);

/// What stands behind /connect or /listen in a session, that word first: read as such a command line, but that options
/// about all of the session are errors. As repl::PlanReader has it.
[[nodiscard]] base::Result<repl::Wanted> read_plan(const std::vector<std::string>& words);

/// The options that may be given there: those of a command's rows that are about a link.
[[nodiscard]] std::vector<repl::Option> options_in_session(std::string_view command);

/// Both, for sessions.
inline constexpr repl::CommandLine in_session = {&read_plan, &options_in_session};

/// For an UnconnectedCommand where there is no person.
[[nodiscard]] base::Error no_url_error();

}  // namespace wscope::cli
