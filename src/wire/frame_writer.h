// Writes any frame, legal or not (RFC 6455 section 5.2), for whoever wants to see what becomes of it.
//
//     Header header{.opcode = 1, .length = 2};
//     append_frame(header, base::as_bytes("hi"), out);           // 81 02 68 69
//     header.form = ws::LengthForm::bits_16;                     // longer than it need be
//     header.length = 200;                                       // and not true
//     append_frame(header, base::as_bytes("hi"), out);           // 81 7e 00 c8 68 69
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "wire/frame.h"
#include "ws/frame.h"

namespace wscope::wire {

/// Whether the form has room for this length. In seven bits that is up to 127, though 126 and 127 mean there that a
/// longer form follows: whoever reads such a header takes what is behind it for the rest of the header.
[[nodiscard]] constexpr bool has_room(ws::LengthForm form, std::uint64_t length) noexcept {
  return form == ws::LengthForm::bits_64 || length <= (form == ws::LengthForm::bits_16 ? 0xffffU : 127U);
}

/// Appends to `out` the header as it is told to be, then all of `payload`, masked if the header has a key (section
/// 5.3). `header.length` need not be its size. What the header cannot hold is the caller's error: an opcode of more
/// than four bits, reserved bits of more than three, a length that its form has no room for.
void append_frame(const Header& header, base::Bytes payload, std::string& out);

}  // namespace wscope::wire
