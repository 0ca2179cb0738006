// Decodes frame headers (RFC 6455 section 5.2) from a stream, and refuses a wrong one at the first byte that shows it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "ws/frame.h"
#include "ws/violation.h"

namespace wscope::ws {

/// Reads the header of one frame after another. Payloads are the caller's: after Progress::header it takes
/// header().length bytes from the stream before it asks for the next header.
///
/// Checks, in this order, each as soon as its byte is there: opcode, reserved bits, FIN of a control frame, message
/// order; control length, mask bit; shortest form of the length, its highest bit, the frame limit.
///
/// A wrong first byte that could begin an HTTP head or a TLS record waits for the few bytes more that tell
/// (Violation::http_response, http_request, tls_record), so that the verdict does not depend on how they arrive.
class FrameDecoder {
 public:
  enum class Progress : std::uint8_t { need_more, header, failed };

  /// `role` is the receiver's. `frame_limit`: the largest payload of a data frame.
  FrameDecoder(Role role, std::uint64_t frame_limit) noexcept : frame_limit_(frame_limit), role_(role) {}

  /// Which reserved bits agreed extensions use on the first frame of a message and on its continuations.
  void allow_rsv(Rsv first, Rsv continuation) noexcept {
    rsv_first_ = first;
    rsv_continuation_ = continuation;
  }

  /// A message in one frame, with all of its payload there: what most of what comes is.
  struct WholeMessage {
    Opcode opcode = Opcode::text;
    bool masked = false;
    MaskKey mask{};
    base::MutableBytes payload{};  ///< as it came
  };
  /// Takes one from the front of `in`, if it has one with a payload of up to 64 KiB, no reserved bits and nothing wrong
  /// with its header; otherwise, and in the middle of a frame's header or a fragmented message, it takes nothing.
  [[nodiscard]] bool receive_whole(base::MutableBytes& in, WholeMessage& message) const noexcept;

  /// Takes header bytes from the front of `in` and advances it. After failed it must not be called again.
  [[nodiscard]] Progress receive(base::MutableBytes& in) noexcept;

  /// After Progress::header: what it said.
  [[nodiscard]] const FrameHeader& header() const noexcept { return header_; }
  /// After Progress::failed.
  [[nodiscard]] Violation violation() const noexcept { return violation_; }
  /// What was wrong with the frame; `violation()` says what of it applies.
  [[nodiscard]] Evidence evidence() const noexcept;
  /// The stream has ended: Progress::failed if the beginning of a header has been found wrong and only its end was
  /// waited for.
  [[nodiscard]] Progress receive_eof() noexcept { return refusing_ ? Progress::failed : Progress::need_more; }
  /// Whether a fragmented message is in progress.
  [[nodiscard]] bool in_message() const noexcept { return in_message_; }

 private:
  [[nodiscard]] bool check_first_byte(std::uint8_t byte) noexcept;
  [[nodiscard, gnu::noinline]] Progress refuse(base::MutableBytes& in) noexcept;
  [[nodiscard]] bool check_second_byte(std::uint8_t byte) noexcept;
  [[nodiscard]] bool read_length(const std::byte* bytes) noexcept;
  [[nodiscard]] Progress finish(const std::byte* bytes) noexcept;
  [[nodiscard]] bool fail(Violation violation) noexcept {
    violation_ = violation;
    return false;
  }

  std::uint64_t frame_limit_;
  FrameHeader header_{};
  std::array<std::byte, max_frame_header> partial_{};
  std::uint8_t have_ = 0;
  Role role_;
  Rsv rsv_first_ = 0;
  Rsv rsv_continuation_ = 0;
  bool in_message_ = false;
  bool refusing_ = false;  // the first byte is wrong, and may begin something else than a frame
  Violation violation_{};
};

// Here, as every message comes by, and a call would cost more than it does.
inline bool FrameDecoder::receive_whole(base::MutableBytes& in, WholeMessage& message) const noexcept {
  constexpr unsigned fin_bit = 0x80;
  constexpr unsigned mask_bit = 0x80;
  constexpr unsigned longest_short = 125;
  constexpr unsigned bits_16 = 126;
  if (in.size() < 4 || have_ != 0 || in_message_) return false;
  const std::byte* const bytes = in.data();
  const auto first = std::to_integer<unsigned>(bytes[0]);
  if (first != (fin_bit | 1) && first != (fin_bit | 2)) return false;
  const bool masked = role_ == Role::server;
  // Of one whose mask bit is wrong, the length is above all that there are.
  std::size_t length = std::to_integer<unsigned>(bytes[1]) ^ (masked ? mask_bit : 0);
  std::size_t header = masked ? 2 + sizeof(MaskKey) : 2;
  if (length > longest_short) {
    if (length != bits_16) return false;
    length = base::load_big_endian<std::uint16_t>(bytes + 2);
    if (length <= longest_short) return false;
    header += 2;
  }
  if (in.size() < header + length || length > frame_limit_) return false;
  message.opcode = static_cast<Opcode>(first & ~fin_bit);
  message.masked = masked;
  if (masked) std::memcpy(message.mask.data(), bytes + header - sizeof(MaskKey), sizeof(MaskKey));
  message.payload = {in.data() + header, length};
  in = in.subspan(header + length);
  return true;
}

}  // namespace wscope::ws
