#include "cli/connect_arguments.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "cli/endpoint.h"
#include "cli/exec_arguments.h"
#include "cli/interaction_arguments.h"
#include "cli/option_parser.h"
#include "cli/request.h"
#include "cli/route_arguments.h"
#include "cli/stream_arguments.h"
#include "cli/talk_arguments.h"
#include "cli/targets.h"
#include "cli/tls_arguments.h"
#include "http/field_syntax.h"
#include "net/file.h"
#include "ws/extension_header.h"

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
  std::optional<std::string> compress;
  bool no_compress = false;
  int compress_level = ws::DeflateTuning().level;
  TypedRequest request;
  TypedReporting reporting;
  report::WriteOut write_out;
  link::SizeLimits limits;
  link::Timeouts timeouts;
  TypedRoute route;
  TypedRetries retries;
  TypedClientTls tls;
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

void bind_request(OptionParser& parser, TypedRequest& typed) {
  parser.bind("--header", typed.headers);
  parser.bind("--subprotocol", typed.subprotocols);
  parser.bind("--origin", typed.origin);
  parser.bind("--host", typed.host);
  parser.bind("--user-agent", typed.user_agent);
  parser.bind("--user", typed.user);
  parser.bind("--bearer", typed.bearer);
  parser.bind("--cookie", typed.cookies);
  parser.bind("--protocol-version", typed.version);
}

void bind_connection(OptionParser& parser, TypedConnect& typed) {
  bind_request(parser, typed.request);
  bind_route(parser, typed.route);
  bind_retries(parser, typed.retries);
  bind_client_tls(parser, typed.tls);
  parser.bind("--no-compress", typed.no_compress);
  parser.bind("--compress", typed.compress);
  parser.bind_level("--compress-level", typed.compress_level);
  bind_limits(parser, typed.limits);
  bind_timeouts(parser, typed.timeouts);
}

base::Result<std::optional<ws::DeflateParameters>> read_compression(const TypedConnect& typed) {
  if (typed.no_compress) return std::nullopt;
  if (!typed.compress) return ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits};
  auto list = ws::parse_extension_parameters(*typed.compress);
  if (!list) return command_line_error("--compress: " + list.error().message);
  const ws::ExtensionParameter name = {"permessage-deflate", std::nullopt};  // first in a header
  if (!list->empty() && list->front() == name) list->erase(list->begin());
  const auto parameters = ws::parse_deflate_parameters(*list);
  if (!parameters) return command_line_error("--compress: " + parameters.error().message);
  return std::optional(*parameters);
}

// What a header Sec-WebSocket-Extensions offers of permessage-deflate. Others are the server's to decline.
base::Result<void> read_offered_compression(const std::string& value, session::ConnectCommand& command) {
  command.compression.reset();
  if (value.empty()) return {};
  const auto elements = ws::parse_extensions(value);
  if (!elements) return command_line_error("header Sec-WebSocket-Extensions: " + elements.error().message);
  for (const ws::ExtensionElement& element : *elements) {
    if (element.name != "permessage-deflate") continue;
    const auto parameters = ws::parse_deflate_parameters(element.parameters);
    if (!parameters) return command_line_error("header Sec-WebSocket-Extensions: " + parameters.error().message);
    if (command.compression) {
      command.further_compression.push_back(*parameters);
    } else {
      command.compression = *parameters;
    }
  }
  return {};
}

// --compress and --no-compress, unless a header says otherwise.
base::Result<void> read_compression(const TypedConnect& typed, session::ConnectCommand& command) {
  const auto compression = read_compression(typed);
  if (!compression) return compression.error();
  command.compression = *compression;
  command.compression_level = typed.compress_level;
  const char* const field = "Sec-WebSocket-Extensions";
  if (const auto value = command.request.headers.joined(field)) return read_offered_compression(*value, command);
  if (http::list_contains(command.request.left_out, field)) command.compression.reset();
  return {};
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

base::Result<void> read_connection(const TypedConnect& typed, session::ConnectCommand& command) {
  auto request = read_request(typed.request);
  if (!request) return std::move(request).error();
  command.request = std::move(request->options);
  command.cookies = std::move(request->cookies);
  for (std::string& notice : request->notices) command.notices.push_back(std::move(notice));
  const std::string& user = typed.request.user;
  const ws::ConnectOptions& made = command.request;
  const bool is_replaced =
      made.headers.contains("Authorization") || http::list_contains(made.left_out, "Authorization");
  if (!user.empty() && user.find(':') == std::string::npos && !is_replaced) command.asks_password_of = user;
  if (auto read = read_compression(typed, command); !read) return read;
  command.limits = typed.limits;
  command.timeouts = typed.timeouts;
  return {};
}

base::Result<void> read_way(const TypedConnect& typed, session::ConnectCommand& command) {
  auto route = read_route(typed.route, command.endpoint);
  if (!route) return std::move(route).error();
  command.route = std::move(route).value();
  if (auto read = read_retries(typed.retries, command); !read) return read;
  return read_client_tls(typed.tls, command);
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
  for (const auto read : {read_input, read_connection, read_way}) {
    if (auto done = read(typed, command); !done) return std::move(done).error();
  }
  if (auto done = read_talk(typed.talk, typed.type.binary, command); !done) return std::move(done).error();
  return command;
}

}  // namespace

