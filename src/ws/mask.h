// Masking of payloads (RFC 6455 section 5.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace wscope::ws {

using MaskKey = std::array<std::byte, 4>;

/// Masks or unmasks `data` in place. `offset` is where `data` begins within the payload of its frame.
void apply_mask(base::MutableBytes data, const MaskKey& key, std::uint64_t offset = 0) noexcept;

/// The same into another place: `to` has room for from.size() bytes and does not overlap.
void copy_masked(base::Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset = 0) noexcept;

}  // namespace wscope::ws
