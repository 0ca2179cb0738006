#include "cli/ping_arguments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/connection_arguments.h"
#include "cli/endpoint.h"
#include "cli/interaction_arguments.h"
#include "cli/option_parser.h"
#include "cli/stream_arguments.h"
#include "cli/targets.h"
#include "link/recollection.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedPing {
  std::vector<std::string> words;  // that are no options
  std::optional<std::string> text;
  std::optional<std::string> size;
  bool json = false;
  TypedConnection connection;
  TypedReporting reporting;
  session::Interaction interaction;  // its colour
  session::PingCommand command;
};

base::Result<void> read_size(const std::string& typed, std::size_t& size) {
  const bool is_number = !typed.empty() && typed.size() <= 3 && typed.find_first_not_of("0123456789") == typed.npos;
  const unsigned long read = is_number ? std::stoul(typed) : ping::longest_payload + 1;
  if (read > ping::longest_payload) return command_line_error("--size wants 0 to 125, not \"" + typed + "\"");
  size = read;
  return {};
}

void bind_ping(OptionParser& parser, TypedPing& typed) {
  ping::PingPlan& plan = typed.command.ping;
  parser.bind("--count", plan.count);
  parser.bind("--interval", plan.interval);
  parser.bind("--wait", plan.patience);
  parser.bind("--size", typed.size);
  parser.bind("--text", typed.text);
  parser.bind("--open", plan.opens);
  parser.bind("--json", typed.json);
  parser.bind("--timeout", typed.command.timeout);
}

// A template may also stand behind --text as a word of its own: in front of the URL, or behind it.
void take_template(const std::vector<std::string>& arguments, TypedPing& typed) {
  if (typed.words.size() != 2 || !typed.text || !typed.text->empty()) return;
  const auto option = std::find(arguments.begin(), arguments.end(), "--text");
  if (option == arguments.end() || option + 1 == arguments.end()) return;
  const auto word = std::find(typed.words.begin(), typed.words.end(), *(option + 1));
  if (word == typed.words.end()) return;
  typed.text = *word;
  typed.words.erase(word);
}

base::Result<void> read_text(const TypedPing& typed, ping::PingPlan& plan) {
  if (typed.size) {
    if (auto read = read_size(*typed.size, plan.size); !read) return read;
  }
  if (!typed.text) return {};
  plan.as = ping::PingPlan::As::text;
  if (typed.text->empty()) return {};
  if (typed.size) return command_line_error("--size is of the usual payload, and --text has another");
  auto text = talk::Template::parse(*typed.text);
  if (!text) {
    base::Error error = std::move(text).error();
    error.message.insert(0, "--text: ");
    return error;
  }
  const link::Nameable known{.variables = {"seq"}};
  if (const auto flaw = link::find_unknown(*text, known)) {
    return base::usage_error("--text: " + flaw->message, flaw->hint.empty() ? help_hint : flaw->hint);
  }
  plan.text = std::move(*text);
  return {};
}

base::Result<Command> check(TypedPing& typed) {
  if (typed.words.size() != 1) return command_line_error("ping wants one URL");
  session::PingCommand& command = typed.command;
  auto endpoint = parse_endpoint(typed.words.front());
  if (!endpoint) return std::move(endpoint).error();
  command.endpoint = std::move(endpoint).value();
  if (auto read = read_connection(typed.connection, command); !read) return std::move(read).error();
  if (auto read = read_text(typed, command.ping); !read) return std::move(read).error();
  const auto reporting =
      reporting_of(typed.reporting, typed.json ? streams::OutputFormat::json : streams::OutputFormat::lines);
  if (!reporting) return reporting.error();
  command.reporting = *reporting;
  command.ping.only_summary = typed.reporting.quiet;
  command.color = typed.interaction.color;
  base::Result<Command> asked = std::move(command);
  return asked;
}

}  // namespace

base::Result<Command> parse_ping(const std::vector<std::string>& arguments) {
  TypedPing typed;
  OptionParser parser(
      CommandSet::ping, Place::shell,
      {.usage = "wscope ping",
       .description = "Sends Pings to URL, and says how long each answer takes and what they all come to.",
       .footer = "SIGINT (CTRL+C) ends it with the summary, SIGQUIT prints a line of how it stands. The "
                 "exit status is that of\nconnect if the connection fails, and 11 if pings are lost or "
                 "--count is not reached."});
  parser.bind_positionals("URL", typed.words, "where to connect");
  bind_ping(parser, typed);
  bind_connection(parser, typed.connection);
  bind_reporting(parser, typed.reporting);
  bind_interaction(parser, typed.interaction);
  const auto whole = with_target(arguments);
  if (!whole) return whole.error();
  auto parsed = parser.parse(*whole);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  take_template(*whole, typed);
  return check(typed);
}

}  // namespace wscope::cli
