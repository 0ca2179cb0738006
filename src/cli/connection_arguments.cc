#include "cli/connection_arguments.h"

#include <utility>

#include "cli/parsing.h"
#include "cli/stream_arguments.h"
#include "http/field_syntax.h"
#include "ws/extension_header.h"

namespace wscope::cli {
namespace {

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

base::Result<std::optional<ws::DeflateParameters>> read_compression(const TypedConnection& typed) {
  if (typed.no_compress) return std::nullopt;
  if (!typed.compress) return ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits};
  const auto parameters = parse_deflate(*typed.compress, "--compress");
  if (!parameters) return parameters.error();
  return std::optional(*parameters);
}

// What a header Sec-WebSocket-Extensions offers of permessage-deflate. Others are the server's to decline.
base::Result<void> read_offered_compression(const std::string& value, link::ConnectPlan& plan) {
  plan.compression.reset();
  if (value.empty()) return {};
  const auto elements = ws::parse_extensions(value);
  if (!elements) return command_line_error("header Sec-WebSocket-Extensions: " + elements.error().message);
  for (const ws::ExtensionElement& element : *elements) {
    if (element.name != "permessage-deflate") continue;
    const auto parameters = ws::parse_deflate_parameters(element.parameters);
    if (!parameters) return command_line_error("header Sec-WebSocket-Extensions: " + parameters.error().message);
    if (plan.compression) {
      plan.further_compression.push_back(*parameters);
    } else {
      plan.compression = *parameters;
    }
  }
  return {};
}

// --compress and --no-compress, unless a header says otherwise.
base::Result<void> read_compression(const TypedConnection& typed, link::ConnectPlan& plan) {
  const auto compression = read_compression(typed);
  if (!compression) return compression.error();
  plan.compression = *compression;
  plan.compression_level = typed.compress_level;
  const char* const field = "Sec-WebSocket-Extensions";
  if (const auto value = plan.request.headers.joined(field)) return read_offered_compression(*value, plan);
  if (http::list_contains(plan.request.left_out, field)) plan.compression.reset();
  return {};
}

base::Result<void> read_way(const TypedConnection& typed, link::ConnectPlan& plan) {
  auto route = read_route(typed.route, plan.endpoint);
  if (!route) return std::move(route).error();
  plan.route = std::move(route).value();
  if (auto read = read_retries(typed.retries, plan); !read) return read;
  return read_client_tls(typed.tls, plan);
}

}  // namespace

void bind_connection(OptionParser& parser, TypedConnection& typed) {
  typed.request.user_agent = "wscope/" WSCOPE_VERSION;
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

base::Result<void> read_connection(const TypedConnection& typed, link::ConnectPlan& plan) {
  auto request = read_request(typed.request);
  if (!request) return std::move(request).error();
  plan.request = std::move(request->options);
  plan.cookies = std::move(request->cookies);
  for (std::string& notice : request->notices) plan.notices.push_back(std::move(notice));
  const std::string& user = typed.request.user;
  const ws::ConnectOptions& made = plan.request;
  const bool is_replaced =
      made.headers.contains("Authorization") || http::list_contains(made.left_out, "Authorization");
  if (!user.empty() && user.find(':') == std::string::npos && !is_replaced) plan.asks_password_of = user;
  if (auto read = read_compression(typed, plan); !read) return read;
  plan.limits = typed.limits;
  plan.timeouts = typed.timeouts;
  return read_way(typed, plan);
}

}  // namespace wscope::cli
