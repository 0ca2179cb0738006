// Why an upgrade failed, in words that help.
#pragma once

#include "base/result.h"
#include "http/head.h"
#include "ws/event.h"

namespace wscope::app {

/// The server answered with something else than 101.
[[nodiscard]] base::Error explain_refusal(const http::ResponseHead& response);

/// The handshake with `where` broke off; `socket_error` says what became of the socket, if anything did.
[[nodiscard]] base::Error explain_failure(const ws::HandshakeFailed& failure, const std::string& where,
                                          const std::string& socket_error);

}  // namespace wscope::app
