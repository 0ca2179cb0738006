// What the tests of the command line share.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cli/command_line.h"

namespace wscope::test {

using Arguments = std::vector<std::string>;

/// What the arguments ask for, which must be valid.
template <typename Wanted>
Wanted parse(const Arguments& arguments) {
  auto command = cli::parse_command_line(arguments);
  if (!command) FAIL(command.error().message);
  auto* wanted = std::get_if<Wanted>(&*command);
  REQUIRE(wanted != nullptr);
  return std::move(*wanted);
}

inline session::ConnectCommand connect(const Arguments& arguments) { return parse<session::ConnectCommand>(arguments); }
inline session::ServeCommand served(const Arguments& arguments) { return parse<session::ServeCommand>(arguments); }
inline std::string shown(const Arguments& arguments) { return parse<cli::ShowText>(arguments).text; }

/// Whether there is no URL, so that it is for a person to say where to connect.
inline bool is_unconnected(const Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments);
  return command && std::holds_alternative<session::UnconnectedCommand>(*command);
}

/// The message of a usage error.
inline std::string complaint(const Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments);
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::usage);
  CHECK(command.error().message.find('\n') == std::string::npos);
  return command.error().message;
}

/// A command line of that command.
inline Arguments line_of(const char* command, Arguments options) {
  options.insert(options.begin(), command);
  return options;
}

/// A command line of which `Wanted` comes, with these options of it.
template <typename Wanted>
Arguments line(const Arguments& options) {
  constexpr bool client = std::is_same_v<Wanted, session::ConnectCommand>;
  Arguments arguments = client ? Arguments{"connect", "host"} : Arguments{"listen", "80"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

/// For options that clients and servers share.
template <typename Wanted>
Wanted with(const Arguments& options) {
  return parse<Wanted>(line<Wanted>(options));
}
template <typename Wanted>
std::string complaint_with(const Arguments& options) {
  return complaint(line<Wanted>(options));
}

}  // namespace wscope::test
