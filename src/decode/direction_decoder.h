// One direction of a connection, offline: what its bytes are, and what is wrong with them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "decode/finding.h"
#include "decode/judge.h"
#include "decode/prelude.h"
#include "wire/frame.h"
#include "wire/reader.h"
#include "ws/deflate_parameters.h"
#include "ws/opcode.h"

namespace wscope::decode {

// Views in what follows are valid until the next call of receive(), and while what was given to it stays.

/// A head of the opening handshake.
struct DecodedHead {
  std::string_view text;  ///< with its line ends; beyond 64 KiB cut off
  std::uint64_t offset;   ///< of its first byte
};

struct DecodedFrame {
  wire::Frame frame{};
  std::uint64_t offset = 0;             ///< of its first byte
  std::uint64_t lost = 0;               ///< bytes of its payload that were in holes
  std::span<const Finding> findings{};  ///< all that is wrong with it
};

/// The stream has ended inside a head or a frame.
struct Tail {
  std::optional<wire::Frame> frame{};   ///< what there is of it; nothing: not even its header, or it is a head
  base::Bytes bytes{};                  ///< all that there is, as far as it was kept
  std::uint64_t offset = 0;             ///< of the first of them
  std::uint64_t lost = 0;               ///< as of a frame
  std::uint64_t needs = 0;              ///< bytes more, at least if there is no frame; of a head 0: that is not known
  std::span<const Finding> findings{};  ///< what is wrong by now
};

/// The stream has ended inside a message, behind a frame of it.
struct Unfinished {
  UnfinishedMessage message{};
};

/// What is missing has a header in it: behind it nobody can tell where frames begin, and nothing follows.
struct Lost {
  std::uint64_t offset = 0;  ///< where it is missing
  std::uint64_t size = 0;
};

/// Follows one direction. Like wire::Reader it is given what there is, and asked what it was:
///
///     while (!bytes.empty()) {
///       const std::size_t taken = decoder.receive(bytes, offset);
///       while (const auto event = decoder.next_event()) show(*event);
///       bytes = bytes.subspan(taken);
///       offset += taken;
///     }
///
/// A head of HTTP may stand in front: it tells whose frames follow, and a response what was agreed on. It takes
/// constant memory, and what it says does not depend on the pieces.
class DirectionDecoder {
 public:
  struct Options {
    std::optional<ws::Role> sender{};  ///< nothing: a head or the first frame's MASK bit tells
    /// What was agreed on whatever a head says; nothing: that is what tells.
    std::optional<ws::DeflateParameters> deflate{};
    std::size_t kept_bytes = 256;  ///< of each frame, and its header; 0: headers alone
  };
  explicit DirectionDecoder(const Options& options);
  DirectionDecoder(const DirectionDecoder&) = delete;
  DirectionDecoder& operator=(const DirectionDecoder&) = delete;

  using Event = std::variant<DecodedHead, DecodedFrame, Tail, Unfinished, Lost, Foreign>;

  /// Takes bytes from the front of `bytes`, and returns how many. While there are events to be taken these are none.
  /// `offset`: of the first of them, wherever it may be counted from; within a frame's header offsets grow by one.
  [[nodiscard]] std::size_t receive(base::Bytes bytes, std::uint64_t offset);
  /// Behind what was given, so many bytes are missing. All events have been taken.
  void receive_hole(std::uint64_t size, std::uint64_t offset);
  /// Nothing more will come. All events have been taken; doing it again changes nothing.
  void receive_eof();
  /// What there is to say, once.
  [[nodiscard]] std::optional<Event> next_event();

  /// What the other direction's head has told. Nothing: permessage-deflate was not agreed on. Options::deflate wins.
  void agree(const std::optional<ws::DeflateParameters>& deflate);

  /// Whose frames these are, as soon as that is known.
  [[nodiscard]] std::optional<ws::Role> sender() const noexcept { return judge_.sender(); }
  /// Whether compressed messages can be read.
  [[nodiscard]] bool deflates() const noexcept { return judge_.deflates(); }

 private:
  enum class Stage : unsigned char { start, head, header, payload, over };

  // Each takes bytes from the front of `in`.
  void read(base::Bytes& in, std::uint64_t offset);
  [[nodiscard]] bool read_start(base::Bytes& in, std::uint64_t offset);
  void read_head(base::Bytes& in, std::uint64_t offset);
  void finish_head(std::string_view text);
  [[nodiscard]] bool read_header(base::Bytes& in, std::uint64_t offset);
  void begin_frame(base::Bytes header);
  void read_payload(base::Bytes& in, std::uint64_t offset);
  void finish_frame();
  void keep(base::Bytes piece);
  [[nodiscard]] std::size_t limit() const noexcept;
  [[nodiscard]] wire::Frame frame_so_far();
  void end(Event event);

  bool deflate_is_given_;
  std::size_t kept_bytes_;
  Judge judge_;
  Stage stage_ = Stage::start;
  std::optional<Event> event_{};
  std::optional<Foreign> foreign_{};  // behind it
  bool ends_ = false;                 // once the start is read

  // The beginning of the stream, until it is known what that is; then what of it was not read yet.
  static constexpr std::size_t longest_start = 8;
  std::array<std::byte, longest_start> start_{};
  std::size_t start_size_ = 0;
  base::Bytes unread_{};
  std::uint64_t unread_offset_ = 0;

  wire::Reader heads_{0};
  std::uint64_t head_offset_ = 0;
  bool in_head_ = false;

  // The frame.
  std::uint64_t frame_offset_ = 0;
  wire::Header header_{};
  std::size_t header_size_ = 0;
  std::uint64_t left_ = 0;  // of its payload, to come
  std::uint64_t lost_ = 0;
  base::Bytes direct_{};           // what there is of it, as long as all of it stands together in what was given
  std::vector<std::byte> kept_{};  // else its header, or the beginning of one, and what is kept of its payload
  std::vector<std::byte> unmasked_{};
  bool frame_is_over_ = true;  // kept_ is that of the latest event
};

}  // namespace wscope::decode
