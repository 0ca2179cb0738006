#include "cli/serve_arguments.h"

#include <charconv>

#include "cli/endpoint.h"
#include "cli/exec_arguments.h"
#include "cli/interaction_arguments.h"
#include "cli/option_parser.h"
#include "cli/relay_arguments.h"
#include "cli/request.h"
#include "cli/stream_arguments.h"
#include "cli/talk_arguments.h"
#include "cli/tls_arguments.h"
#include "http/authority.h"
#include "http/field_syntax.h"
#include "http/origin.h"
#include "net/address_range.h"
#include "net/passed_sockets.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedServe {
  std::string where;
  std::string where_of_wscat;
  bool echo = false;
  bool broadcast = false;
  bool once = false;
  std::optional<link::SlowClient> slow;
  std::string path;
  std::string user;
  std::vector<std::string> origins;
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> allowed;
  std::string unix_mode;
  std::string www;
  bool www_lists = false;
  std::vector<std::string> subprotocols;
  std::vector<std::string> headers;
  std::optional<std::uint64_t> max_clients;
  bool no_compress = false;
  int compress_level = ws::DeflateTuning().level;
  TypedEnd end;
  base::Duration for_time{};
  TypedTimes times;
  TypedMessageType type;
  TypedFormats formats;
  TypedReporting reporting;
  TypedTalk talk;
  TypedExec exec;
  session::Interaction interaction;
  link::SizeLimits limits;
  link::Timeouts timeouts;
  TypedServerTls tls;
  TypedRelay relay;
};

constexpr Choice<link::SlowClient> slow_choices[] = {{"drop", link::SlowClient::drop},
                                                     {"close", link::SlowClient::close}};
static_assert(are_words_of("--slow", slow_choices, CommandSet::listen));

void bind_service(OptionParser& parser, TypedServe& typed) {
  parser.bind("--listen", typed.where_of_wscat);
  parser.bind("--echo", typed.echo);
  parser.bind("--broadcast", typed.broadcast);
  bind_relay(parser, typed.relay);
  parser.bind("--slow", typed.slow, slow_choices);
  parser.bind("--www", typed.www);
  parser.bind("--www-list", typed.www_lists);
  bind_end(parser, typed.end);
  parser.bind("--for", typed.for_time);
  bind_times(parser, typed.times);
  bind_message_type(parser, typed.type);
  bind_formats(parser, typed.formats);
  bind_talk(parser, typed.talk);
  bind_exec(parser, typed.exec);
  bind_reporting(parser, typed.reporting);
  bind_interaction(parser, typed.interaction);
}

void bind_admission(OptionParser& parser, TypedServe& typed) {
  parser.bind("--allow", typed.allowed);
  parser.bind("--allow-host", typed.allowed_hosts);
  parser.bind("--unix-mode", typed.unix_mode);
  parser.bind("--once", typed.once);
  parser.bind("--max-clients", typed.max_clients);
  parser.bind("--path", typed.path);
  parser.bind("--user", typed.user);
  parser.bind("--origin", typed.origins);
  parser.bind("--subprotocol", typed.subprotocols);
  parser.bind("--header", typed.headers);
  parser.bind("--no-compress", typed.no_compress);
  parser.bind_level("--compress-level", typed.compress_level);
  bind_server_tls(parser, typed.tls);
  bind_limits(parser, typed.limits);
  bind_timeouts(parser, typed.timeouts);
}

