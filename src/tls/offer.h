// What a client may offer that no client of today does by itself: to ask a server what it makes of that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tls/context.h"

namespace wscope::tls {

enum class OldVersion : std::uint8_t { tls_1_0, tls_1_1 };

struct Offer {
  std::optional<OldVersion> only{};      ///< this version and no other (RFC 8996); nothing: those of today
  std::vector<std::string> protocols{};  ///< of ALPN, the preferred one first; empty: as ever
};

/// Makes a client's context offer that, from the next connection on. Whether OpenSSL can is seen in its handshake.
void make_offer(Context& context, const Offer& offer);

}  // namespace wscope::tls
