#include "cli/serve_arguments.h"

#include "cli/endpoint.h"
#include "cli/interaction_arguments.h"
#include "cli/option_scope.h"
#include "cli/parsing.h"
#include "cli/request.h"
#include "cli/stream_arguments.h"
#include "cli/tls_arguments.h"
#include "http/authority.h"
#include "http/field_syntax.h"
#include "http/origin.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedServe {
  std::string where;
  std::string where_of_wscat;
  bool echo = false;
  bool broadcast = false;
  bool once = false;
  std::string slow = "close";
  std::string path;
  std::string user;
  std::vector<std::string> origins;
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> subprotocols;
  std::vector<std::string> headers;
  std::string max_clients;
  bool no_compress = false;
  TypedMessageType type;
  TypedFormats formats;
  TypedReporting reporting;
  TypedInteraction interaction;
  TypedLimits limits;
  TypedTimeouts timeouts;
  TypedServerTls tls;
};

constexpr Choice<link::SlowClient> slow_choices[] = {{"drop", link::SlowClient::drop},
                                                     {"close", link::SlowClient::close}};

void add_echo_options(CLI::App& app, TypedServe& typed) {
  app.add_flag("--json", typed.formats.json, "print all that happens, as JSON");
}

void add_service_options(CLI::App& app, TypedServe& typed) {
  auto* echo = app.add_flag("--echo", typed.echo, "send every message back");
  app.add_flag("--broadcast", typed.broadcast, "send every message to all other clients")->excludes(echo);
  app.add_option("--slow", typed.slow,
                 "a client that is sent to faster than it reads: close it (1008, the default), or drop what it has no "
                 "room for")
      ->type_name(names_of(slow_choices));
  app.add_option("--allow-host", typed.allowed_hosts,
                 "a name of this server that web pages may use, besides addresses and localhost; may be repeated; * is "
                 "any")
      ->check(not_empty())
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group("Clients");
  add_message_type(app, typed.type);
  add_formats(app, typed.formats);
}

void add_admission_options(CLI::App& app, TypedServe& typed) {
  const std::string group = "Clients";
  app.add_flag("--once", typed.once, "serve one client, then exit")->group(group);
  app.add_option("--max-clients", typed.max_clients, "refuse more clients at a time (503)")
      ->check(not_empty())
      ->type_name("N")
      ->group(group);
  app.add_option("--path", typed.path, "the only path there is (404)")
      ->check(not_empty())
      ->type_name("PATH")
      ->group(group);
  app.add_option("-u,--user,--auth", typed.user, "the Basic credentials to ask for (401)")
      ->check(not_empty())
      ->type_name("USER:PASSWORD")
      ->group(group);
  app.add_option("-o,--origin", typed.origins,
                 "let in only clients of this Origin (403), of none if it is none, of any if it is *; may be repeated")
      ->check(not_empty())
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("-s,--subprotocol", typed.subprotocols, "speak this subprotocol; may be repeated, best first")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("-H,--header", typed.headers,
                 "a header of the answer, in place of our own; NAME: leaves it out, NAME; sends it empty; repeats are "
                 "sent; @FILE "
                 "reads them, one a line")
      ->type_name("'NAME: VALUE'")
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--no-compress", typed.no_compress, "do not agree to permessage-deflate")->group(group);
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
  for (const std::string& subprotocol : typed.subprotocols) {
    if (!http::is_token(subprotocol)) return command_line_error("--subprotocol: not a token");
  }
  admission.subprotocols = typed.subprotocols;
  auto headers = read_headers(typed.headers);
  if (!headers) return std::move(headers).error();
  admission.headers = std::move(headers->fields);
  admission.left_out = std::move(headers->left_out);
  if (auto taken = take_negotiated(admission); !taken) return std::move(taken).error();
  if (!typed.max_clients.empty()) {
    const auto max_clients = parse_count(typed.max_clients, "--max-clients");
    if (!max_clients) return max_clients.error();
    admission.max_clients = *max_clients;
  }
  return admission;
}

