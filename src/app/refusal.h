// Why an upgrade failed, in words that help.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/head.h"
#include "http/url.h"
#include "ws/event.h"

namespace wscope::app {

/// The server of `url` answered with something else than 101.
[[nodiscard]] base::Error explain_refusal(const http::ResponseHead& response, const http::Url& url);

/// What a person is shown of the body of such an answer.
[[nodiscard]] std::string_view beginning_of_body(std::string_view body) noexcept;

/// The handshake with the server of `url` broke off; `socket_error` says what became of the socket, if anything did.
[[nodiscard]] base::Error explain_failure(const ws::HandshakeFailed& failure, const http::Url& url,
                                          const std::string& socket_error);

}  // namespace wscope::app