// Sockets that were passed to us are for the command, not for what is typed in a session of it.
base::Result<link::ListenAddress> read_address(const TypedServe& typed, Place place) {
  const std::string& where = typed.where.empty() ? typed.where_of_wscat : typed.where;
  link::ListenAddress address;
  if (!where.empty()) {
    auto parsed = parse_listen_address(where);
    if (!parsed) return std::move(parsed).error();
    address = std::move(parsed).value();
  }
  if (!typed.unix_mode.empty()) {
    if (address.unix_path.empty()) return command_line_error("--unix-mode is for listening on unix:PATH");
    auto mode = parse_unix_mode(typed.unix_mode);
    if (!mode) return std::move(mode).error();
    address.unix_mode = *mode;
  }
  if (!typed.allowed.empty() && !address.unix_path.empty()) {
    return command_line_error("--allow is for addresses, and who comes to a Unix domain socket has none");
  }
  auto passed = place == Place::shell ? net::take_passed_sockets() : 0;
  if (!passed) return std::move(passed).error();
  address.passed = *passed;
  return address;
}

base::Result<std::string> read_allowed_host(const std::string& typed) {
  if (typed == "*") return typed;
  auto authority = http::parse_authority(typed);
  if (authority && !authority->port) return std::move(authority->host.text);
  return command_line_error("--allow-host wants a name without a port, not \"" + typed + "\"");
}

// What is agreed on is said as it is: a header of one's own cannot agree.
base::Result<void> take_negotiated(link::Admission& admission) {
  const char* const subprotocol_field = "Sec-WebSocket-Protocol";
  if (admission.headers.contains("Sec-WebSocket-Extensions")) {
    return command_line_error("header Sec-WebSocket-Extensions: extensions are negotiated, or not with --no-compress");
  }
  const auto value = admission.headers.joined(subprotocol_field);
  if (!value) return {};
  auto subprotocols = http::parse_token_list(*value);
  if (!subprotocols) return command_line_error("header Sec-WebSocket-Protocol: " + subprotocols.error().message);
  admission.headers.remove(subprotocol_field);
  for (std::string& subprotocol : *subprotocols) admission.subprotocols.push_back(std::move(subprotocol));
  return {};
}

base::Result<link::Admission> read_admission(const TypedServe& typed) {
  link::Admission admission;
  if (!typed.path.empty() && typed.path.front() != '/') return command_line_error("--path begins with a slash");
  admission.path = typed.path;
  if (!typed.user.empty()) {
    auto credentials = read_credentials(typed.user);
    if (!credentials) return std::move(credentials).error();
    admission.credentials = std::move(credentials).value();
  }
  for (const std::string& origin : typed.origins) admission.origins.push_back(http::normalized_origin(origin));
  for (const std::string& name : typed.allowed_hosts) {
    auto read = read_allowed_host(name);
    if (!read) return std::move(read).error();
    admission.allowed_hosts.push_back(std::move(read).value());
  }
  for (const std::string& range : typed.allowed) {
    auto read = net::AddressRange::parse(range);
    if (!read) return command_line_error("--allow " + read.error().message);
    admission.addresses.push_back(*read);
  }
  for (const std::string& subprotocol : typed.subprotocols) {
    if (!http::is_token(subprotocol)) return command_line_error("--subprotocol: not a token");
  }
  admission.subprotocols = typed.subprotocols;
  auto headers = read_headers(typed.headers);
  if (!headers) return std::move(headers).error();
  admission.headers = std::move(headers->fields);
  admission.left_out = std::move(headers->left_out);
  if (auto taken = take_negotiated(admission); !taken) return std::move(taken).error();
  admission.max_clients = typed.max_clients;
  return admission;
}

base::Result<void> read_messages(const TypedServe& typed, session::ServeCommand& command) {
  if (has_shape(typed.formats) && command.exec) {
    return command_line_error("a program has its own format, --exec-format: of the others there is only --json");
  }
  if (has_shape(typed.formats) && command.service != link::ServiceKind::pipe) {
    return command_line_error(
        command.relay ? "--relay passes on what it gets: of the formats there is only --json"
                      : "--echo and --broadcast pass messages on as they are: of the formats there is only --json");
  }
  auto read = read_streams(typed.formats, typed.type, typed.times, typed.reporting, command);
  if (read && command.input.format == streams::InputFormat::whole) {
    return command_line_error("--in whole is for one connection: wscope connect");
  }
  return read;
}

