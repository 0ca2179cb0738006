#include "cli/command_line.h"

#include <algorithm>

#include "cli/connect_arguments.h"
#include "cli/parsing.h"
#include "cli/serve_arguments.h"

namespace wscope::cli {
namespace {

constexpr const char* version_text = "wscope " WSCOPE_VERSION "\n";

constexpr const char* overview =
    "wscope talks to WebSocket endpoints, and is one.\n"
    "\n"
    "  wscope [connect] [OPTIONS] URL        send lines of stdin as messages, print the messages that come\n"
    "  wscope listen [OPTIONS] [[ADDR:]PORT] a server that does the same with all its clients\n"
    "  wscope echo [OPTIONS] [[ADDR:]PORT]   a server that sends every message back\n"
    "\n"
    "URL is ws://host[:port][/path], or the same without ws://, or :port[/path] on this machine, or echo: for a "
    "server\n"
    "inside wscope. `wscope COMMAND --help` lists the options of a command.\n"
    "\n"
    "  echo hello | wscope echo:\n";

// What a message quotes may be a URL in the wrong place, whose credentials are nobody's business.
std::string without_credentials(std::string message) {
  const std::size_t end = message.rfind('@');
  if (end == std::string::npos) return message;
  std::size_t begin = end;
  for (const std::string_view before : {"://", "\"", ": "}) {
    const std::size_t found = message.find(before);
    if (found < end) begin = std::min(begin, found + before.size());
  }
  if (begin == end) begin = 0;
  return message.replace(begin, end - begin, "...");
}

// wscat -l PORT, where other options may stand before.
bool may_ask_to_listen(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::any_of(arguments.begin(), end, [](const std::string& argument) {
    return argument.starts_with("-l") || argument == "--listen" || argument.starts_with("--listen=");
  });
}

base::Result<Command> parse_any(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return usage_error("no URL");
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (first == "--version" || first == "-V") return ShowText{version_text};
  if (first == "--help" || first == "-h") return ShowText{overview};
  if (first == "connect") return parse_connect(rest);
  if (first == "echo" || first == "listen") return parse_serve(first, rest);
  if (!may_ask_to_listen(arguments)) return parse_connect(arguments);
  auto server = parse_serve("listen", arguments);
  if (server) return server;
  auto client = parse_connect(arguments);  // to which "-l" can only be the value of an option
  return client ? std::move(client) : std::move(server);
}

}  // namespace

base::Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
  auto command = parse_any(arguments);
  if (command) return command;
  base::Error error = std::move(command).error();
  error.message = without_credentials(std::move(error.message));
  std::replace(error.message.begin(), error.message.end(), '\n', ' ');
  return error;
}

}  // namespace wscope::cli
