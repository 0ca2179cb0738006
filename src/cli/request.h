// The parts of an upgrade request as they are typed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "http/auth.h"
#include "http/headers.h"
#include "ws/client_handshake.h"

namespace wscope::cli {

/// What a request is to say, as typed.
struct TypedRequest {
  std::vector<std::string> headers{};  ///< "Name: value", or "@FILE" with such lines
  std::vector<std::string> subprotocols{};
  std::string origin{};
  std::string host{};
  std::string user_agent{};
  std::string user{};  ///< USER:PASSWORD, or USER, for which nothing is sent until the password is known
  std::string bearer{};
  std::vector<std::string> cookies{};  ///< "a=b", or "@FILE" with such lines
  int version = 13;
};

/// Checks it. Errors are of kind usage, or io for a file; they quote no values.
[[nodiscard]] base::Result<ws::ConnectOptions> read_request(const TypedRequest& typed);

/// Fields as -H takes them. Errors as above.
[[nodiscard]] base::Result<http::Headers> read_headers(const std::vector<std::string>& typed);

/// USER:PASSWORD without control characters (RFC 7617 section 2).
[[nodiscard]] base::Result<http::Credentials> read_credentials(const std::string& typed);

}  // namespace wscope::cli
