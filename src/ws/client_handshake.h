// The client's side of the opening handshake (RFC 6455 section 4.1): the request, and what the answer must look like.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "http/head.h"
#include "http/url.h"
#include "ws/extension.h"
#include "ws/status.h"

namespace wscope::ws {

/// What a client asks for.
struct ConnectOptions {
  std::string host;                       ///< value of the Host field; empty: the URL's
  std::string origin;                     ///< empty: none
  std::vector<std::string> subprotocols;  ///< in order of preference
  /// Further fields, sent as they are, repeats too. One that the handshake makes itself takes the place of its own; of
  /// such a field, of User-Agent and of Cookie there is never more than one in a request: repeats of a list are joined,
  /// else the last one counts. Extensions named here are agreed on if the connection has an offer of that name.
  http::Headers headers;
  std::vector<std::string> left_out;  ///< names of fields that the handshake makes itself, and is not to
  int version = 13;                   ///< Sec-WebSocket-Version, to try what a server does with another
};

/// What both sides agreed on.
struct Agreement {
  std::string subprotocol;  ///< empty: none
  AgreedExtensions extensions;
};

/// A fresh value of Sec-WebSocket-Key: 16 random bytes in base64.
[[nodiscard]] std::string make_key(base::RandomSource& random);

/// The Sec-WebSocket-Accept that answers a key (section 4.2.2).
[[nodiscard]] std::string accept_value(std::string_view key);

/// The upgrade request. Authorization comes from the URL's credentials.
[[nodiscard]] http::RequestHead make_request(const http::Url& url, const ConnectOptions& options,
                                             const std::string& key, const std::vector<const ExtensionOffer*>& offers);

/// Checks a 101 response against what `request` has asked for, in which `offers` stand as far as it names them; an
/// error of kind http says what is wrong with it.
[[nodiscard]] base::Result<Agreement> check_response(const http::ResponseHead& response,
                                                     const http::RequestHead& request,
                                                     const std::vector<const ExtensionOffer*>& offers);

}  // namespace wscope::ws
