// Why an upgrade failed, in words that help.
#pragma once

#include "base/result.h"
#include "http/head.h"
#include "ws/event.h"

namespace wscope::app {

/// The server answered with something else than 101.
[[nodiscard]] base::Error explain_refusal(const http::ResponseHead& response);

/// The handshake with `where` broke off.
[[nodiscard]] base::Error explain_failure(const ws::HandshakeFailed& failure, const std::string& where);

}  // namespace wscope::app
