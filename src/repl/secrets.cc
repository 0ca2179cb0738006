#include "repl/secrets.h"

#include <algorithm>
#include <string>
#include <vector>

#include "http/headers.h"
#include "repl/slash_commands.h"
#include "repl/words.h"

namespace wscope::repl {
namespace {

bool holds(std::string_view text, std::string_view part) noexcept { return text.find(part) != std::string_view::npos; }

bool is_secret_header(std::string_view header) { return http::is_secret_field(header.substr(0, header.find(':'))); }

bool is_secret_value(Secret secret, std::string_view value) {
  switch (secret) {
    case Secret::never:
      return false;
    case Secret::always:
      return true;
    case Secret::password:  // without one it is asked for
      return holds(value, ":");
    case Secret::userinfo:
      return has_userinfo(value);
    case Secret::header:
      return is_secret_header(value);
    case Secret::unless_file:
      return !value.starts_with('@');
  }
  return true;
}

// An option by one of its names; of those of all commands, as the command may be typed wrongly.
bool is_secret_option(std::string_view name, std::string_view value, const std::vector<Option>& options) {
  return std::any_of(options.begin(), options.end(), [name, value](const Option& option) {
    return option.is_named(name) && is_secret_value(option.secret, value);
  });
}

bool takes_next_word(std::string_view name, const std::vector<Option>& options) {
  return std::any_of(options.begin(), options.end(),
                     [name](const Option& option) { return option.is_named(name) && option.takes_next_word(); });
}

// `next` is the word behind it, which may be its value.
bool is_secret_word(std::string_view word, std::string_view next, const std::vector<Option>& options) {
  if (!word.starts_with('-')) return has_userinfo(word);
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (equals != std::string_view::npos) return is_secret_option(name, word.substr(equals + 1), options);
    return takes_next_word(name, options) && is_secret_option(name, next, options);
  }
  // Letters may stand together, and the value of the last one behind it.
  for (std::size_t at = 1; at < word.size(); ++at) {
    const std::string_view value = at + 1 == word.size() ? next : word.substr(at + 1);
    if (is_secret_option(std::string("-") + word[at], value, options)) return true;
  }
  return false;
}

bool may_connect(std::string_view line);

// Of "/alias NAME LINE".
bool may_connect_by_alias(std::string_view arguments) {
  static_cast<void>(take_word(arguments));
  return may_connect(arguments);
}

bool may_connect(std::string_view line) {
  if (!line.starts_with('/') || line.starts_with("//")) return false;
  line.remove_prefix(1);
  const SlashCommand* command = find_slash_command(take_word(line));
  if (command != nullptr && command->action == Action::alias) return may_connect_by_alias(line);
  // No command is one that was typed wrongly, or is an alias.
  return command == nullptr || command->action == Action::connect || command->action == Action::listen;
}

// A variable whose name tells of one gets its value.
bool sets_secret(std::string_view line) {
  const auto typed = parse_line(line);
  const auto* command = typed ? std::get_if<TypedCommand>(&*typed) : nullptr;
  if (command == nullptr || command->command->action != Action::set) return false;
  std::string_view value = command->arguments;
  const std::string_view name = take_word(value);
  return !value.empty() && name != "keymap" && http::is_secret_field(name);
}

}  // namespace

bool has_userinfo(std::string_view url) noexcept {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t at = url.substr(0, url.find_first_of("/?#")).rfind('@');
  return at != std::string_view::npos && at > 0;  // before the first there is none, as in @FILE
}

bool is_secret(std::string_view line, const CommandLine& command_line) {
  if (line.starts_with(' ') || line.starts_with('\t')) return true;
  if (sets_secret(line)) return true;
  if (!may_connect(line)) return false;
  auto words = split_words(line);
  for (const char* quote : {"'", "\""}) {
    if (!words) words = split_words(std::string(line) + quote);
  }
  if (!words) return true;
  std::vector<Option> options = command_line.options_of("connect");
  const std::vector<Option> others = command_line.options_of("listen");
  options.insert(options.end(), others.begin(), others.end());
  for (std::size_t i = 1; i < words->size(); ++i) {
    const std::string_view next = i + 1 < words->size() ? std::string_view((*words)[i + 1].text) : std::string_view();
    if (is_secret_word((*words)[i].text, next, options)) return true;
  }
  return false;
}

}  // namespace wscope::repl
