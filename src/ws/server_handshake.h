// The server's side of the opening handshake (RFC 6455 section 4.2): what a request must look like, and the answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/head.h"
#include "ws/client_handshake.h"
#include "ws/extension.h"

namespace wscope::ws {

/// How a server answers a valid request.
struct AcceptOptions {
  /// In the server's order of preference; the first that the client offers is chosen. Empty: none is.
  std::vector<std::string> subprotocols;
  /// With subprotocols: refuse (400) a client that offers none of them, rather than going on without one.
  bool subprotocol_required = false;
  /// Values of Origin that are let in; anything else, also none at all, is refused with 403. Empty: everybody is.
  std::vector<std::string> origins;
  /// With origins: let clients without an Origin in too (those that are not browsers).
  bool origin_may_be_missing = false;
  http::Headers headers;  ///< further fields of the 101
};

/// Why a request is refused, and how.
struct Refusal {
  int status = 400;
  std::string detail;     ///< for a person; also the body
  http::Headers headers;  ///< that the status calls for: Allow, Upgrade, Sec-WebSocket-Version
};

/// A valid request, taken apart.
struct UpgradeRequest {
  std::string key;
  std::vector<std::string> subprotocols;
  std::vector<ExtensionElement> extensions;
};

/// Checks a request against section 4.2.1: method (405), version of HTTP (505), upgrade (426), exactly one Host, key
/// and version (400; 426 for another version), no body, header grammar.
[[nodiscard]] std::optional<Refusal> check_request(const http::RequestHead& request, UpgradeRequest& into);

/// Checks a valid request against what this server wants: origin, subprotocols.
[[nodiscard]] std::optional<Refusal> check_policy(const http::RequestHead& request, const UpgradeRequest& upgrade,
                                                  const AcceptOptions& options);

/// The first of `supported` that is among `offered`, or "".
[[nodiscard]] std::string select_subprotocol(const std::vector<std::string>& supported,
                                             const std::vector<std::string>& offered);

/// The 101 response.
[[nodiscard]] http::ResponseHead make_response(const UpgradeRequest& upgrade, const Agreement& agreement,
                                               const http::Headers& headers);

}  // namespace wscope::ws
