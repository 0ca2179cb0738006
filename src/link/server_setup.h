// From what is asked for to a server.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "link/plan.h"
#include "link/server.h"
#include "net/address.h"
#include "tls/context.h"
#include "view/json_events.h"

namespace wscope::link {

/// `tls`, null for a plain server, outlives the server.
[[nodiscard]] Server::Options server_options(const ServePlan& plan, const tls::Context* tls);

/// Of a command with TLS: the certificate that it names, or one made for the addresses that it listens on. Errors as
/// tls::Context::server() has them.
[[nodiscard]] base::Result<tls::Context> server_context(const ServePlan& plan);

/// Writes it to the file that is asked for, if one is: the certificate, and never its key. An error of kind io.
[[nodiscard]] base::Result<void> write_certificate(const ServePlan& plan, const tls::Context& context);

/// What the person should know about who may come to these addresses: that more can than they may think, or read the
/// password. Empty: nothing.
[[nodiscard]] std::string admission_warning(const std::vector<net::SocketAddress>& addresses, const ServePlan& plan);

/// What to say of a server that listens; with sockets that were passed to it, of the first of them.
[[nodiscard]] view::ListeningView describe_listening(const Server& server, const ServePlan& plan,
                                                     const tls::Context* tls);

/// And then of the others.
[[nodiscard]] std::vector<view::ListeningView> describe_others(const Server& server, const ServePlan& plan,
                                                               const tls::Context* tls);

}  // namespace wscope::link
