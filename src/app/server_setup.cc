#include "app/server_setup.h"

#include <array>
#include <climits>
#include <string>
#include <vector>

#include <unistd.h>

namespace wscope::app {
namespace {

// What a certificate for a server there is to be for.
std::vector<std::string> names_of(const cli::ListenAddress& address) {
  const bool everywhere = address.host == "0.0.0.0" || address.host == "::";
  std::vector<std::string> names = {"localhost"};
  if (everywhere) {
    std::array<char, HOST_NAME_MAX + 1> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') names.emplace_back(host.data());
  }
  if (everywhere || address.host.empty()) {
    names.insert(names.end(), {"127.0.0.1", "::1"});
  } else {
    names.push_back(address.host);
  }
  return names;
}

}  // namespace

Server::Options server_options(const cli::ServeCommand& command, const tls::Context* tls) {
  Server::Options options;
  options.tls = tls;
  options.admission = command.admission;
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
          self_signed ? tls->pin() : ""};
}

}  // namespace wscope::app
