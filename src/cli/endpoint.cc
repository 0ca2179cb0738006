#include "cli/endpoint.h"

#include <algorithm>
#include <charconv>

#include "cli/parsing.h"
#include "http/headers.h"
#include "link/ip_address.h"
#include "net/address.h"

namespace wscope::cli {
namespace {

constexpr std::string_view unix_scheme = "ws+unix:";
constexpr std::string_view unix_prefix = "unix:";

bool has_scheme(std::string_view text) {
  const std::size_t end = text.find("://");
  return end != std::string_view::npos && text.find_first_of("/?#@") > end;
}

// The same URL in the words of RFC 6455.
std::string with_scheme(std::string_view text) {
  if (http::begins_ignoring_case(text, "http://")) return "ws" + std::string(text.substr(4));
  if (http::begins_ignoring_case(text, "https://")) return "wss" + std::string(text.substr(5));
  if (has_scheme(text)) return std::string(text);
  if (text.front() == ':') return "ws://localhost" + std::string(text);
  return "ws://" + std::string(text);
}

// `text` is what stands behind ws+unix:, with or without the slashes that a URL has there.
base::Result<link::Endpoint> parse_unix_endpoint(std::string_view text) {
  if (text.starts_with("///")) text.remove_prefix(2);
  const std::size_t end = std::min(text.find(":/"), text.size() - (text.ends_with(':') ? 1 : 0));
  link::Endpoint endpoint;
  endpoint.unix_socket = text.substr(0, end);
  if (endpoint.unix_socket.empty() || text.starts_with("//")) {
    return base::usage_error(
        "a socket is written ws+unix:/path/to.sock or, with a request path, "
        "ws+unix:/path/to.sock:/request/path");
  }
  const std::string_view target = text.substr(std::min(end + 1, text.size()));
  auto url = http::parse_url("ws://localhost" + std::string(target));
  if (!url) return std::move(url).error();
  endpoint.url = std::move(url).value();
  return endpoint;
}

}  // namespace

base::Result<link::Endpoint> parse_endpoint(std::string_view text) {
  link::Endpoint endpoint;
  if (http::equals_ignoring_case(text, "echo:")) {
    endpoint.embedded = true;
    return endpoint;
  }
  if (text.empty()) return base::usage_error("the URL is empty");
  if (http::begins_ignoring_case(text, unix_scheme)) return parse_unix_endpoint(text.substr(unix_scheme.size()));
  if (http::begins_ignoring_case(text, "wss+unix:")) {
    return base::usage_error("TLS on a Unix domain socket is written --unix-socket PATH wss://HOST");
  }
  auto url = http::parse_url(with_scheme(text));
  if (!url) return std::move(url).error();
  endpoint.url = std::move(url).value();
  return endpoint;
}

base::Result<link::ListenAddress> parse_listen_address(std::string_view text) {
  link::ListenAddress address;
  std::string_view port = text;
  if (http::begins_ignoring_case(text, unix_prefix)) {
    address.unix_path = text.substr(unix_prefix.size());
    if (auto path = net::SocketAddress::from_unix_path(address.unix_path); !path) return std::move(path).error();
    return address;
  }
  if (text.ends_with(']')) return base::usage_error("no port behind " + std::string(text));
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    std::string_view host = text.substr(0, colon);
    port = text.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!bracketed && host.find(':') != std::string_view::npos) {
      return base::usage_error("an IPv6 address needs brackets: " + std::string(text));
    }
    if (!http::equals_ignoring_case(host, "localhost")) address.host = link::with_plain_zone(host);
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size()) {
    return base::usage_error("not a port: " + std::string(port), "say PORT, ADDRESS:PORT or unix:PATH");
  }
  return address;
}

base::Result<std::uint32_t> parse_unix_mode(const std::string& typed) {
  constexpr std::uint32_t all = 0777;
  constexpr int octal = 8;
  std::uint32_t mode = 0;
  const char* const end = typed.data() + typed.size();
  const auto [stop, error] = std::from_chars(typed.data(), end, mode, octal);
  if (error == std::errc() && stop == end && mode <= all) return mode;
  return command_line_error("--unix-mode wants permissions in octal, such as 660, not \"" + typed + "\"");
}

}  // namespace wscope::cli
