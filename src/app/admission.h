// Who is let in by a server, and what those get who are not.
#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "http/head.h"

namespace wscope::app {

/// An answer to a request that does not become a WebSocket connection.
struct Answer {
  int status = 400;
  http::Headers headers{};
  std::string body{};
};

/// What a request gets that is not let in: 404 for its path, 401 for its credentials. Nothing: it may go on. (Origin
/// and subprotocol are ws::AcceptOptions' business.)
[[nodiscard]] std::optional<Answer> refuse(const cli::Admission& admission, const http::RequestHead& request);

/// What a browser gets that asks for a page (RFC 9110): one that opens a WebSocket to the same address and talks to it,
/// unless the request is refused. Nothing: the request is not one for a page.
[[nodiscard]] std::optional<Answer> answer_browser(const cli::Admission& admission, const http::RequestHead& request);

}  // namespace wscope::app
