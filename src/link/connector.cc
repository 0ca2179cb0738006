#include "link/connector.h"

#include <utility>

#include "link/proxy.h"

namespace wscope::link {
namespace {

net::AddressFamily family_of(IpVersion version) noexcept {
  if (version == IpVersion::v4) return net::AddressFamily::ipv4;
  return version == IpVersion::v6 ? net::AddressFamily::ipv6 : net::AddressFamily::any;
}

// --connect-to: another host and port for the connection, not for what is said on it.
void apply_connect_to(peer::Destination& destination, const std::vector<ConnectTo>& rules) {
  for (const ConnectTo& rule : rules) {
    const bool host = rule.host.empty() || rule.host == destination.host;
    const bool port = rule.port == 0 || rule.port == destination.port;
    if (!host || !port) continue;
    if (!rule.to_host.empty()) destination.host = rule.to_host;
    if (rule.to_port != 0) destination.port = rule.to_port;
    return;
  }
}

// --resolve
base::Result<void> apply_resolutions(peer::Destination& destination, const std::vector<Resolution>& resolutions) {
  for (const Resolution& resolution : resolutions) {
    if (resolution.port != destination.port) continue;
    if (resolution.host != "*" && resolution.host != destination.host) continue;
    for (const std::string& text : resolution.addresses) {
      auto address = net::SocketAddress::from_numeric(text, destination.port);
      if (!address) return base::usage_error("--resolve: " + address.error().message);  // its zone is none of ours
      destination.addresses.push_back(std::move(address).value());
    }
    return {};
  }
  return {};
}

tls::ClientOptions without_identity(tls::ClientOptions options) {
  options.identity = {};
  return options;
}

}  // namespace

base::Result<void> Connector::start(const http::Url& url, bool directly, OwnCertificate certificate) {
  const Route& route = plan_.route;
  peer::Destination destination;
  destination.host = url.host;
  destination.port = url.port;
  destination.family = family_of(route.ip_version);
  if (url.secure) {
    const auto context = certificate == OwnCertificate::shown ? trust(context_, plan_.tls)
                                                              : trust(anonymous_context_, without_identity(plan_.tls));
    if (!context) return context.error();
    destination.tls = *context;
    const std::optional<std::string>& name = plan_.server_name;
    destination.server_name = name && !name->empty() ? *name : url.host;
    if (name && name->empty()) destination.server_name_use = tls::ServerName::withheld;
  }
  if (!directly) {
    destination.unix_socket = plan_.endpoint.unix_socket.empty() ? route.unix_socket : plan_.endpoint.unix_socket;
    apply_connect_to(destination, route.connect_to);
    if (auto applied = apply_resolutions(destination, route.resolutions); !applied) return applied;
    if (!url.zone.empty() && destination.host == url.host) destination.host += '%' + url.zone;
  }
  if (!directly && destination.unix_socket.empty()) {
    auto proxy = proxy_hop(url);
    if (!proxy) return std::move(proxy).error();
    destination.proxy = std::move(proxy).value();
  }
  dialer_.start(std::move(destination), plan_.timeouts.connect);
  return {};
}

// Whoever is asked for by the command line, or else by the environment for this very URL.
base::Result<std::optional<peer::ProxyHop>> Connector::proxy_hop(const http::Url& url) {
  std::optional<Proxy> proxy = plan_.route.proxy;
  if (!plan_.route.proxy_given) {
    auto of_environment = proxy_of_environment(url);
    if (!of_environment) return std::move(of_environment).error();
    proxy = std::move(of_environment).value();
  }
  if (!proxy) return std::optional<peer::ProxyHop>();
  using Kind = Proxy::Kind;
  peer::ProxyHop hop;
  const bool socks = proxy->kind == Kind::socks5 || proxy->kind == Kind::socks5h;
  hop.kind = socks ? peer::ProxyHop::Kind::socks : peer::ProxyHop::Kind::http;
  hop.host = proxy->host;
  hop.port = proxy->port;
  hop.credentials = proxy->credentials ? proxy->credentials : plan_.route.proxy_credentials;
  hop.looks_up_names = proxy->kind != Kind::socks5;
  if (proxy->kind == Kind::https) {
    tls::ClientOptions options = without_identity(plan_.tls);
    options.verify = !plan_.insecure;  // a pin is the endpoint's alone, and so is the trust in it
    options.pins.clear();
    const auto context = trust(proxy_context_, options);
    if (!context) return context.error();
    hop.tls = *context;
  }
  return std::optional(std::move(hop));
}

base::Result<const tls::Context*> Connector::trust(std::optional<tls::Context>& context,
                                                   const tls::ClientOptions& options) {
  if (!context) {
    auto made = tls::Context::client(options);
    if (!made) return std::move(made).error();
    context = std::move(made).value();
  }
  return &*context;
}

}  // namespace wscope::link
