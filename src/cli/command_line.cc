#include "cli/command_line.h"

#include <algorithm>
#include <variant>

#include "cli/check_arguments.h"
#include "cli/connect_arguments.h"
#include "cli/curl_arguments.h"
#include "cli/forward_arguments.h"
#include "cli/generated.h"
#include "cli/offline_arguments.h"
#include "cli/option_table.h"
#include "cli/parsing.h"
#include "cli/ping_arguments.h"
#include "cli/run_arguments.h"
#include "cli/serve_arguments.h"
#include "cli/version.h"

namespace wscope::cli {
namespace {

constexpr const char* overview =
    "wscope talks to WebSocket endpoints, and is one.\n"
    "\n"
    "  wscope [connect] [OPTIONS] URL        send lines of stdin as messages, print the messages that come\n"
    "  wscope listen [OPTIONS] [[ADDR:]PORT] a server that does the same with all its clients\n"
    "  wscope listen [OPTIONS] [[ADDR:]PORT] -- PROGRAM ARG...\n"
    "                                        a program for each client (so does connect URL -- PROGRAM)\n"
    "  wscope echo [OPTIONS] [[ADDR:]PORT]   a server that sends every message back\n"
    "  wscope forward [OPTIONS] FROM URL     a port, a Unix socket or stdin and stdout, through WebSockets\n"
    "  wscope ping [OPTIONS] URL             round-trip times of an endpoint\n"
    "  wscope check [OPTIONS] URL            does this server keep to the RFCs? a verdict for each of some 300 cases\n"
    "  wscope run [OPTIONS] FILE...          run scripts with expectations, and report what came of them\n"
    "  wscope decode [OPTIONS] [FILE]        print the frames that bytes are, and what is wrong with them\n"
    "  wscope encode [OPTIONS] ITEM...       print messages and frames as their bytes\n"
    "  wscope curl ARGS...                   connect as a browser does that said \"copy as cURL\"\n"
    "\n"
    "URL is ws://host[:port][/path] or, with TLS, wss://host[:port][/path]; or ws without ws://, or :port[/path] on\n"
    "this machine, or ws+unix:/path/to.sock[:/path], or echo: for a server inside wscope. `wscope COMMAND --help`\n"
    "lists the options of a command. On a terminal, wscope alone, connect and listen talk to you: /help there lists\n"
    "what to type.\n"
    "\n"
    "  echo hello | wscope echo:\n";

constexpr const char* help_of_curl =
    "Connects with the request of a line that a browser copies as cURL (Network, the WebSocket, Copy as cURL).\n"
    "Usage: wscope curl ARGS...\n"
    "\n"
    "Options have curl's letters and meanings; those that mean nothing here are ignored, and named. Long options that\n"
    "only wscope has may stand among them: see wscope connect --help.\n"
    "\n"
    "  wscope curl 'wss://example.com/chat' -H 'Origin: https://example.com' -H 'Cookie: id=1' --one\n";

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

// Whether `argument` is this option of wscope itself, perhaps with a value in the same word.
bool is_option(const std::string& argument, OptionName name) {
  const Option* option = row_of(CommandSet::alone, name);
  const bool is_long = argument.starts_with("--");
  const std::string_view typed = std::string_view(argument).substr(0, is_long ? argument.find('=') : 2);
  return option != nullptr && option->is_named(typed) && (typed == argument || option->takes_value());
}

// wscat -l PORT, where other options may stand before.
bool may_ask_to_listen(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::any_of(arguments.begin(), end,
                     [](const std::string& argument) { return is_option(argument, "--listen"); });
}

base::Result<Command> parse_curl(const std::vector<std::string>& arguments) {
  const auto translated = translate_curl(arguments);
  if (!translated) return translated.error();
  if (translated->help) return ShowText{help_of_curl};
  auto command = parse_connect(translated->arguments, Place::shell, names_of_curl());
  if (command && std::holds_alternative<session::UnconnectedCommand>(*command)) return no_url_error();
  auto* client = command ? std::get_if<session::ConnectCommand>(&*command) : nullptr;
  if (client == nullptr || translated->ignored.empty()) return command;
  std::string notice;
  for (const std::string& option : translated->ignored) notice += (notice.empty() ? "" : ", ") + option;
  client->notices.push_back("ignored, as it means nothing here: " + notice);
  return command;
}

base::Result<Command> parse_generate(const std::string& option, std::vector<std::string> words) {
  const std::size_t equals = option.find('=');
  if (equals != std::string::npos) words.insert(words.begin(), option.substr(equals + 1));
  auto text = generated(words);
  if (!text) return std::move(text).error();
  return ShowText{std::move(*text)};
}

base::Result<Command> parse_any(const std::vector<std::string>& arguments, Place place) {
  if (arguments.empty()) return parse_connect(arguments, place);
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (is_option(first, "--version")) return ShowText{version_text()};
  if (is_option(first, "--help")) return ShowText{overview};
  if (is_option(first, "--generate")) return parse_generate(first, rest);
  if (first == "connect") return parse_connect(rest, place);
  if (first == "curl") return parse_curl(rest);
  if (first == "echo") return parse_serve(CommandSet::echo, rest, place);
  if (first == "listen") return parse_serve(CommandSet::listen, rest, place);
  if (first == "check") return parse_check(rest);
  if (first == "run") return parse_run(rest);
  if (first == "forward") return parse_forward(rest);
  if (first == "ping") return parse_ping(rest);
  if (first == "decode") return parse_decode(rest);
  if (first == "encode") return parse_encode(rest);
  if (!may_ask_to_listen(arguments)) return parse_connect(arguments, place);
  auto server = parse_serve(CommandSet::listen, arguments, place);
  if (server) return server;
  auto client = parse_connect(arguments, place);  // to which "-l" can only be the value of an option
  return client ? std::move(client) : std::move(server);
}

}  // namespace

base::Error no_url_error() { return command_line_error("no URL"); }

base::Result<Command> parse_command_line(const std::vector<std::string>& arguments, Place place) {
  auto command = parse_any(arguments, place);
  if (command) return command;
  base::Error error = std::move(command).error();
  error.message = without_credentials(std::move(error.message));
  std::replace(error.message.begin(), error.message.end(), '\n', ' ');
  return error;
}

base::Result<repl::Wanted> read_plan(const std::vector<std::string>& words) {
  auto command = parse_command_line(words, Place::session);
  if (!command) {
    base::Error error = std::move(command).error();
    if (error.hint == help_hint) error.hint.clear();  // which is for the shell
    return error;
  }
  if (auto* help = std::get_if<ShowText>(&*command)) return repl::Wanted(std::move(help->text));
  if (auto* server = std::get_if<session::ServeCommand>(&*command))
    return repl::Wanted(link::ServePlan(std::move(*server)));
  auto* client = std::get_if<session::ConnectCommand>(&*command);
  if (client == nullptr) return base::usage_error("no URL");
  return repl::Wanted(link::ConnectPlan(std::move(*client)));
}

std::vector<repl::Option> options_in_session(std::string_view command) {
  std::vector<repl::Option> options;
  for (const Option* row : options_of(command == "listen" ? CommandSet::listen : CommandSet::connect)) {
    if (row->scope != Scope::link) continue;
    const bool is_choice = row->value.kind == repl::ValueKind::choice;
    options.push_back({.names = row->names,
                       .kind = row->value.kind,
                       .value_optional = row->value.given == Given::in_one_word,
                       .choices = is_choice ? row->value.name : std::string_view(),
                       .secret = row->value.secret});
  }
  return options;
}

}  // namespace wscope::cli
