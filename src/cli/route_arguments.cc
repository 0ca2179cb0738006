#include "cli/route_arguments.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

#include "http/field_syntax.h"
#include "http/headers.h"
#include "link/ip_address.h"
#include "link/proxy.h"

namespace wscope::cli {
namespace {

// What is between separators; brackets, which are left out, protect what they hold: the colons of an IPv6 address.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  bool bracketed = false;
  for (const char c : text) {
    if (c == '[' || c == ']') {
      bracketed = c == '[';
    } else if (c == separator && !bracketed) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// An empty one is 0.
std::optional<std::uint16_t> read_port(const std::string& text) {
  std::uint16_t port = 0;
  if (text.empty()) return port;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

base::Result<link::Resolution> read_resolution(const std::string& text) {
  const base::Error error = command_line_error("--resolve wants HOST:PORT:ADDRESS[,ADDRESS...]");
  const std::size_t host_end = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
  const std::size_t port_end = host_end == std::string::npos ? host_end : text.find(':', host_end + 1);
  if (port_end == std::string::npos) return error;
  link::Resolution resolution;
  resolution.host = http::in_lower_case(split(text.substr(0, host_end), ':').front());
  const auto port = read_port(text.substr(host_end + 1, port_end - host_end - 1));
  if (resolution.host.empty() || port.value_or(0) == 0) return error;
  resolution.port = *port;
  for (const std::string& typed : split(text.substr(port_end + 1), ',')) {
    std::string address = link::with_plain_zone(typed);
    if (link::parse_ip_address(address.substr(0, address.find('%'))).empty()) return error;
    resolution.addresses.push_back(std::move(address));
  }
  return resolution;
}

base::Result<link::ConnectTo> read_connect_to(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  const bool four = parts.size() == 4;
  const auto port = four ? read_port(parts[1]) : std::nullopt;
  const auto to_port = four ? read_port(parts[3]) : std::nullopt;
  if (!port || !to_port)
    return command_line_error("--connect-to wants HOST1:PORT1:HOST2:PORT2, each of which may be empty");
  return link::ConnectTo{http::in_lower_case(parts[0]), *port, link::with_plain_zone(parts[2]), *to_port};
}

// The one that was asked for, or else that of the environment.
base::Result<std::optional<link::Proxy>> read_proxy(const TypedRoute& typed, const link::Endpoint& endpoint) {
  const bool on_this_machine = endpoint.embedded || !endpoint.unix_socket.empty() || !typed.unix_socket.empty();
  if (!typed.proxy) return on_this_machine ? std::optional<link::Proxy>() : link::proxy_of_environment(endpoint.url);
  if (typed.proxy->empty()) return std::optional<link::Proxy>();
  if (on_this_machine) return command_line_error("--proxy has no use: what is connected to is on this machine");
  auto proxy = link::parse_proxy(*typed.proxy);
  if (!proxy) return command_line_error("--proxy: " + proxy.error().message);
  return std::optional(std::move(proxy).value());
}

base::Result<void> read_proxy_user(const std::string& typed, link::Route& route) {
  if (typed.empty()) return {};
  if (!http::is_field_value(typed)) return command_line_error("--proxy-user: a control character");
  const std::size_t colon = std::min(typed.find(':'), typed.size());
  route.asks_proxy_password = colon == typed.size();
  route.proxy_credentials = http::Credentials{typed.substr(0, colon), typed.substr(std::min(colon + 1, typed.size()))};
  return {};
}

}  // namespace

void bind_route(OptionParser& parser, TypedRoute& typed) {
  parser.bind_value("--ipv4", typed.ip_version, link::IpVersion::v4);
  parser.bind_value("--ipv6", typed.ip_version, link::IpVersion::v6);
  parser.bind("--proxy", typed.proxy);
  parser.bind("--proxy-user", typed.proxy_user);
  parser.bind("--unix-socket", typed.unix_socket);
  parser.bind("--resolve", typed.resolve);
  parser.bind("--connect-to", typed.connect_to);
}

base::Result<link::Route> read_route(const TypedRoute& typed, const link::Endpoint& endpoint) {
  link::Route route;
  route.ip_version = typed.ip_version;
  if (!typed.unix_socket.empty() && (endpoint.embedded || !endpoint.unix_socket.empty())) {
    return command_line_error("--unix-socket has no use: the URL says where to connect");
  }
  route.unix_socket = typed.unix_socket;
  for (const std::string& text : typed.resolve) {
    auto resolution = read_resolution(text);
    if (!resolution) return std::move(resolution).error();
    route.resolutions.push_back(std::move(resolution).value());
  }
  for (const std::string& text : typed.connect_to) {
    auto connect_to = read_connect_to(text);
    if (!connect_to) return std::move(connect_to).error();
    route.connect_to.push_back(std::move(connect_to).value());
  }
  auto proxy = read_proxy(typed, endpoint);
  if (!proxy) return std::move(proxy).error();
  route.proxy = std::move(proxy).value();
  route.proxy_given = typed.proxy.has_value();
  if (auto read = read_proxy_user(typed.proxy_user, route); !read) return std::move(read).error();
  return route;
}

void bind_retries(OptionParser& parser, TypedRetries& typed) {
  parser.bind("--location", typed.follow);
  parser.bind("--max-redirects", typed.max_redirects);
  parser.bind("--reconnect", typed.reconnect);
}

base::Result<void> read_retries(const TypedRetries& typed, link::ConnectPlan& plan) {
  if (typed.follow) plan.redirects = static_cast<unsigned>(std::min<std::uint64_t>(typed.max_redirects, UINT32_MAX));
  if (!typed.reconnect) return {};
  plan.reconnect.emplace();
  if (typed.reconnect->empty()) return {};
  const auto attempts = parse_count(*typed.reconnect, "--reconnect");
  if (!attempts) return attempts.error();
  plan.reconnect->attempts = *attempts;
  return {};
}

}  // namespace wscope::cli
