// The time stamps of capture files.
#pragma once

#include <cstdint>

#include "capture/packet_reader.h"

namespace wscope::capture {

/// So long after the beginning of 1970. What a WallTime cannot say is the nearest one that it can.
[[nodiscard]] WallTime to_wall_time(std::int64_t seconds, std::uint64_t nanoseconds) noexcept;

/// `ticks` of pcapng's if_tsresol `resolution` (of a second 10^-N, or with the highest bit set 2^-N), `offset` seconds
/// later. What is finer than a nanosecond is cut off; a resolution that 64 bits cannot hold has no seconds.
[[nodiscard]] WallTime ticks_to_wall_time(std::uint64_t ticks, std::uint8_t resolution, std::int64_t offset) noexcept;

}  // namespace wscope::capture
