// Message digests, by OpenSSL's libcrypto.
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace wscope::base {

using Sha1Digest = std::array<std::byte, 20>;
using Sha256Digest = std::array<std::byte, 32>;

/// SHA-1, which RFC 6455 section 4.2.2 uses to prove that a server understood the handshake (not as a secret).
[[nodiscard]] Sha1Digest sha1(Bytes bytes) noexcept;

/// SHA-256, by which a Content Security Policy names the scripts of its page.
[[nodiscard]] Sha256Digest sha256(Bytes bytes) noexcept;

}  // namespace wscope::base
