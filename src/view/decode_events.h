// What is decoded afterwards, as JSON: events beside those of a session, one object a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "view/json_events.h"
#include "wire/direction.h"
#include "wire/frame.h"

namespace wscope::view {

// Each appends one line to `out`. Offsets are those of the input.

/// frame as append_frame() has it, and `offset` of its first byte.
void append_frame_at(const Stamp& stamp, wire::Direction direction, const wire::Frame& frame, std::uint64_t offset,
                     std::string& out);

/// What is wrong with the frame before.
struct ViolationView {
  std::string_view section;  ///< "RFC 6455 5.5"
  std::uint64_t offset = 0;  ///< of the byte that shows it
  std::string_view message;
};
/// violation: `dir`, `section`, `offset`, `message`.
void append_violation(const Stamp& stamp, wire::Direction direction, const ViolationView& violation, std::string& out);

/// cut: the input ends inside a frame or a head: `dir`, `offset`, `hex` of what there is, as far as it was kept,
/// `needs`: how many bytes more, at least, or null.
void append_cut(const Stamp& stamp, wire::Direction direction, std::uint64_t offset, base::Bytes bytes,
                std::uint64_t needs, std::string& out);

/// hole: bytes are missing, and what follows cannot be read: `dir`, `offset`, `length`.
void append_hole(const Stamp& stamp, wire::Direction direction, std::uint64_t offset, std::uint64_t size,
                 std::string& out);

/// unreadable: a connection of a capture of which nothing can be decoded: `message`.
void append_unreadable(const Stamp& stamp, std::string_view message, std::string& out);

}  // namespace wscope::view
