// Where a redirection leads (RFC 9110 section 15.4).
#pragma once

#include <optional>

#include "base/result.h"
#include "http/head.h"
#include "http/url.h"
#include "ws/client_handshake.h"

namespace wscope::link {

/// Whether a status sends a GET elsewhere: 301, 302, 303, 307, 308.
[[nodiscard]] bool is_redirection(int status) noexcept;

/// The URL that `response`, the answer to a request for `from`, sends us to, relative or absolute; nothing if it does
/// not. Its credentials are those of `from` as long as it stays within the same origin. An error, of kind http, if it
/// is no URL to follow, or leads from wss to ws.
[[nodiscard]] base::Result<std::optional<http::Url>> redirection(const http::Url& from,
                                                                 const http::ResponseHead& response);

/// The request without what was meant for another origin: Authorization, Proxy-Authorization, Cookie and a Host of
/// one's own.
[[nodiscard]] ws::ConnectOptions without_secrets(ws::ConnectOptions request);

}  // namespace wscope::link
