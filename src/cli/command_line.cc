#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <CLI/CLI.hpp>

#include "cli/endpoint.h"

namespace wscope::cli {
namespace {

constexpr const char* version_text = "wscope " WSCOPE_VERSION "\n";

constexpr const char* overview =
    "wscope talks to WebSocket endpoints, and is one.\n"
    "\n"
    "  wscope [connect] [OPTIONS] URL          send lines of stdin as messages, print the messages that come\n"
    "  wscope echo [OPTIONS] [[ADDR:]PORT]     a server that sends every message back\n"
    "  wscope listen --echo [[ADDR:]PORT]      the same\n"
    "\n"
    "URL is ws://host[:port][/path], or the same without ws://, or :port[/path] on this machine, or echo: for a "
    "server\n"
    "inside wscope. `wscope COMMAND --help` lists the options of a command.\n"
    "\n"
    "  echo hello | wscope echo:\n";

base::Error usage_error(std::string message) {
  return {base::ErrorKind::usage, std::move(message), "try wscope --help"};
}

// What a message quotes may be a URL in the wrong place, whose credentials are nobody's business.
std::string without_credentials(std::string message) {
  const std::size_t end = message.rfind('@');
  if (end == std::string::npos) return message;
  std::size_t begin = 0;
  for (const std::string_view before : {"://", "\"", ": "}) {
    const std::size_t found = message.find(before);
    if (found >= end) continue;
    begin = found + before.size();
    break;
  }
  return message.replace(begin, end - begin, "...");
}

// Seconds, with a fraction if need be.
base::Result<base::Duration> parse_seconds(const std::string& text, const char* option) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool number = error == std::errc() && end == text.data() + text.size() && std::isfinite(seconds);
  if (!number || seconds < 0 || seconds > 1e9) {
    return usage_error(std::string(option) + " wants a number of seconds, not \"" + text + "\"");
  }
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

// What was typed, before it is known to make sense.
struct Typed {
  std::string target;
  bool binary = false;
  bool text = false;
  bool echo = false;
  std::string at_eof = "wait";
  std::string silence = "1";
  std::string connect_timeout = "10";
  std::string handshake_timeout = "10";
  std::string close_timeout = "10";
};

void add_timeouts(CLI::App& app, Typed& typed, bool client) {
  const std::string group = "Timeouts";
  if (client) {
    app.add_option("--connect-timeout", typed.connect_timeout, "for the name and the TCP connection (10; 0: none)")
        ->type_name("SECONDS")
        ->group(group);
  }
  app.add_option("--handshake-timeout", typed.handshake_timeout, "for the upgrade (10; 0: none)")
      ->type_name("SECONDS")
      ->group(group);
  app.add_option("--close-timeout", typed.close_timeout, "for the peer to answer a Close (10; 0: none)")
      ->type_name("SECONDS")
      ->group(group);
}

base::Result<Timeouts> read_timeouts(const Typed& typed) {
  const auto connect = parse_seconds(typed.connect_timeout, "--connect-timeout");
  if (!connect) return connect.error();
  const auto handshake = parse_seconds(typed.handshake_timeout, "--handshake-timeout");
  if (!handshake) return handshake.error();
  const auto close = parse_seconds(typed.close_timeout, "--close-timeout");
  if (!close) return close.error();
  return Timeouts{*connect, *handshake, *close};
}

// Runs CLI11, which throws. True if the arguments make sense, false if they ask for help.
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

base::Result<Command> parse_connect(const std::vector<std::string>& arguments) {
  Typed typed;
  CLI::App app("Connects to URL, sends each line of stdin as a message and prints each message that comes.",
               "wscope [connect]");
  app.set_help_flag("-h,--help", "print this");
  app.add_option("URL", typed.target, "where to connect")->required();
  app.add_flag("-b,--binary", typed.binary, "send binary messages");
  app.add_flag("-t,--text", typed.text, "send text messages (as it is without this)")->excludes("--binary");
  app.add_option("--eof", typed.at_eof,
                 "after the last line: wait until the peer is silent, then close (the default); close at once; or hold "
                 "the connection until the peer closes it")
      ->type_name("wait|close|hold")
      ->check(CLI::IsMember({"wait", "close", "hold"}));
  app.add_option("-w,--wait", typed.silence, "how long the peer must be silent with --eof wait (1; -1: for ever)")
      ->type_name("SECONDS");
  add_timeouts(app, typed, true);
  const auto parsed = parse(app, arguments);
  if (!parsed) return parsed.error();
  if (!*parsed) return ShowText{app.help()};

  ConnectCommand command;
  auto endpoint = parse_endpoint(typed.target);
  if (!endpoint) return std::move(endpoint).error();
  command.endpoint = std::move(endpoint).value();
  command.binary = typed.binary;
  if (typed.at_eof == "close") command.at_eof = AtEof::close;
  if (typed.at_eof == "hold") command.at_eof = AtEof::hold;
  const auto silence = typed.silence == "-1" ? for_ever : parse_seconds(typed.silence, "--wait");
  if (!silence) return silence.error();
  command.silence = *silence;
  const auto timeouts = read_timeouts(typed);
  if (!timeouts) return timeouts.error();
  command.timeouts = *timeouts;
  return command;
}

base::Result<Command> parse_serve(const std::string& name, const std::vector<std::string>& arguments) {
  Typed typed;
  CLI::App app(
      "Listens on PORT (8080; 0 for any that is free), on this machine only unless ADDR says otherwise, and\n"
      "sends every message back.",
      "wscope " + name);
  app.set_help_flag("-h,--help", "print this");
  app.add_option("[ADDR:]PORT", typed.target, "where to listen");
  app.add_flag("--echo", typed.echo, "send every message back");
  add_timeouts(app, typed, false);
  const auto parsed = parse(app, arguments);
  if (!parsed) return parsed.error();
  if (!*parsed) return ShowText{app.help()};

  EchoCommand command;
  if (name == "listen" && !typed.echo) return usage_error("listen needs --echo");
  if (!typed.target.empty()) {
    const auto address = parse_listen_address(typed.target);
    if (!address) return address.error();
    command.address = *address;
  }
  const auto timeouts = read_timeouts(typed);
  if (!timeouts) return timeouts.error();
  command.timeouts = *timeouts;
  return command;
}

base::Result<Command> parse_any(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return usage_error("no URL");
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (first == "--version" || first == "-V") return ShowText{version_text};
  if (first == "--help" || first == "-h") return ShowText{overview};
  if (first == "connect") return parse_connect(rest);
  if (first == "echo" || first == "listen") return parse_serve(first, rest);
  return parse_connect(arguments);
}

}  // namespace

base::Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
  auto command = parse_any(arguments);
  if (command) return command;
  base::Error error = std::move(command).error();
  error.message = without_credentials(std::move(error.message));
  return error;
}

}  // namespace wscope::cli
