// The digest of the opening handshake: SHA-1 (FIPS 180-4 section 6.1).
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace wscope::base {

using Sha1Digest = std::array<std::byte, 20>;

/// By which RFC 6455 section 4.2.2 proves that a server understood the handshake. No secret may depend on it: whoever
/// wants can make two texts of one digest.
[[nodiscard]] Sha1Digest sha1(Bytes bytes) noexcept;

}  // namespace wscope::base
