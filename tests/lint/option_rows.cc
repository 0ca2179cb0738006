// Prints the table of options for tests/lint/options.py: a row a line, its fields between tabs.
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "cli/option_table.h"

namespace {

using namespace wscope;

std::string commands_of(const cli::Option& option) {
  std::string text;
  for (const auto& [command, name] :
       {std::pair(cli::CommandSet::connect, "connect"), std::pair(cli::CommandSet::listen, "listen"),
        std::pair(cli::CommandSet::echo, "echo"), std::pair(cli::CommandSet::run, "run"),
        std::pair(cli::CommandSet::forward, "forward"), std::pair(cli::CommandSet::ping, "ping"),
        std::pair(cli::CommandSet::check, "check"), std::pair(cli::CommandSet::decode, "decode"),
        std::pair(cli::CommandSet::encode, "encode"), std::pair(cli::CommandSet::alone, "alone")}) {
    if (has(option.commands, command)) text += (text.empty() ? "" : ",") + std::string(name);
  }
  return text;
}

std::string_view name_of(repl::ValueKind kind) {
  constexpr std::string_view names[] = {"none", "text",   "text_or_file", "file", "socket", "directory",
                                        "url",  "number", "seconds",      "size", "choice"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(cli::Given given) {
  constexpr std::string_view names[] = {"once", "repeatedly", "in_one_word"};
  return names[static_cast<std::size_t>(given)];
}

}  // namespace

int main() {
  for (const cli::Option& option : cli::rows::table) {
    const std::string commands = commands_of(option);
    std::string line;
    for (const std::string_view field :
         {option.names, std::string_view(commands), option.group, name_of(option.value.kind), option.value.name,
          name_of(option.value.given), option.excludes, option.help}) {
      line += std::string(line.empty() ? "" : "\t") + std::string(field);
    }
    std::puts(line.c_str());
  }
}
