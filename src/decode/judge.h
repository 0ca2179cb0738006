// What RFC 6455 and RFC 7692 say of the frames that one side sends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "decode/finding.h"
#include "decode/text_check.h"
#include "wire/frame.h"
#include "wire/inflater.h"
#include "ws/deflate_parameters.h"
#include "ws/frame.h"
#include "ws/opcode.h"

namespace wscope::decode {

/// A message whose last frame has not come.
struct UnfinishedMessage {
  ws::Opcode type = ws::Opcode::text;
  std::uint64_t length = 0;  ///< of the frames that came, as they were on the wire
};

/// Is told of one frame after another, and of their payloads in any pieces, and says what is wrong with each. Unlike a
/// connection it goes on behind that. It takes constant memory, and what it says does not depend on the pieces.
class Judge {
 public:
  /// `sender`: whose frames they are; nothing: the first one's MASK bit tells. Of what compressed frames say it keeps
  /// `kept_bytes`.
  Judge(std::optional<ws::Role> sender, std::size_t kept_bytes) noexcept : sender_(sender), kept_bytes_(kept_bytes) {}

  /// An opening handshake tells whose frames follow.
  void set_sender(ws::Role sender) noexcept { sender_ = sender; }
  /// It has agreed on permessage-deflate; nothing: on none. Between frames.
  void agree(const std::optional<ws::DeflateParameters>& deflate);
  [[nodiscard]] bool deflates() const noexcept { return agreed_.has_value(); }

  /// A frame begins. `offset` is that of its first byte; the header's others follow it.
  void begin_frame(const wire::Header& header, std::size_t header_size, std::uint64_t offset);
  /// The next piece of its payload, as it is on the wire. `ends`: it is the last one, perhaps an empty one.
  void receive(base::Bytes piece, std::uint64_t offset, bool ends);
  /// The next piece of its payload is not known.
  void receive_hole(std::uint64_t size, bool ends);

  /// What is wrong with the frame. Valid until the next one begins.
  [[nodiscard]] std::span<const Finding> findings() const noexcept { return findings_; }
  /// Once the frame has ended: what it says, if it belongs to a compressed message that could be followed. The same.
  [[nodiscard]] std::optional<wire::InflatedPayload> inflated() const noexcept;

  [[nodiscard]] std::optional<ws::Role> sender() const noexcept { return sender_; }
  /// The message that goes on behind the frames that have ended.
  [[nodiscard]] std::optional<UnfinishedMessage> unfinished() const noexcept;

 private:
  enum class Payload : unsigned char { unjudged, text, compressed, close };

  void check_header(std::size_t header_size, std::uint64_t offset);
  void check_order(std::uint64_t offset);
  void check_length(std::size_t header_size, std::uint64_t offset);
  void begin_payload();
  void receive_unmasked(base::Bytes piece, std::uint64_t offset, bool ends);
  void inflate(base::Bytes piece, bool ends);
  void end_frame();
  void check_close();
  void add(ws::Violation violation, std::uint64_t offset, std::uint64_t size = 1, ws::Evidence seen = {},
           std::string_view reason = {});
  void add_flaw(const base::Utf8Flaw& flaw, std::uint64_t offset);

  std::optional<ws::Role> sender_;
  std::size_t kept_bytes_;
  std::optional<ws::DeflateParameters> agreed_{};
  bool may_inflate_ = false;                    // from the next frame on
  std::unique_ptr<wire::Inflater> inflater_{};  // null also once a hole has been in a compressed message
  std::vector<Finding> findings_{};

  // The frame.
  wire::Header header_{};
  Payload payload_ = Payload::unjudged;
  std::uint64_t received_ = 0;        // of its payload
  std::uint64_t payload_offset_ = 0;  // of the first byte of it; of the header's last one, if there is none
  std::uint64_t last_offset_ = 0;     // of the last byte that was there
  std::array<std::byte, ws::max_control_payload> close_{};
  std::size_t close_size_ = 0;
  bool close_is_whole_ = true;

  // The message, and the stream.
  TextCheck text_{};
  bool in_message_ = false;
  bool continues_ = false;  // the frame is a part of it, or all
  bool is_compressed_ = false;
  ws::Opcode type_ = ws::Opcode::text;
  std::uint64_t message_size_ = 0;
  bool closed_ = false;
};

}  // namespace wscope::decode
