#include "link/server_setup.h"

#include <algorithm>
#include <array>
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "http/authority.h"
#include "net/file.h"

namespace wscope::link {
namespace {

// The name of this machine; empty: it has none.
std::string machine_name() {
  std::array<char, HOST_NAME_MAX + 1> host{};
  return ::gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "";
}

// What a certificate for a server there is to be for.
std::vector<std::string> names_of(const ListenAddress& address) {
  const bool everywhere = address.host == "0.0.0.0" || address.host == "::";
  std::vector<std::string> names = {"localhost"};
  if (everywhere) {
    std::string name = machine_name();
    if (!name.empty()) names.push_back(std::move(name));
  }
  if (everywhere || address.host.empty()) {
    names.insert(names.end(), {"127.0.0.1", "::1"});
  } else {
    names.push_back(address.host);
  }
  return names;
}

// The names that pages of ours may have: those that were given, and the machine's, also as multicast DNS has it.
std::vector<std::string> own_names(const ServePlan& plan) {
  std::vector<std::string> names = plan.admission.allowed_hosts;
  const std::string machine = machine_name();
  for (const std::string& name :
       {plan.address.host, machine, machine + ".local", machine.substr(0, machine.find('.')) + ".local"}) {
    auto authority = http::parse_authority(name);  // nothing: it is no name, so nobody can ask for it
    if (authority) names.push_back(std::move(authority->host.text));
  }
  return names;
}

GuardOptions guard_options(const ServePlan& plan, bool secure) {
  const bool echo = plan.service == ServiceKind::echo && !plan.has_pages;
  return {echo ? GuardOptions::Scope::origins : GuardOptions::Scope::full, plan.admission.origins,
          echo ? std::vector<std::string>() : own_names(plan), secure};
}

// Whether whoever comes gets at something that is not theirs. An echo returns what they have said, and who broadcasts
// wants to be heard by all.
bool gives_something(ServiceKind service) noexcept {
  return service != ServiceKind::echo && service != ServiceKind::broadcast;
}

bool reach_beyond_this_machine(const std::vector<net::SocketAddress>& addresses) noexcept {
  return std::any_of(addresses.begin(), addresses.end(), [](const net::SocketAddress& address) {
    return address.family() != AF_UNIX && !address.is_loopback();
  });
}

view::ListeningView describe_address(const net::SocketAddress& address, bool secure) {
  std::string url = secure ? "wss" : "ws";
  const bool is_local = address.family() == AF_UNIX;
  url += is_local ? "+unix:" + address.text() + ":/" : "://" + address.text() + "/";
  return {std::move(url), is_local ? address.text() : address.host_text(), address.port()};
}

}  // namespace

Server::Options server_options(const ServePlan& plan, const tls::Context* tls) {
  Server::Options options;
  options.tls = tls;
  options.admission = plan.admission;
  options.guard = guard_options(plan, tls != nullptr);
  options.beats = plan.beats;
  options.compression = plan.compression;
  options.compression_level = plan.compression_level;
  options.once = plan.once;
  options.by_hand = plan.by_hand;
  // The messages of one client need not wait for each other's end.
  const bool passes_on =
      plan.service == ServiceKind::echo || plan.service == ServiceKind::exec || plan.service == ServiceKind::relay;
  options.whole = !passes_on && (!plan.once || plan.service == ServiceKind::broadcast);
  options.slow = plan.slow;
  options.limits = plan.limits;
  options.timeouts = plan.timeouts;
  return options;
}

base::Result<tls::Context> server_context(const ServePlan& plan) {
  tls::ServerOptions options = *plan.tls;
  options.names = names_of(plan.address);
  return tls::Context::server(options);
}

base::Result<void> write_certificate(const ServePlan& plan, const tls::Context& context) {
  if (plan.certificate_copy.empty()) return {};
  return net::write_regular_file(plan.certificate_copy, context.certificate());
}

std::string admission_warning(const std::vector<net::SocketAddress>& addresses, const ServePlan& plan) {
  if (!reach_beyond_this_machine(addresses)) return "";
  const bool encrypted = plan.tls.has_value();
  if (plan.admission.credentials) {
    return encrypted ? "" : "The password can be read on the way here, as can all else: --tls encrypts";
  }
  const bool certified = encrypted && !plan.tls->client_ca.empty();
  if (certified || !plan.admission.addresses.empty() || !gives_something(plan.service)) return "";
  return "Whoever reaches this address can read and write here: --auth, --client-ca or --allow says who may";
}

view::ListeningView describe_listening(const Server& server, const ServePlan& plan, const tls::Context* tls) {
  const bool self_signed = plan.tls && plan.tls->identity.certificate_file.empty();
  view::ListeningView view = describe_address(server.address(), tls != nullptr);
  if (self_signed) view.pin = tls->pin();
  view.warning = admission_warning(server.addresses(), plan);
  return view;
}

std::vector<view::ListeningView> describe_others(const Server& server, const ServePlan& plan, const tls::Context* tls) {
  std::vector<view::ListeningView> views;
  if (plan.address.passed == 0) return views;  // two loopback addresses are one
  for (const net::SocketAddress& address : server.addresses()) {
    views.push_back(describe_address(address, tls != nullptr));
  }
  views.erase(views.begin());
  return views;
}

}  // namespace wscope::link
