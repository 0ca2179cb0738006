#include "cli/parsing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

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
  if (argument.starts_with("--")) return argument.substr(0, argument.find('='));
  return argument.starts_with('-') ? argument.substr(0, 2) : argument;
}

// Says it of the first. Behind an option with an optional value it was meant for that, and is nobody's business either.
base::Error unexpected(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::vector<std::string> rest = app.remaining();
  const auto first = std::find_if(rest.begin(), rest.end(), [](const auto& text) { return text != "--"; });
  const std::string word = first == rest.end() ? "--" : *first;
  const auto place = std::find(arguments.begin(), arguments.end(), word);
  if (!word.starts_with('-') && place != arguments.begin() && place != arguments.end()) {
    const CLI::Option* before = app.get_option_no_throw(*(place - 1));
    if (before != nullptr && has_optional_value(*before)) {
      return command_line_error(*(place - 1) + " takes a value only in one word: " + *(place - 1) + "=" +
                                before->get_type_name());
    }
  }
  return command_line_error("The following argument was not expected: " + without_value(word));
}

}  // namespace

base::Error command_line_error(std::string message) {
  return base::usage_error(std::move(message), "try wscope --help");
}

base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments) {
  arguments = with_empty_values(app, arguments);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // the order that CLI11 wants
    return true;
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ExtrasError&) {
    return unexpected(app, arguments);
  } catch (const CLI::ParseError& error) {
    return command_line_error(with_colons(error.what()));
  }
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

base::Result<Timeouts> read_timeouts(const TypedTimeouts& typed) {
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
  return Timeouts{*connect, *handshake, *close, *ping_interval, *ping_timeout};
}

}  // namespace wscope::cli
