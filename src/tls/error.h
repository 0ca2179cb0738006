// What ends a connection, in words.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "tls/side.h"

namespace wscope::tls {

/// What is known when a connection fails.
struct Circumstances {
  Side side = Side::client;         ///< ours
  std::string_view server_name{};   ///< a client's
  bool certificate_wanted = false;  ///< the server has asked for one, and we have none
  bool certificate_given = false;   ///< we have one
};

/// All of these make errors of kind tls.

/// For OpenSSL refusing to make what a connection takes: memory has run out, most likely.
[[nodiscard]] base::Error setup_error();

/// For a code of OpenSSL's error queue; 0: it has none.
[[nodiscard]] base::Error library_error(unsigned long code, const Circumstances& circumstances);

/// For an alert of the other side's (RFC 8446 section 6.2).
[[nodiscard]] base::Error alert_error(int alert, const Circumstances& circumstances);

/// For a stream that begins with `start`, which is no TLS.
[[nodiscard]] base::Error not_tls_error(std::string_view start, Side side);

/// For a stream that ends during the handshake; `silent`: nothing has come.
[[nodiscard]] base::Error early_end_error(bool silent, Side side);

/// Whether a stream that begins with `start` (5 bytes are enough) may be TLS, and whether it is HTTP.
[[nodiscard]] bool may_be_tls(std::string_view start) noexcept;
[[nodiscard]] bool is_http(std::string_view start) noexcept;

}  // namespace wscope::tls
