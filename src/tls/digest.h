// Message digests, by OpenSSL's libcrypto.
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace wscope::tls {

using Sha256Digest = std::array<std::byte, 32>;

/// SHA-256, by which a pin names a key, and a Content Security Policy the scripts of its page.
[[nodiscard]] Sha256Digest sha256(base::Bytes bytes) noexcept;

}  // namespace wscope::tls
