#include "cli/forward_arguments.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "cli/connection_arguments.h"
#include "cli/endpoint.h"
#include "cli/option_parser.h"
#include "cli/stream_arguments.h"
#include "cli/targets.h"
#include "http/field_syntax.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedForward {
  std::vector<std::string> places;
  TypedConnection connection;
  TypedReporting reporting;
  TypedEnd end;
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
  link::ConnectPlan connection;
  auto endpoint = parse_endpoint(typed.places.back());
  if (!endpoint) return std::move(endpoint).error();
  connection.endpoint = std::move(endpoint).value();
  if (auto done = read_connection(typed.connection, connection); !done) return std::move(done).error();
  // What is forwarded is mostly not worth it, or no secret to be mixed with others'.
  const bool offers = typed.connection.compress || connection.request.headers.contains("Sec-WebSocket-Extensions");
  if (!offers) connection.compression.reset();
  const auto reporting = reporting_of(typed.reporting, streams::OutputFormat::lines);
  if (!reporting) return reporting.error();
  session::ForwardCommand command{std::move(connection), {}, *reporting};
  command.forward.after_end = after_end_of(typed.end);
  command.forward.silence = typed.end.silence.value_or(command.forward.silence);
  command.forward.idle = typed.idle;
  command.forward.max_clients = typed.max_clients;
  if (auto read = read_from(typed, command.forward); !read) return std::move(read).error();
  return Command(std::move(command));
}

}  // namespace

base::Result<Command> parse_forward(const std::vector<std::string>& arguments) {
  TypedForward typed;
  OptionParser parser(CommandSet::forward, Place::shell,
                      {.usage = "wscope forward",
                       .description = "Forwards bytes through a WebSocket to URL, one for each connection.",
                       .footer = "FROM is [ADDR:]PORT, unix:PATH or udp:[ADDR:]PORT to listen there, on this machine "
                                 "only unless ADDR says\notherwise; or - for stdin and stdout."});
  parser.bind_positionals("FROM URL", typed.places, "from where, and where to");
  bind_connection(parser, typed.connection);
  bind_reporting(parser, typed.reporting);
  bind_end(parser, typed.end);
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
