// From bytes to messages: frames, masks, extensions, order, UTF-8 and sizes of everything received.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/budget.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "ws/event.h"
#include "ws/extension.h"
#include "ws/frame_decoder.h"
#include "ws/limits.h"
#include "ws/violation.h"

namespace wscope::ws {

/// Reads pieces of messages and whole control frames from a byte stream, unmasking in place, in constant memory but for
/// what `whole_up_to` asks to be collected.
class MessageReader {
 public:
  struct Delivery {
    std::uint64_t whole_up_to = unlimited;  ///< messages of up to so many bytes are delivered in one piece
    bool hold_back_partial = false;         ///< pieces of text end on code point boundaries
    bool by_frame = false;  ///< frames, not messages, are delivered in one piece; not with hold_back_partial
    /// Counts what is collected; null: nobody does. What it does not allow is delivered in pieces or, if messages must
    /// come whole, fails the connection.
    base::Budget* budget = nullptr;
  };

  /// `role` is the receiver's. `chain` outlives the reader and may be empty.
  MessageReader(Role role, const Limits& limits, Delivery delivery, ExtensionChain& chain) noexcept;

  struct Item {
    enum class Kind : std::uint8_t { need_more, data, control, violation };
    Kind kind = Kind::need_more;
    Opcode opcode = Opcode::text;  ///< data: text or binary, never continuation
    Rsv rsv = 0;                   ///< data: of the first frame of the message
    bool first = false;            ///< data: the first piece of its message
    bool frame_finished = false;   ///< data: the last piece of a frame, as far as the frame was not joined with others
    bool finished = false;         ///< data: the last piece of its message
    base::Bytes payload{};         ///< data and control: valid until the next call, and while the input stays
    Violation violation{};
  };
  /// Takes the next message from the front of `in`, if it is one that receive() would say no more about than this: a
  /// valid one in one frame, of which all is there, without extensions. False, and nothing taken, if it is not.
  [[nodiscard]] bool receive_whole(base::MutableBytes& in, Message& message) noexcept;
  /// The same as often as it is true and `room` has place: how many messages it has taken, all of which are valid until
  /// the next call. Ends behind the message with which they are `enough_bytes` or more.
  [[nodiscard]] std::size_t receive_run(base::MutableBytes& in, std::span<Message> room) noexcept;
  static constexpr std::size_t enough_bytes = std::size_t{16} * 1024;
  /// Takes bytes from the front of `in`, which it changes, until there is something to say. After a violation it must
  /// not be called again.
  [[nodiscard]] Item receive(base::MutableBytes& in);

  /// After a violation: what it was seen by.
  [[nodiscard]] Evidence evidence() const noexcept;
  /// The stream has ended: a violation if it did so before the end of what cannot become a frame.
  [[nodiscard]] std::optional<Violation> receive_eof() noexcept;
  /// The message that has begun to come and whose end has not: what of it there was, extensions undone.
  [[nodiscard]] std::optional<Incomplete> incomplete() const noexcept;

  /// The bits that the chain uses: to be called when extensions have been agreed on.
  void extensions_changed() noexcept;

 private:
  [[nodiscard]] bool may_be_whole() noexcept;
  [[nodiscard]] bool take_whole(base::MutableBytes& in, Message& message) const noexcept;
  // What reads and judges an item returns whether receive() is to return it.
  [[nodiscard]] bool read(base::MutableBytes& in, Item& item);
  [[nodiscard]] bool read_control(base::MutableBytes& in, Item& item);
  [[nodiscard]] bool read_plain(base::MutableBytes& in, Item& item);
  [[nodiscard]] bool read_extended(base::MutableBytes& in, Item& item);
  [[nodiscard]] bool check(Item& item);
  [[nodiscard]] bool gather(Item& item);
  [[nodiscard]] bool gather_more(Item& item);
  [[nodiscard]] bool may_hold(base::Bytes piece, std::uint64_t known_size);
  [[nodiscard]] bool must_be_whole() const noexcept;
  [[nodiscard]] bool begin_pieces(Item& item);
  [[nodiscard]] bool emit(Item& item) noexcept;
  [[nodiscard]] bool emit_held(Item& item) noexcept;
  [[nodiscard]] bool stamp(Item& item) noexcept;
  [[nodiscard]] static bool need_more(Item& item) noexcept;
  [[nodiscard]] bool fail(Item& item, Violation violation) noexcept;
  [[nodiscard, gnu::noinline]] bool fail_text(Item& item, base::Bytes piece, std::uint64_t offset) noexcept;
  void keep_tail(base::Bytes piece) noexcept;

  void finish_previous() noexcept;
  void drop_gathered() noexcept;
  [[nodiscard]] std::optional<Violation> begin_frame() noexcept;
  [[nodiscard]] base::MutableBytes take_payload(base::MutableBytes& in) noexcept;
  void set_data(Item& item, base::Bytes payload, bool frame_finished, bool finished) const noexcept;
  [[nodiscard]] std::uint64_t allowed_size() const noexcept;

  using ControlPayload = std::array<std::byte, max_control_payload>;
  enum class Phase : std::uint8_t { header, control, data, pulling };

  FrameDecoder decoder_;
  ExtensionChain& chain_;
  base::Buffer gathered_;
  Delivery delivery_;
  std::uint64_t message_limit_;
  std::uint64_t inflate_ratio_;

  std::uint64_t frame_left_ = 0;     // payload bytes of the current frame that have not come yet
  std::uint64_t wire_bytes_ = 0;     // of the message's frames so far, before extensions
  std::uint64_t message_bytes_ = 0;  // of the message so far, after extensions
  std::optional<Item> waiting_;      // the rest of a piece that is delivered in two
  Opcode message_type_ = Opcode::text;
  Rsv message_rsv_ = 0;
  Phase phase_ = Phase::header;
  bool begun_ = false;      // a piece of this message was delivered, but not its last
  bool streaming_ = false;  // this message is too long to be gathered
  bool finished_ =
      false;  // the last piece of a message, or a frame that was gathered, was delivered by the previous call
  base::Utf8Validator utf8_;
  std::uint8_t tail_size_ = 0;
  std::array<std::byte, 3> tail_{};  // what the pieces of a text so far end in, if that is no complete code point
  Violation violation_{};            // that ended it all
  base::Utf8Flaw flaw_;              // of a text that did
  std::uint8_t held_size_ = 0;
  std::array<std::byte, 4> held_{};          // the beginning of a code point that is held back
  std::unique_ptr<ControlPayload> control_;  // only while a control frame comes in pieces
};

}  // namespace wscope::ws
