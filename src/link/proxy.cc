#include "link/proxy.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "http/headers.h"
#include "link/ip_address.h"

namespace wscope::link {
namespace {

struct Scheme {
  std::string_view name;
  Proxy::Kind kind;
  std::uint16_t usual_port;
};
constexpr Scheme schemes[] = {{"http://", Proxy::Kind::http, 1080},
                              {"https://", Proxy::Kind::https, 443},
                              {"socks5://", Proxy::Kind::socks5, 1080},
                              {"socks5h://", Proxy::Kind::socks5h, 1080}};

struct Variable {
  const char* name = nullptr;
  std::string_view value{};  // empty: not set
};

// The first that is set. An empty one is not.
Variable find_variable(std::initializer_list<const char*> names) noexcept {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

bool is_this_machine(std::string_view host) {
  const std::vector<std::byte> address = parse_ip_address(host);
  if (!address.empty()) return is_in_network(address, "127.0.0.0/8") || is_in_network(address, "::1");
  return host == "localhost" || host.ends_with(".localhost");
}

Variable proxy_variable(const http::Url& url) noexcept {
  const Variable own = url.secure ? find_variable({"https_proxy", "HTTPS_PROXY"}) : find_variable({"http_proxy"});
  return own.value.empty() ? find_variable({"all_proxy", "ALL_PROXY"}) : own;
}

bool is_under(std::string_view host, std::string_view name) noexcept {
  if (name.empty() || name.size() > host.size()) return false;
  const std::size_t begin = host.size() - name.size();
  return http::equals_ignoring_case(host.substr(begin), name) && (begin == 0 || host[begin - 1] == '.');
}

}  // namespace

base::Result<Proxy> parse_proxy(std::string_view text) {
  Scheme scheme = schemes[0];
  for (const Scheme& known : schemes) {
    if (!http::equals_ignoring_case(text.substr(0, known.name.size()), known.name)) continue;
    scheme = known;
    text.remove_prefix(known.name.size());
    break;
  }
  if (text.find("://") != std::string_view::npos) {
    return base::usage_error("a proxy is one of http, https, socks5, socks5h");
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  // The rest has the same syntax as in a WebSocket URL.
  const std::string_view authority = text.substr(text.rfind('@') + 1);
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon + 1 < authority.size() && colon != std::string_view::npos && !authority.ends_with(']');
  auto url = http::parse_url("ws://" + std::string(text) + (has_port ? "" : ":" + std::to_string(scheme.usual_port)));
  if (!url || url->target != "/") {
    return base::usage_error("a proxy has a host and perhaps a port, as in socks5://proxy:1080");
  }
  if (!url->zone.empty()) url->host += '%' + url->zone;
  return Proxy{scheme.kind, std::move(url->host), url->port, std::move(url->credentials)};
}

base::Result<std::optional<Proxy>> proxy_of_environment(const http::Url& url) {
  if (is_this_machine(url.host)) return std::optional<Proxy>();
  const Variable variable = proxy_variable(url);
  if (variable.value.empty()) return std::optional<Proxy>();
  if (is_listed(url.host, find_variable({"no_proxy", "NO_PROXY"}).value)) return std::optional<Proxy>();
  auto proxy = parse_proxy(variable.value);
  if (proxy) return std::optional(std::move(proxy).value());
  base::Error error = std::move(proxy).error();
  error.message.insert(0, std::string(variable.name) + ": ");
  return error;
}

bool passes_by_proxy_of_environment(const http::Url& url) {
  return is_this_machine(url.host) && !proxy_variable(url).value.empty() &&
         !is_listed(url.host, find_variable({"no_proxy", "NO_PROXY"}).value);
}

bool is_listed(std::string_view host, std::string_view no_proxy) {
  const std::vector<std::byte> address = parse_ip_address(host);
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find_first_of(", \t"), no_proxy.size());
    std::string_view entry = no_proxy.substr(0, end);
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
    if (entry == "*") return true;
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (address.empty() ? is_under(host, entry) : is_in_network(address, entry)) return true;
  }
  return false;
}

}  // namespace wscope::link
