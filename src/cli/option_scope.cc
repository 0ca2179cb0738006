#include "cli/option_scope.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/parsing.h"
#include "net/file.h"

namespace wscope::cli {
namespace {

// A group that CLI11 leaves out of the help.
constexpr const char* hidden = "";

using Names = std::array<std::string_view, 8>;
// How long a session lasts, besides what is shown of it.
constexpr Names names_of_session = {"eof", "wait", "stdin", "count", "one", "until", "timeout", "max-held"};
// What is made of stdin, and of messages that come: with --commands, it is the lines that decide.
constexpr Names names_of_pipe = {"stdin", "count", "one", "until", "in", "format", "null"};

bool has_name(const CLI::Option& option, std::string_view name) {
  const auto& names = option.get_lnames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_name(const CLI::Option& option, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&option](std::string_view name) { return has_name(option, name); });
}

bool is_about_screen(const CLI::Option& option) {
  return option.get_group() == "Diagnostics" || option.get_group() == "On a terminal";
}

// The type of messages is that of --execute's, or else of stdin's.
bool is_type_of_stdin(const CLI::App& app, const CLI::Option& option) {
  const bool is_type = has_name(option, "binary") || has_name(option, "text");
  return is_type && app.get_option_no_throw("--execute") == nullptr;
}

bool is_of_session(const CLI::App& app, const CLI::Option& option) {
  return is_about_screen(option) || option.get_group() == "Formats" || has_name(option, names_of_session) ||
         is_type_of_stdin(app, option);
}

template <typename Wanted>
std::optional<std::string> first_given(const CLI::App& app, Wanted wanted) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() > 0 && !option->get_lnames().empty() && wanted(*option)) {
      return "--" + option->get_lnames().front();
    }
  }
  return std::nullopt;
}

// A pipe that is read in the middle of a session would keep all of it waiting.
base::Result<void> check_files(const CLI::App& app) {
  constexpr Names of_lines = {"header", "cookie", "bearer"};
  for (const CLI::Option* option : app.get_options()) {
    const bool is_file = option->get_type_name() == "FILE";
    for (const std::string& value : option->results()) {
      const bool names_file = is_file || (has_name(*option, of_lines) && value.starts_with('@'));
      if (!names_file) continue;
      if (auto regular = net::expect_regular_file(value.substr(is_file ? 0 : 1)); !regular) return regular;
    }
  }
  return {};
}

}  // namespace

base::Result<bool> parse_at(Place place, CLI::App& app, const std::vector<std::string>& arguments,
                            const std::vector<std::string_view>& other_names) {
  CLI::Option* commands = app.get_option_no_throw("--commands");
  for (CLI::Option* option : app.get_options()) {
    const bool of_pipe = has_name(*option, names_of_pipe) || is_type_of_stdin(app, *option);
    if (commands != nullptr && of_pipe) commands->excludes(option);
    if (place == Place::session && is_of_session(app, *option)) option->group(hidden);
  }
  auto parsed = parse(app, arguments, other_names);
  if (!parsed || !*parsed || place == Place::shell) return parsed;
  const auto given = first_given(app, [](const CLI::Option& option) { return option.get_group() == hidden; });
  if (given) return command_line_error(*given + " is about the whole session, not about one connection");
  if (auto regular = check_files(app); !regular) return std::move(regular).error();
  return parsed;
}

std::optional<std::string> given_option_of_connection(const CLI::App& app) {
  return first_given(app, [](const CLI::Option& option) {
    constexpr Names others = {"out", "json", "connect"};
    return !is_about_screen(option) && !has_name(option, others);
  });
}

}  // namespace wscope::cli
