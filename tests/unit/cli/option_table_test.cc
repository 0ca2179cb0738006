#include "cli/option_table.h"

#include <algorithm>
#include <set>
#include <string>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using cli::CommandSet;
using cli::Option;
using repl::ValueKind;

namespace {

constexpr std::pair<CommandSet, const char*> commands[] = {
    {CommandSet::connect, "connect"}, {CommandSet::decode, "decode"}, {CommandSet::encode, "encode"},
    {CommandSet::listen, "listen"},   {CommandSet::echo, "echo"},     {CommandSet::run, "run"}};

/// What --help has for a row, before its text.
std::string usage_of(const Option& option) {
  std::string usage = "  " + std::string(option.names);
  if (!option.takes_value()) return usage;
  const std::string value(option.value.name);
  return usage + (option.takes_next_word() ? " " + value : "[=" + value + "]");
}

/// What is given for it on a command line.
std::string example_of(const Option& option) {
  switch (option.value.kind) {
    case ValueKind::choice:
      return std::string(option.value.name.substr(0, option.value.name.find('|')));
    case ValueKind::number:
    case ValueKind::seconds:
    case ValueKind::size:
      return "1";
    default:
      return "x";
  }
}

}  // namespace

TEST_CASE("every row is in the help of its commands, and in no other's") {
  for (const auto& [command, of_command] : commands) {
    const auto& name = of_command;  // a macro may make a lambda of what uses it, and Clang 14 captures no binding
    const std::string help = shown({name, "--help"});
    for (const Option& option : cli::rows::table) {
      const std::string usage = usage_of(option) + " ";
      const std::string wide = usage_of(option) + "\n";
      const bool found = help.find(usage) != std::string::npos || help.find(wide) != std::string::npos;
      if (has(option.commands, command)) {
        CHECK_MESSAGE(found, name << usage);
        CHECK_MESSAGE(help.find(" " + std::string(option.help) + "\n") != std::string::npos, name << usage);
      }
      const bool is_other = cli::find_option(command, option.name()) == nullptr;
      if (is_other) CHECK_MESSAGE(!found, name << usage);
    }
  }
}

TEST_CASE("a command has a name once") {
  for (const CommandSet command :
       {CommandSet::connect, CommandSet::listen, CommandSet::echo, CommandSet::run, CommandSet::alone}) {
    std::set<std::string_view> names;
    for (const Option* option : cli::options_of(command)) {
      for (const std::string_view name : repl::items_of(option->names, ',')) {
        CHECK_MESSAGE(names.insert(name).second, name);
        CHECK(cli::find_option(command, name) == option);
      }
    }
  }
  CHECK(cli::find_option(CommandSet::echo, "--in") == nullptr);
  CHECK(cli::find_option(CommandSet::connect, "in") == nullptr);
}

TEST_CASE("a row is written as it is to be") {
  for (const Option& option : cli::rows::table) {
    CAPTURE(option.names);
    CHECK(option.name().starts_with("--"));
    CHECK(option.name().find(',') == std::string_view::npos);
    CHECK(option.takes_value() == !option.value.name.empty());
    CHECK(!option.help.empty());
    CHECK(!option.help.ends_with("."));
    for (const std::string_view name : repl::items_of(option.names, ',')) {
      CHECK(name.starts_with(name.size() == 2 ? "-" : "--"));
    }
    for (const std::string_view other : repl::items_of(option.excludes, ',')) {
      const bool found = std::any_of(std::begin(commands), std::end(commands), [&](const auto& command) {
        return has(option.commands, command.first) && cli::find_option(command.first, other) != nullptr;
      });
      CHECK_MESSAGE(found, other);
    }
  }
}

TEST_CASE("every option of a row is read, and given twice only if the row says so") {
  for (const auto& [command, of_command] : commands) {
    const auto& name = of_command;
    for (const Option* option : cli::options_of(command)) {
      if (option->is_named("--help") || !option->takes_next_word()) continue;
      const std::string value = example_of(*option);
      const std::string long_name(option->name());
      const auto twice = cli::parse_command_line({name, long_name, value, long_name, value, "--", "1"});
      const std::string message = twice ? "" : twice.error().message;
      const bool refused = message.find("At Most 1") != std::string::npos;
      CHECK_MESSAGE(refused == (option->value.given == cli::Given::once), name << " " << long_name << ": " << message);
    }
  }
}

TEST_CASE("what may be given in a session is what is about a link") {
  const auto names = [](std::string_view command) {
    std::set<std::string> all;
    for (const repl::Option& option : cli::options_in_session(command)) all.insert(std::string(option.names));
    return all;
  };
  CHECK(names("connect").contains("-H,--header"));
  CHECK(names("connect").contains("-x,--execute"));
  CHECK(!names("connect").contains("--count"));
  CHECK(!names("connect").contains("--json"));
  CHECK(!names("connect").contains("--broadcast"));
  CHECK(names("listen").contains("--broadcast"));
  CHECK(!names("listen").contains("-b,--binary"));
  for (const repl::Option& option : cli::options_in_session("connect")) {
    if (option.is_named("--reconnect")) CHECK(!option.takes_next_word());
    if (option.is_named("-H")) CHECK(option.secret == repl::Secret::header);
    if (option.is_named("--tls-min")) CHECK(option.choices == "1.2|1.3");
  }
}