base::Result<void> read_messages(const TypedServe& typed, session::ServeCommand& command) {
  const auto slow = choose(typed.slow, "--slow", slow_choices);
  if (!slow) return slow.error();
  command.slow = *slow;
  const auto formats = read_formats(typed.formats);
  if (!formats) return formats.error();
  if (has_shape(typed.formats) && command.service != link::ServiceKind::pipe) {
    return command_line_error(
        "--echo and --broadcast pass messages on as they are: of the formats there is only --json");
  }
  command.input = formats->in;
  if (command.input == streams::InputFormat::whole)
    return command_line_error("--in whole is for one connection: wscope connect");
  command.type = read_message_type(typed.type, formats->in);
  const auto reporting = read_reporting(typed.reporting, formats->out);
  if (!reporting) return reporting.error();
  command.reporting = *reporting;
  const auto limits = read_limits(typed.limits);
  if (!limits) return limits.error();
  command.limits = *limits;
  return {};
}

base::Result<Command> check(const std::string& name, const TypedServe& typed) {
  session::ServeCommand command;
  const std::string& where = typed.where.empty() ? typed.where_of_wscat : typed.where;
  if (!where.empty()) {
    auto address = parse_listen_address(where);
    if (!address) return std::move(address).error();
    command.address = std::move(address).value();
  }
  if (typed.echo || name == "echo") command.service = link::ServiceKind::echo;
  if (typed.broadcast) command.service = link::ServiceKind::broadcast;
  if (!typed.allowed_hosts.empty() && command.service == link::ServiceKind::echo) {
    return command_line_error("--allow-host says nothing to --echo, which is open to all web pages");
  }
  command.once = typed.once;
  auto admission = read_admission(typed);
  if (!admission) return std::move(admission).error();
  command.admission = std::move(admission).value();
  command.compression = !typed.no_compress;
  if (auto read = read_messages(typed, command); !read) return std::move(read).error();
  const auto timeouts = read_timeouts(typed.timeouts);
  if (!timeouts) return timeouts.error();
  command.timeouts = *timeouts;
  if (auto read = read_server_tls(typed.tls, command); !read) return std::move(read).error();
  auto interaction = read_interaction(typed.interaction);
  if (!interaction) return std::move(interaction).error();
  command.interaction = std::move(interaction).value();
  return command;
}

}  // namespace

base::Result<Command> parse_serve(const std::string& name, const std::vector<std::string>& arguments, Place place) {
  const bool echo = name == "echo";
  TypedServe typed;
  CLI::App app(echo ? "Sends every message back to the client it comes from."
                    : "Prints the messages of all clients, and sends each line of stdin to all of them.",
               "wscope " + name);
  app.footer(
      "It listens on PORT (8080; 0 for any that is free), on this machine only unless ADDR says otherwise. A browser\n"
      "that asks for the page gets one that talks to the server.");
  app.set_help_flag("-h,--help", "print this");
  auto* where = app.add_option(name_with_colon("[ADDR:]PORT"), typed.where, "where to listen")->check(not_empty());
  app.add_option("-l,--listen", typed.where_of_wscat, "the same, as in wscat")->type_name("PORT")->excludes(where);
  echo ? add_echo_options(app, typed) : add_service_options(app, typed);
  add_admission_options(app, typed);
  add_server_tls(app, typed.tls);
  add_limits(app, typed.limits);
  add_timeouts(app, typed.timeouts, Side::server);
  add_reporting(app, typed.reporting);
  if (name == "listen") add_interaction(app, typed.interaction);
  const auto parsed = parse_at(place, app, arguments);
  if (!parsed) return parsed.error();
  if (!*parsed) return ShowText{help_of(app)};
  auto command = check(name, typed);
  if (!command && !parse_listen_address(typed.where)) {  // what cannot be a port may have been meant for an option
    if (auto misplaced = misplaced_value(app, arguments)) return *std::move(misplaced);
  }
  return command;
}

}  // namespace wscope::cli