base::Result<Command> parse_connect(const std::vector<std::string>& arguments, Place place,
                                    const std::vector<std::string_view>& other_names) {
  TypedConnect typed;
  typed.request.user_agent = "wscope/" WSCOPE_VERSION;
  OptionParser parser(CommandSet::connect, place,
                      {.usage = "wscope [connect]",
                       .description = "Connects to URL, sends each line of stdin as a message and prints each message "
                                      "that comes; or runs -- PROGRAM ARG... to do so."});
  parser.bind_positional("URL", typed.url, "where to connect", "--connect");
  bind_messages(parser, typed);
  bind_connection(parser, typed);
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

// --- wscope forward

namespace {

// What was typed, before it is known to make sense.
struct TypedForward {
  std::vector<std::string> places;
  TypedConnect connection;
  base::Duration idle = serve::usual_idle;
  std::string unix_mode;
  std::optional<std::uint64_t> max_clients;
};

serve::AfterEnd after_end_of(const TypedEnd& typed) {
  switch (typed.at_eof.value_or(session::AtEof::wait)) {
    case session::AtEof::close:
      return serve::AfterEnd::close;
    case session::AtEof::hold:
      return serve::AfterEnd::hold;
    case session::AtEof::wait:
      break;
  }
  return serve::AfterEnd::wait;
}

base::Result<void> read_from(const TypedForward& typed, serve::ForwardPlan& plan) {
  std::string where = typed.places.front();
  if (where == "-") {
    plan.from = serve::ForwardPlan::From::stdio;
    return {};
  }
  if (http::begins_ignoring_case(where, "udp:")) {
    plan.from = serve::ForwardPlan::From::datagrams;
    where.erase(0, 4);
  }
  auto address = parse_listen_address(where);
  if (!address) return std::move(address).error();
  plan.address = std::move(address).value();
  const bool is_path = !plan.address.unix_path.empty();
  if (is_path && plan.from == serve::ForwardPlan::From::datagrams) {
    return command_line_error("udp: has a port behind it");
  }
  if (typed.unix_mode.empty()) return {};
  if (!is_path) return command_line_error("--unix-mode is for unix:PATH");
  const auto mode = parse_unix_mode(typed.unix_mode);
  if (!mode) return mode.error();
  plan.address.unix_mode = *mode;
  return {};
}

base::Result<Command> check(TypedForward& typed) {
  if (typed.places.size() != 2) return command_line_error("forward wants two places: from where, and the URL");
  session::ConnectCommand connection;
  auto endpoint = parse_endpoint(typed.places.back());
  if (!endpoint) return std::move(endpoint).error();
  connection.endpoint = std::move(endpoint).value();
  for (const auto read : {read_connection, read_way}) {
    if (auto done = read(typed.connection, connection); !done) return std::move(done).error();
  }
  // What is forwarded is mostly not worth it, or no secret to be mixed with others'.
  const bool offers = typed.connection.compress || connection.request.headers.contains("Sec-WebSocket-Extensions");
  if (!offers) connection.compression.reset();
  const auto reporting = reporting_of(typed.connection.reporting, streams::OutputFormat::lines);
  if (!reporting) return reporting.error();
  session::ForwardCommand command{std::move(connection), {}, *reporting};
  command.forward.after_end = after_end_of(typed.connection.end);
  command.forward.silence = typed.connection.end.silence.value_or(command.forward.silence);
  command.forward.idle = typed.idle;
  command.forward.max_clients = typed.max_clients;
  if (auto read = read_from(typed, command.forward); !read) return std::move(read).error();
  return Command(std::move(command));
}

}  // namespace

base::Result<Command> parse_forward(const std::vector<std::string>& arguments) {
  TypedForward typed;
  typed.connection.request.user_agent = "wscope/" WSCOPE_VERSION;
  OptionParser parser(CommandSet::forward, Place::shell,
                      {.usage = "wscope forward",
                       .description = "Forwards bytes through a WebSocket to URL, one for each connection.",
                       .footer = "FROM is [ADDR:]PORT, unix:PATH or udp:[ADDR:]PORT to listen there, on this machine "
                                 "only unless ADDR says\notherwise; or - for stdin and stdout."});
  parser.bind_positionals("FROM URL", typed.places, "from where, and where to");
  bind_connection(parser, typed.connection);
  bind_reporting(parser, typed.connection.reporting);
  bind_end(parser, typed.connection.end);
  parser.bind("--idle", typed.idle);
  parser.bind("--unix-mode", typed.unix_mode);
  parser.bind("--max-clients", typed.max_clients);
  const auto whole = with_target(arguments);
  if (!whole) return whole.error();
  auto parsed = parser.parse(*whole);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  return check(typed);
}

}  // namespace wscope::cli
