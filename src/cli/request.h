// The parts of an upgrade request as they are typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/auth.h"
#include "http/cookie_jar.h"
#include "http/headers.h"
#include "ws/client_handshake.h"

namespace wscope::cli {

/// What a request is to say, as typed.
struct TypedRequest {
  std::vector<std::string> headers{};  ///< as read_headers() takes them
  std::vector<std::string> subprotocols{};
  std::string origin{};
  std::string host{};
  std::string user_agent{};
  std::string user{};    ///< USER:PASSWORD, or USER, for which nothing is sent until the password is known
  std::string bearer{};  ///< a token, or "@FILE" whose first line is one
  std::vector<std::string> cookies{};  ///< "a=b", or "@FILE" with such lines, or with a Netscape cookie file
  int version = 13;
};

/// What a request is to say. Headers take the place of what options say.
struct Request {
  ws::ConnectOptions options;  ///< with one Cookie field at most, of what was typed
  http::CookieJar cookies;     ///< of files; which of them are sent is up to the URL
  std::vector<std::string> notices;
};

/// Checks it. Errors are of kind usage, or io for a file; they quote no values.
[[nodiscard]] base::Result<Request> read_request(const TypedRequest& typed);

/// Fields as -H takes them, which is as curl does.
struct HeaderLines {
  http::Headers fields;               ///< of "Name: value" and, without a value, of "Name;"
  std::vector<std::string> left_out;  ///< of "Name:"

  /// Whether they decide on the field of that name.
  [[nodiscard]] bool mention(std::string_view name) const noexcept;
};

/// Reads such lines, or "@FILE" with some. Errors as above.
[[nodiscard]] base::Result<HeaderLines> read_headers(const std::vector<std::string>& typed);

/// USER:PASSWORD without control characters (RFC 7617 section 2).
[[nodiscard]] base::Result<http::Credentials> read_credentials(const std::string& typed);

}  // namespace wscope::cli
