// Why a connection ended, in words, for the exit status.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "peer/peer.h"
#include "ws/connection.h"

namespace wscope::app {

/// We failed the connection.
[[nodiscard]] base::Error explain_violation(const ws::Failed& failed);

/// What is wrong with the end of a connection that is over, if anything: lost, or closed by the peer with a code that
/// says so. `socket_error` says what became of the socket, if anything did.
[[nodiscard]] std::optional<base::Error> judge_end(const ws::Connection& connection, const std::string& socket_error);
/// The same, with what TLS has to say.
[[nodiscard]] std::optional<base::Error> judge_end(const peer::Peer& peer);

}  // namespace wscope::app
