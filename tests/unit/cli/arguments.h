// What the tests of the command line share.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "cli/command_line.h"

namespace wscope::test {

using Arguments = std::vector<std::string>;

/// What the arguments ask for, which must be valid.
template <typename Wanted>
Wanted parse(const Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments);
  if (!command) FAIL(command.error().message);
  const auto* wanted = std::get_if<Wanted>(&*command);
  REQUIRE(wanted != nullptr);
  return *wanted;
}

inline cli::ConnectCommand connect(const Arguments& arguments) { return parse<cli::ConnectCommand>(arguments); }
inline cli::EchoCommand echo(const Arguments& arguments) { return parse<cli::EchoCommand>(arguments); }
inline std::string shown(const Arguments& arguments) { return parse<cli::ShowText>(arguments).text; }

/// The message of a usage error.
inline std::string complaint(const Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments);
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::usage);
  CHECK(command.error().message.find('\n') == std::string::npos);
  return command.error().message;
}

}  // namespace wscope::test
