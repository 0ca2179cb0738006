#include "cli/parsing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

#include "cli/command_line.h"
#include "view/spelling.h"

namespace wscope::cli {
namespace {

// What CLI11 is to take for the value of an option that has none: nobody types it.
constexpr const char* no_value = "\n";

// And for a colon in a name: nobody types that either.
constexpr char stands_for_colon = '\x7f';

std::string with_colons(std::string text) {
  std::replace(text.begin(), text.end(), stands_for_colon, ':');
  return text;
}

bool takes_next_word(const CLI::Option& option) noexcept { return option.get_expected_max() > 0; }

bool has_optional_value(const CLI::Option& option) {
  return !takes_next_word(option) && !option.get_type_name().empty();
}

class Formatter : public CLI::Formatter {
 public:
  [[nodiscard]] std::string make_option_name(const CLI::Option* option, bool positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, positional);
    if (!has_optional_value(*option)) return name;
    return name.substr(0, name.find('{')) + "[=" + option->get_type_name() + "]";
  }
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override {
    return takes_next_word(*option) ? " " + option->get_type_name() : "";
  }
};

// CLI11 takes the next argument for the value of "--name=".
std::vector<std::string> with_empty_values(const CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--") return all.insert(all.end(), argument, arguments.end()), all;
    const std::string name = argument->substr(0, argument->find('='));
    const CLI::Option* option = name.starts_with("--") ? app.get_option_no_throw(name) : nullptr;
    const bool empty = option != nullptr && takes_next_word(*option) && *argument == name + "=";
    all.push_back(empty ? name : *argument);
    if (empty) all.emplace_back();
  }
  return all;
}

// The name of an option without its value, which is nobody's business: "--name=VALUE", "-nVALUE".
std::string without_value(const std::string& argument) {
  if (!argument.starts_with("--")) return argument.substr(0, 2);
  const auto end = std::find_if(argument.begin(), argument.end(), [](char c) {
    return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.';
  });
  return {argument.begin(), end};
}

// The option that the letter in `word` was typed for: the long one of an argument with one dash too few, or that of the
// same letter in the other case; empty if there is neither.
std::string meant_by_letter(const CLI::App& app, const std::vector<std::string>& arguments, const std::string& word) {
  const auto is_option = [&app](const std::string& name) { return app.get_option_no_throw(name) != nullptr; };
  for (const std::string& argument : arguments) {
    const std::string twice = "-" + argument.substr(0, argument.find('='));
    if (argument.ends_with(std::string_view(word).substr(1)) && is_option(twice)) return twice;
  }
  const std::string other = {'-', static_cast<char>(word[1] ^ ('a' ^ 'A'))};
  return is_option(other) ? other : std::string();
}

base::Error unknown_option(const CLI::App& app, const std::vector<std::string>& arguments, const std::string& word,
                           std::vector<std::string_view> names) {
  std::string name = without_value(word);
  std::string meant;
  for (const CLI::Option* option : app.get_options()) {
    const auto& own = option->get_lnames();
    names.insert(names.end(), own.begin(), own.end());
  }
  if (name.starts_with("--")) {
    const std::string_view near = view::nearest(std::string_view(name).substr(2), names);
    if (!near.empty()) meant = "--" + std::string(near);
    // As "--nameVALUE", whose value is nobody's business either.
    for (std::size_t size = name.size(); meant.empty() && size > 3; --size) {
      const CLI::Option* begun = app.get_option_no_throw(name.substr(0, size));
      if (begun != nullptr && !begun->get_type_name().empty()) meant = name.substr(0, size);
      if (!meant.empty()) name = meant + "...";
    }
  } else {
    meant = meant_by_letter(app, arguments, word);
  }
  base::Error error = command_line_error("unknown option " + name);
  if (!meant.empty()) error.hint = "did you mean " + meant + "?";
  return error;
}

struct Unexpected {
  std::string word;
  bool is_option;
};

// The first argument that has no place.
std::optional<Unexpected> first_unexpected(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining();
  const auto first = std::find_if(rest.begin(), rest.end(), [](const auto& word) { return word != "--"; });
  if (first == rest.end()) return std::nullopt;
  return Unexpected{*first, first == rest.begin() && first->size() > 1 && first->starts_with('-')};
}

// As in -H Name: value, which the shell makes two words of.
bool has_cut_header(const std::vector<std::string>& arguments) {
  const auto cut = [](const std::string& option, const std::string& value) {
    return (option == "-H" || option == "--header") && value.size() > 1 && value.ends_with(':');
  };
  return std::adjacent_find(arguments.begin(), arguments.end(), cut) != arguments.end();
}

// CLI11 looks for arguments that have no place only once all else is right, and says it of values as well.
base::Error explain(const CLI::App& app, const std::vector<std::string>& arguments, const CLI::ParseError& error,
                    std::vector<std::string_view> names) {
  const auto first = first_unexpected(app);
  if (first && first->is_option) return unknown_option(app, arguments, first->word, std::move(names));
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  if (code == CLI::ExitCodes::ExtrasError || code == CLI::ExitCodes::ExcludesError) {
    if (auto misplaced = misplaced_value(app, arguments)) return *std::move(misplaced);
  }
  if (code != CLI::ExitCodes::ExtrasError) return command_line_error(with_colons(error.what()));
  if (has_cut_header(arguments)) {
    return command_line_error("an argument too many, behind a header in two words: quote it, as in 'Name: value'");
  }
  return command_line_error("The following argument was not expected: " + (first ? first->word : "--"));
}

}  // namespace

