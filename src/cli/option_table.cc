#include "cli/option_table.h"

#include <algorithm>

namespace wscope::cli {

namespace {

const Option* find_from(const Option* row, CommandSet command, std::string_view name) noexcept {
  const auto* found = std::find_if(row, std::end(rows::table), [&](const Option& option) {
    return has(option.commands, command) && option.is_named(name);
  });
  return found == std::end(rows::table) ? nullptr : found;
}

}  // namespace

const Option* find_option(CommandSet command, std::string_view name) noexcept {
  return find_from(std::begin(rows::table), command, name);
}

const Option* row_of(CommandSet command, OptionName name) noexcept {
  return find_from(name.row(), command, name.text());
}

std::vector<const Option*> options_of(CommandSet command) {
  std::vector<const Option*> options;
  for (const Option& option : rows::table) {
    if (has(option.commands, command)) options.push_back(&option);
  }
  return options;
}

}  // namespace wscope::cli
