#include "cli/connect_arguments.h"

#include <optional>

#include "base/utf8.h"
#include "cli/endpoint.h"
#include "cli/interaction_arguments.h"
#include "cli/option_scope.h"
#include "cli/parsing.h"
#include "cli/request.h"
#include "cli/route_arguments.h"
#include "cli/stream_arguments.h"
#include "cli/tls_arguments.h"
#include "http/field_syntax.h"
#include "ws/extension_header.h"

namespace wscope::cli {
namespace {

// What was typed, before it is known to make sense.
struct TypedConnect {
  std::string url;
  std::string url_of_wscat;
  TypedMessageType type;
  TypedFormats formats;
  std::string at_eof = "wait";
  std::string silence = "1";
  std::vector<std::string> execute;
  bool reads_stdin = false;
  bool echo = false;
  std::string count;
  bool one = false;
  std::string until;
  std::string timeout = "0";
  std::optional<std::string> compress;
  bool no_compress = false;
  TypedRequest request;
  TypedReporting reporting;
  TypedLimits limits;
  TypedTimeouts timeouts;
  TypedRoute route;
  TypedRetries retries;
  TypedClientTls tls;
  TypedInteraction interaction;
};

constexpr Choice<session::AtEof> at_eof_choices[] = {
    {"wait", session::AtEof::wait}, {"close", session::AtEof::close}, {"hold", session::AtEof::hold}};

void add_pipe_options(CLI::App& app, TypedConnect& typed) {
  add_message_type(app, typed.type);
  auto* echo = app.add_flag("--echo", typed.echo, "send every message back; stdin is not read, nothing is printed");
  for (const char* type : {"--binary", "--text"}) echo->excludes(app.get_option(type));
  auto* at_eof =
      app.add_option(
             "--eof", typed.at_eof,
             "after the last line: wait until the peer is silent, then close (the default); close at once; or hold "
             "the connection until the peer closes it")
          ->type_name(names_of(at_eof_choices));
  auto* silence =
      app.add_option("-w,--wait", typed.silence, "how long the peer must be silent with --eof wait (1; -1: for ever)")
          ->type_name("SECONDS");
  auto* execute =
      app.add_option("-x,--execute", typed.execute, "send this message first; may be repeated; stdin is not read then")
          ->type_name("MESSAGE")
          ->allow_extra_args(false);
  auto* reads_stdin = app.add_flag("--stdin", typed.reads_stdin, "with --execute: go on with stdin");
  for (CLI::Option* option : {at_eof, silence, execute, reads_stdin}) echo->excludes(option);
  auto* count = app.add_option("--count", typed.count, "close after this many received messages; fewer are a failure")
                    ->check(not_empty())
                    ->type_name("N");
  app.add_flag("-1,--one", typed.one, "the same as --count 1")->excludes(count);
  app.add_option("--until", typed.until, "close after a received message that matches; none is a failure")
      ->check(not_empty())
      ->type_name("REGEX");
}

void add_request_options(CLI::App& app, TypedRequest& typed) {
  const std::string group = "Request";
  // Without extra arguments: an option never takes the URL behind its value.
  app.add_option("-H,--header", typed.headers,
                 "a header, in place of our own; NAME: leaves it out, NAME; sends it empty; repeats are sent; @FILE "
                 "reads them, one a line")
      ->type_name("'NAME: VALUE'")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("-s,--subprotocol", typed.subprotocols, "offer a subprotocol; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("-o,--origin", typed.origin, "the Origin header")
      ->check(not_empty())
      ->type_name("ORIGIN")
      ->group(group);
  app.add_option("--host", typed.host, "the Host header, in place of the URL's")
      ->check(not_empty())
      ->type_name("HOST")
      ->group(group);
  app.add_option("-A,--user-agent", typed.user_agent, "the User-Agent header; empty: none")
      ->type_name("NAME")
      ->group(group);
  app.add_option("-u,--user,--auth", typed.user,
                 "Basic credentials; without a password, it is asked for on the terminal")
      ->check(not_empty())
      ->type_name("USER[:PASSWORD]")
      ->group(group);
  app.add_option("--bearer", typed.bearer, "a bearer token, or @FILE whose first line is one")
      ->check(not_empty())
      ->type_name("TOKEN")
      ->group(group);
  app.add_option("--cookie", typed.cookies,
                 "a cookie; may be repeated; @FILE reads them, one a line or a Netscape file")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("-p,--protocol-version,--protocol", typed.version, "Sec-WebSocket-Version (13)")
      ->check(not_empty())
      ->type_name("N")
      ->group(group);
}

void add_compression_options(CLI::App& app, TypedConnect& typed) {
  const std::string group = "Compression";
  auto* none = app.add_flag("--no-compress", typed.no_compress, "do not offer permessage-deflate")->group(group);
  app.add_option(
         "--compress", typed.compress,
         "offer it with these parameters, as in server_max_window_bits=10; client_no_context_takeover, or as a header "
         "has it")
      ->type_name("PARAMETERS")
      ->excludes(none)
      ->group(group);
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
  const char* const field = "Sec-WebSocket-Extensions";
  if (const auto value = command.request.headers.joined(field)) return read_offered_compression(*value, command);
  if (http::list_contains(command.request.left_out, field)) command.compression.reset();
  return {};
}

base::Result<void> read_input(const TypedConnect& typed, session::ConnectCommand& command) {
  const auto formats = read_formats(typed.formats);
  if (!formats) return formats.error();
  command.input = formats->in;
  command.type = read_message_type(typed.type, formats->in);
  for (const std::string& message : typed.execute) {
    if (!typed.type.binary && !base::is_utf8(base::as_bytes(message)))
      return command_line_error("--execute: not UTF-8");
  }
  command.first_messages = typed.execute;
  if (typed.type.binary) command.first_type = streams::MessageType::binary;
  command.reads_stdin = !typed.echo && (typed.execute.empty() || typed.reads_stdin);
  command.echo = typed.echo;
  if (typed.echo && has_shape(typed.formats)) {
    return command_line_error("--echo sends messages back as they are: of the formats there is only --json");
  }
  auto reporting = read_reporting(typed.reporting, formats->out);
  if (!reporting) return reporting.error();
  command.reporting = *reporting;
  return {};
}

base::Result<void> read_end(const TypedConnect& typed, session::ConnectCommand& command) {
  const auto at_eof = choose(typed.at_eof, "--eof", at_eof_choices);
  if (!at_eof) return at_eof.error();
  command.at_eof = typed.echo ? session::AtEof::hold : *at_eof;
  const auto silence = typed.silence == "-1" ? session::for_ever : parse_seconds(typed.silence, "--wait");
  if (!silence) return silence.error();
  command.silence = *silence;
  if (typed.one) command.count = 1;
  if (!typed.count.empty()) {
    const auto count = parse_count(typed.count, "--count");
    if (!count) return count.error();
    command.count = *count;
  }
  if (!typed.until.empty()) {
    auto until = session::Pattern::compile(typed.until);
    if (!until) {
      base::Error error = command_line_error("--until: " + typed.until + ": " + until.error().message);
      if (!until.error().hint.empty()) error.hint = until.error().hint;
      return error;
    }
    command.until = std::move(until).value();
  }
  const auto timeout = parse_seconds(typed.timeout, "--timeout");
  if (!timeout) return timeout.error();
  command.timeout = *timeout;
  return {};
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
  const auto limits = read_limits(typed.limits);
  if (!limits) return limits.error();
  command.limits = *limits;
  const auto timeouts = read_timeouts(typed.timeouts);
  if (!timeouts) return timeouts.error();
  command.timeouts = *timeouts;
  return {};
}

base::Result<void> read_way(const TypedConnect& typed, session::ConnectCommand& command) {
  auto route = read_route(typed.route, command.endpoint);
  if (!route) return std::move(route).error();
  command.route = std::move(route).value();
  if (auto read = read_retries(typed.retries, command); !read) return read;
  return read_client_tls(typed.tls, command);
}

base::Result<Command> check(const TypedConnect& typed) {
  session::ConnectCommand command;
  const std::string& url = typed.url.empty() ? typed.url_of_wscat : typed.url;
  auto interaction = read_interaction(typed.interaction);
  if (!interaction) return std::move(interaction).error();
  command.interaction = std::move(interaction).value();
  if (url.empty()) {
    const auto formats = read_formats(typed.formats);
    if (!formats) return formats.error();
    auto reporting = read_reporting(typed.reporting, formats->out);
    if (!reporting) return std::move(reporting).error();
    return session::UnconnectedCommand{*reporting, std::move(command.interaction)};
  }
  auto endpoint = parse_endpoint(url);
  if (!endpoint) return std::move(endpoint).error();
  command.endpoint = std::move(endpoint).value();
  for (const auto read : {read_input, read_end, read_connection, read_way}) {
    if (auto done = read(typed, command); !done) return std::move(done).error();
  }
  return command;
}

}  // namespace

base::Result<Command> parse_connect(const std::vector<std::string>& arguments, Place place,
                                    const std::vector<std::string_view>& other_names) {
  TypedConnect typed;
  typed.request.user_agent = "wscope/" WSCOPE_VERSION;
  CLI::App app("Connects to URL, sends each line of stdin as a message and prints each message that comes.",
               "wscope [connect]");
  app.set_help_flag("-h,--help", "print this");
  auto* url = app.add_option("URL", typed.url, "where to connect")->check(not_empty());
  app.add_option("-c,--connect", typed.url_of_wscat, "the same, as in wscat")->type_name("URL")->excludes(url);
  add_pipe_options(app, typed);
  add_formats(app, typed.formats);
  add_request_options(app, typed.request);
  add_route(app, typed.route);
  add_retries(app, typed.retries);
  add_client_tls(app, typed.tls);
  add_compression_options(app, typed);
  add_limits(app, typed.limits);
  add_timeouts(app, typed.timeouts, Side::client);
  app.add_option("--timeout", typed.timeout, "for the whole run (0: none)")->type_name("SECONDS")->group("Timeouts");
  add_reporting(app, typed.reporting);
  add_interaction(app, typed.interaction);
  const auto parsed = parse_at(place, app, arguments, other_names);
  if (!parsed) return parsed.error();
  if (!*parsed) return ShowText{help_of(app)};
  const bool has_url = !typed.url.empty() || !typed.url_of_wscat.empty();
  const auto of_connection = given_option_of_connection(app);
  if (!has_url && of_connection) return command_line_error("no URL for " + *of_connection);
  return check(typed);
}

}  // namespace wscope::cli