base::Error command_line_error(std::string message) { return base::usage_error(std::move(message), help_hint); }

base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments,
                         const std::vector<std::string_view>& other_names) {
  arguments = with_empty_values(app, arguments);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // the order that CLI11 wants
    return true;
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ParseError& error) {
    return explain(app, arguments, error, other_names);
  }
}

std::optional<base::Error> misplaced_value(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size() && arguments[i - 1] != "--"; ++i) {
    if (arguments[i].starts_with('-') || arguments[i].find("://") != std::string::npos) continue;
    const std::string& name = arguments[i - 1];
    const CLI::Option* option = app.get_option_no_throw(name);
    if (option == nullptr || !has_optional_value(*option)) continue;
    return command_line_error(name + " takes a value only in one word: " + name + "=" + option->get_type_name());
  }
  return std::nullopt;
}

std::string help_of(CLI::App& app) {
  auto formatter = std::make_shared<Formatter>();
  formatter->column_width(32);  // so that no option but the longest has its text on the next line
  app.formatter(std::move(formatter));
  return with_colons(app.help());
}

std::string name_with_colon(std::string name) {
  std::replace(name.begin(), name.end(), ':', stands_for_colon);
  return name;
}

CLI::Option* add_optional_value(CLI::App& app, const std::string& name, std::optional<std::string>& typed,
                                const std::string& type_name, const std::string& description) {
  return app.add_flag(name + "{" + no_value + "}", description)
      ->each([&typed](const std::string& value) { typed = value == no_value ? "" : value; })
      ->type_name(type_name);
}

CLI::Validator not_empty() {
  return {[](const std::string& text) { return std::string(text.empty() ? "empty" : ""); }, "", "not empty"};
}

base::Result<base::Duration> parse_seconds(const std::string& text, const char* option) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool number = error == std::errc() && end == text.data() + text.size() && std::isfinite(seconds);
  if (!number || seconds < 0 || seconds > 1e9) {
    return command_line_error(std::string(option) + " wants a number of seconds, not \"" + text + "\"");
  }
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

base::Result<std::uint64_t> parse_count(const std::string& text, const char* option) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count > 0) return count;
  return command_line_error(std::string(option) + " wants a whole number of at least 1, not \"" + text + "\"");
}

base::Result<std::uint64_t> parse_size(const std::string& text, const char* option) {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  unsigned shift = 0;
  if (unit == "K" || unit == "k") shift = 10;
  if (unit == "M" || unit == "m") shift = 20;
  if (unit == "G" || unit == "g") shift = 30;
  const bool known = unit.empty() || shift > 0;
  if (error == std::errc() && known && number > 0 && number <= (UINT64_MAX >> shift)) return number << shift;
  return command_line_error(std::string(option) + " wants a number of bytes such as 100, 64K or 16M, not \"" + text +
                            "\"");
}

void add_timeouts(CLI::App& app, TypedTimeouts& typed, Side side) {
  const std::string group = "Timeouts";
  if (side == Side::client) {
    app.add_option("--connect-timeout", typed.connect, "for the name and the TCP connection (10; 0: none)")
        ->type_name("SECONDS")
        ->group(group);
  }
  app.add_option("--handshake-timeout", typed.handshake, "for the upgrade (10; 0: none)")
      ->type_name("SECONDS")
      ->group(group);
  app.add_option("--close-timeout", typed.close, "for the peer to answer a Close (10; 0: none)")
      ->type_name("SECONDS")
      ->group(group);
  app.add_option("--ping-interval", typed.ping_interval, "send a Ping this often (0: never)")
      ->type_name("SECONDS")
      ->group(group);
  app.add_option("--ping-timeout", typed.ping_timeout,
                 "how long after such a Ping a silent peer is taken for lost (10; 0: for ever)")
      ->type_name("SECONDS")
      ->group(group);
}

base::Result<link::Timeouts> read_timeouts(const TypedTimeouts& typed) {
  const auto connect = parse_seconds(typed.connect, "--connect-timeout");
  if (!connect) return connect.error();
  const auto handshake = parse_seconds(typed.handshake, "--handshake-timeout");
  if (!handshake) return handshake.error();
  const auto close = parse_seconds(typed.close, "--close-timeout");
  if (!close) return close.error();
  const auto ping_interval = parse_seconds(typed.ping_interval, "--ping-interval");
  if (!ping_interval) return ping_interval.error();
  const auto ping_timeout = parse_seconds(typed.ping_timeout, "--ping-timeout");
  if (!ping_timeout) return ping_timeout.error();
  return link::Timeouts{*connect, *handshake, *close, *ping_interval, *ping_timeout};
}

}  // namespace wscope::cli
