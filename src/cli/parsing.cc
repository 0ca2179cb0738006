#include "cli/parsing.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wscope::cli {
namespace {

class Formatter : public CLI::Formatter {
 public:
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
};

// CLI11 takes the next argument for the value of "--name=".
std::vector<std::string> with_empty_values(const CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--") return all.insert(all.end(), argument, arguments.end()), all;
    const std::string name = argument->substr(0, argument->find('='));
    const CLI::Option* option = name.starts_with("--") ? app.get_option_no_throw(name) : nullptr;
    const bool empty = option != nullptr && option->get_type_size() > 0 && *argument == name + "=";
    all.push_back(empty ? name : *argument);
    if (empty) all.emplace_back();
  }
  return all;
}

// The name of the first of them: what is behind it may be its value, which is nobody's business.
base::Error unexpected(const CLI::App& app) {
  const std::vector<std::string> arguments = app.remaining();
  const auto first = std::find_if(arguments.begin(), arguments.end(), [](const auto& text) { return text != "--"; });
  const std::string name = first == arguments.end() ? "--" : first->substr(0, first->find('='));
  return usage_error("The following argument was not expected: " + name);
}

}  // namespace

base::Error usage_error(std::string message) {
  return {base::ErrorKind::usage, std::move(message), "try wscope --help"};
}

base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments) {
  arguments = with_empty_values(app, arguments);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
    return true;
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ExtrasError&) {
    return unexpected(app);
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
}

std::string help_of(CLI::App& app) {
  app.formatter(std::make_shared<Formatter>());
  return app.help();
}

CLI::Validator not_empty() {
  return {[](const std::string& text) { return std::string(text.empty() ? "empty" : ""); }, "", "not empty"};
}

base::Result<base::Duration> parse_seconds(const std::string& text, const char* option) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool number = error == std::errc() && end == text.data() + text.size() && std::isfinite(seconds);
  if (!number || seconds < 0 || seconds > 1e9) {
    return usage_error(std::string(option) + " wants a number of seconds, not \"" + text + "\"");
  }
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

base::Result<std::uint64_t> parse_count(const std::string& text, const char* option) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count > 0) return count;
  return usage_error(std::string(option) + " wants a whole number of at least 1, not \"" + text + "\"");
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
  return usage_error(std::string(option) + " wants a number of bytes such as 100, 64K or 16M, not \"" + text + "\"");
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
