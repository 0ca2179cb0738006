// From what is asked for to a server.
#pragma once

#include "base/result.h"
#include "link/plan.h"
#include "link/server.h"
#include "tls/context.h"
#include "view/json_events.h"

namespace wscope::link {

/// `tls`, null for a plain server, outlives the server.
[[nodiscard]] Server::Options server_options(const ServePlan& plan, const tls::Context* tls);

/// Of a command with TLS: the certificate that it names, or one made for the addresses that it listens on. Errors as
/// tls::Context::server() has them.
[[nodiscard]] base::Result<tls::Context> server_context(const ServePlan& plan);

/// What to say of a server that listens.
[[nodiscard]] view::ListeningView describe_listening(const Server& server, const ServePlan& plan,
                                                     const tls::Context* tls);

}  // namespace wscope::link
