#include "cli/parsing.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wscope::cli {

base::Error usage_error(std::string message) {
  return {base::ErrorKind::usage, std::move(message), "try wscope --help"};
}

base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
    return true;
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    return usage_error(std::move(message));
  }
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
}

base::Result<Timeouts> read_timeouts(const TypedTimeouts& typed) {
  const auto connect = parse_seconds(typed.connect, "--connect-timeout");
  if (!connect) return connect.error();
  const auto handshake = parse_seconds(typed.handshake, "--handshake-timeout");
  if (!handshake) return handshake.error();
  const auto close = parse_seconds(typed.close, "--close-timeout");
  if (!close) return close.error();
  return Timeouts{*connect, *handshake, *close};
}

}  // namespace wscope::cli
