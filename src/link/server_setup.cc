#include "link/server_setup.h"

#include <array>
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "http/authority.h"

namespace wscope::link {
namespace {

// The name of this machine; empty: it has none.
std::string machine_name() {
  std::array<char, HOST_NAME_MAX + 1> host{};
  return ::gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "";
}

// What a certificate for a server there is to be for.
std::vector<std::string> names_of(const cli::ListenAddress& address) {
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
std::vector<std::string> own_names(const cli::ServeCommand& command) {
  std::vector<std::string> names = command.admission.allowed_hosts;
  const std::string machine = machine_name();
  for (const std::string& name :
       {command.address.host, machine, machine + ".local", machine.substr(0, machine.find('.')) + ".local"}) {
    auto authority = http::parse_authority(name);  // nothing: it is no name, so nobody can ask for it
    if (authority) names.push_back(std::move(authority->host.text));
  }
  return names;
}

GuardOptions guard_options(const cli::ServeCommand& command, bool secure) {
  const bool echo = command.service == cli::Service::echo;
  return {echo ? GuardOptions::Scope::origins : GuardOptions::Scope::full, command.admission.origins,
          echo ? std::vector<std::string>() : own_names(command), secure};
}

// Who else may come, if that is more than a person may think.
std::string admission_warning(const net::SocketAddress& address, const cli::ServeCommand& command) {
  if (address.is_loopback()) return "";
  const bool encrypted = command.tls.has_value();
  if (command.admission.credentials) {
    return encrypted ? "" : "The password can be read on the way here, as can all else: --tls encrypts";
  }
  const bool certified = encrypted && !command.tls->client_ca.empty();
  if (certified || command.service != cli::Service::pipe) return "";
  return "Whoever reaches this address can read and write here: --auth or --client-ca asks who it is";
}

}  // namespace

Server::Options server_options(const cli::ServeCommand& command, const tls::Context* tls) {
  Server::Options options;
  options.tls = tls;
  options.admission = command.admission;
  options.guard = guard_options(command, tls != nullptr);
  options.compression = command.compression;
  options.once = command.once;
  // The messages of one client need not wait for each other's end.
  const bool streams = command.service == cli::Service::echo || command.once;
  options.whole =
      !streams || command.service == cli::Service::broadcast || command.reporting.format == cli::OutputFormat::json;
  options.slow = command.slow;
  options.limits = command.limits;
  options.timeouts = command.timeouts;
  return options;
}

base::Result<tls::Context> server_context(const cli::ServeCommand& command) {
  tls::ServerOptions options = *command.tls;
  options.names = names_of(command.address);
  return tls::Context::server(options);
}

view::ListeningView describe_listening(const Server& server, const cli::ServeCommand& command,
                                       const tls::Context* tls) {
  const net::SocketAddress address = server.address();
  const bool self_signed = command.tls && command.tls->identity.certificate_file.empty();
  return {(tls != nullptr ? "wss://" : "ws://") + address.text() + "/", address.host_text(), address.port(),
          self_signed ? tls->pin() : "", admission_warning(address, command)};
}

}  // namespace wscope::link