base::Result<void> read_service(CommandSet name, const TypedServe& typed, session::ServeCommand& command) {
  if (typed.echo || name == CommandSet::echo) command.service = link::ServiceKind::echo;
  if (typed.broadcast) command.service = link::ServiceKind::broadcast;
  if (!typed.www.empty()) command.www = serve::WwwPlan{typed.www, typed.www_lists};
  if (typed.www.empty() && typed.www_lists) return command_line_error("--www-list needs --www");
  command.has_pages = command.www.has_value();
  if (!typed.allowed_hosts.empty() && command.service == link::ServiceKind::echo && !command.has_pages) {
    return command_line_error("--allow-host says nothing to --echo, which is open to all web pages");
  }
  auto exec = read_exec(typed.exec, typed.type, false);
  if (!exec) return std::move(exec).error();
  command.exec = std::move(exec).value();
  if (command.exec) command.service = link::ServiceKind::exec;
  if (command.exec && typed.slow && command.exec->mode != serve::ExecMode::shared) {
    return command_line_error("--slow says nothing to a process a connection, which waits for its client");
  }
  return {};
}

base::Result<Command> check(CommandSet name, Place place, TypedServe& typed) {
  session::ServeCommand command;
  command.slow = typed.slow.value_or(command.slow);
  command.at_eof = typed.end.at_eof;
  if (typed.end.silence) {
    command.silence = *typed.end.silence;
    command.at_eof = command.at_eof.value_or(session::AtEof::wait);
  }
  command.for_time = typed.for_time;
  command.limits = typed.limits;
  command.timeouts = typed.timeouts;
  command.interaction = typed.interaction;
  auto address = read_address(typed, place);
  if (!address) return std::move(address).error();
  command.address = std::move(address).value();
  if (auto read = read_service(name, typed, command); !read) return std::move(read).error();
  command.once = typed.once;
  auto admission = read_admission(typed);
  if (!admission) return std::move(admission).error();
  command.admission = std::move(admission).value();
  command.compression = !typed.no_compress;
  command.compression_level = typed.compress_level;
  if (auto read = read_relay(typed.relay, command); !read) return std::move(read).error();
  if (auto read = read_messages(typed, command); !read) return std::move(read).error();
  if (auto read = read_server_tls(typed.tls, command); !read) return std::move(read).error();
  if (auto read = read_talk(typed.talk, typed.type.binary, command); !read) return std::move(read).error();
  return command;
}

}  // namespace

base::Result<Command> parse_serve(CommandSet name, const std::vector<std::string>& arguments, Place place) {
  const bool echo = name == CommandSet::echo;
  TypedServe typed;
  OptionParser parser(
      name, place,
      {.usage = echo ? "wscope echo" : "wscope listen",
       .description =
           echo ? "Sends every message back to the client it comes from."
                : "Prints the messages of all clients, and sends each line of stdin to all of them; or, with -- "
                  "PROGRAM ARG..., runs a program for each client that talks to it.",
       .footer =
           "It listens on PORT (8080; 0 for any that is free), on this machine only unless ADDR says otherwise. "
           "unix:PATH is\na Unix domain socket. A browser that asks for the page gets one that talks to the server."});
  parser.bind_positional("[ADDR:]PORT", typed.where, "where to listen", "--listen");
  bind_service(parser, typed);
  bind_admission(parser, typed);
  const auto rest = place == Place::shell ? take_program(name, arguments, typed.exec) : arguments;
  auto parsed = parser.parse(rest);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  auto command = check(name, place, typed);
  if (!command && !parse_listen_address(typed.where)) {  // what cannot be a port may have been meant for an option
    if (auto misplaced = parser.misplaced_value(rest)) return *std::move(misplaced);
  }
  return command;
}

}  // namespace wscope::cli
