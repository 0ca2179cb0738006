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
  /// Further fields of the 101, sent as they are, repeats too. One that the handshake makes itself takes the place of
  /// its own; a Sec-WebSocket-Extensions here means that none is agreed on.
  http::Headers headers;
  std::vector<std::string> left_out{};  ///< names of fields that the handshake makes itself, and is not to
};

/// Why a request is refused, and how.
struct Refusal {
  int status = 400;
  std::string detail;     ///< for a person
  http::Headers headers;  ///< that the status calls for: Allow, Upgrade, Sec-WebSocket-Version
  std::string body{};     ///< a line for the client that repeats nothing of its request; empty: the detail is one
};

/// A valid request, taken apart.
struct UpgradeRequest {
  std::string key;
  std::vector<std::string> subprotocols;
  std::vector<ExtensionElement> extensions;
};

/// Whether a request has an Upgrade or a Sec-WebSocket field. One that has neither is no handshake, not even half of
/// one: if it is refused with 405 or 426, it may be answered as any request of HTTP is.
[[nodiscard]] bool asks_for_upgrade(const http::RequestHead& request);

/// Whether a request may be answered as a server of pages does: it asks for no upgrade, or for none to a WebSocket. A
/// server is free not to hear of others (RFC 9110 section 7.8); some clients offer h2c with every request.
[[nodiscard]] bool may_be_visit(const http::RequestHead& request);

/// Checks a request against section 4.2.1, and whether it is one of HTTP at all, in this order: exactly one Host, a
/// target, lengths that agree, no body of a GET or HEAD (400); upgrade (426, which says what is missing); version of
/// HTTP (505), version, key, one Origin at most, header grammar (400; 426 for another version); method (405). One that
/// asks for no upgrade may be of HTTP/1.0 and then do without a Host; if there is nothing else wrong with it, it is
/// refused with 405 or 426.
[[nodiscard]] std::optional<Refusal> check_request(const http::RequestHead& request, UpgradeRequest& into);

/// Whether a request that has no body, and could be read, leaves its connection for another one: HTTP/1.1 does unless
/// it says close (RFC 9112 section 9.3).
[[nodiscard]] bool leaves_connection_open(const http::RequestHead& request);

/// Checks a valid request against what this server wants: origin, subprotocols.
[[nodiscard]] std::optional<Refusal> check_policy(const http::RequestHead& request, const UpgradeRequest& upgrade,
                                                  const AcceptOptions& options);

/// The first of `supported` that is among `offered`, or "".
[[nodiscard]] std::string select_subprotocol(const std::vector<std::string>& supported,
                                             const std::vector<std::string>& offered);

/// The 101 response.
[[nodiscard]] http::ResponseHead make_response(const UpgradeRequest& upgrade, const Agreement& agreement,
                                               const AcceptOptions& options);

}  // namespace wscope::ws
