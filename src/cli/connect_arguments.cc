#include "cli/connect_arguments.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "cli/connection_arguments.h"
#include "cli/endpoint.h"
#include "cli/exec_arguments.h"
#include "cli/interaction_arguments.h"
#include "cli/option_parser.h"
#include "cli/stream_arguments.h"
#include "cli/talk_arguments.h"
#include "cli/targets.h"
#include "net/file.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedConnect {
  std::string url;
  std::string url_of_wscat;
  TypedMessageType type;
  TypedFormats formats;
  TypedEnd end;
  TypedTimes times;
  bool reads_stdin = false;
  bool only_listens = false;
  bool echo = false;
  std::optional<std::uint64_t> count;
  TypedTalk talk;
  TypedExec exec;
  base::Duration for_time{};
  base::Duration timeout{};
  TypedConnection connection;
  TypedReporting reporting;
  report::WriteOut write_out;
  session::Interaction interaction;
};

void bind_write_out(OptionParser& parser, report::WriteOut& write_out) {
  parser.bind("--write-out", [&write_out](const std::string& text) -> base::Result<void> {
    auto format = text.starts_with('@') ? net::read_file(text.substr(1)) : text;
    if (!format) return std::move(format).error();
    auto read = report::WriteOut::parse(*format);
    if (!read) return command_line_error("--write-out: " + read.error().message);
    write_out = std::move(read).value();
    return {};
  });
}

void bind_messages(OptionParser& parser, TypedConnect& typed) {
  parser.bind("--connect", typed.url_of_wscat);
  bind_message_type(parser, typed.type);
  bind_formats(parser, typed.formats);
  bind_times(parser, typed.times);
  parser.bind("--stdin", typed.reads_stdin);
  parser.bind("--no-stdin", typed.only_listens);
  parser.bind("--echo", typed.echo);
  bind_end(parser, typed.end);
  parser.bind("--count", typed.count);
  parser.bind_value("--one", typed.count, 1);
  bind_talk(parser, typed.talk);
  bind_exec(parser, typed.exec);
  parser.bind("--for", typed.for_time);
  parser.bind("--timeout", typed.timeout);
  bind_reporting(parser, typed.reporting);
  bind_write_out(parser, typed.write_out);
  bind_interaction(parser, typed.interaction);
}

// Whether this is about how stdin is cut, and nothing else.
bool is_of_stdin(const std::optional<streams::InputFormat>& in) noexcept {
  return in == streams::InputFormat::whole || in == streams::InputFormat::nul;
}

base::Result<void> read_input(const TypedConnect& typed, session::ConnectCommand& command) {
  auto read = read_streams(typed.formats, typed.type, typed.times, typed.reporting, command);
  if (!read) return read;
  if (typed.only_listens && is_of_stdin(typed.formats.in)) {
    return command_line_error("--in whole and --in nul are about stdin, which --no-stdin does not read");
  }
  const bool has_steps = !typed.talk.steps.empty();
  command.reads_stdin = !typed.echo && !typed.only_listens && (!has_steps || typed.reads_stdin);
  command.only_listens = typed.only_listens;
  command.echo = typed.echo;
  auto exec = read_exec(typed.exec, typed.type, true);
  if (!exec) return std::move(exec).error();
  command.exec = std::move(exec).value();
  if (command.exec) command.reads_stdin = false;
  if (command.exec && has_shape(typed.formats)) {
    return command_line_error("a program has its own format, --exec-format: of the others there is only --json");
  }
  if (typed.echo && has_shape(typed.formats)) {
    return command_line_error("--echo sends messages back as they are: of the formats there is only --json");
  }
  return {};
}

void take_end(TypedConnect& typed, session::ConnectCommand& command) {
  command.at_eof = typed.echo ? session::AtEof::hold : typed.end.at_eof.value_or(command.at_eof);
  command.silence = typed.end.silence.value_or(command.silence);
  command.at_eof_given = typed.end.at_eof || typed.end.silence;
  command.count = typed.count;
  command.for_time = typed.for_time;
  command.timeout = typed.timeout;
  command.write_out = std::move(typed.write_out);
}

base::Result<Command> check(TypedConnect& typed) {
  const std::string& url = typed.url.empty() ? typed.url_of_wscat : typed.url;
  if (url.empty()) {
    const auto reporting = reporting_of(typed.reporting, formats_of(typed.formats).out);
    if (!reporting) return reporting.error();
    return session::UnconnectedCommand{*reporting, typed.interaction};
  }
  session::ConnectCommand command;
  command.interaction = typed.interaction;
  auto endpoint = parse_endpoint(url);
  if (!endpoint) return std::move(endpoint).error();
  command.endpoint = std::move(endpoint).value();
  take_end(typed, command);
  if (auto done = read_input(typed, command); !done) return std::move(done).error();
  if (auto done = read_connection(typed.connection, command); !done) return std::move(done).error();
  if (auto done = read_talk(typed.talk, typed.type.binary, command); !done) return std::move(done).error();
  return command;
}

}  // namespace

base::Result<Command> parse_connect(const std::vector<std::string>& arguments, Place place,
                                    const std::vector<std::string_view>& other_names) {
  TypedConnect typed;
  OptionParser parser(CommandSet::connect, place,
                      {.usage = "wscope [connect]",
                       .description = "Connects to URL, sends each line of stdin as a message and prints each message "
                                      "that comes; or runs -- PROGRAM ARG... to do so."});
  parser.bind_positional("URL", typed.url, "where to connect", "--connect");
  bind_messages(parser, typed);
  bind_connection(parser, typed.connection);
  const auto whole = with_target(arguments);
  if (!whole) return whole.error();
  auto parsed =
      parser.parse(place == Place::shell ? take_program(CommandSet::connect, *whole, typed.exec) : *whole, other_names);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  const bool has_url = !typed.url.empty() || !typed.url_of_wscat.empty();
  if (!has_url && parsed->option_of_link) {
    return command_line_error("no URL for " + std::string(*parsed->option_of_link));
  }
  return check(typed);
}

}  // namespace wscope::cli
