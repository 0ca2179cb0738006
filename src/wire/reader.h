// What goes over the wire, as it is: heads of the opening handshake and frames, legal or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "wire/frame.h"
#include "wire/inflater.h"
#include "ws/opcode.h"

namespace wscope::wire {

/// A head of the opening handshake with its line ends and the empty line (RFC 9112 section 2.1). Beyond 64 KiB it is
/// cut off.
struct Head {
  std::string_view text;
};

/// The stream has ended inside of a head or a frame: what of it had come, as far as it was kept.
struct Cut {
  base::Bytes bytes;
};

/// Follows one direction of a connection, from the first byte of the opening handshake. It judges nothing, changes
/// nothing and keeps a bounded part of every frame. What it keeps grows with what has come, not with what a header
/// says. Like ws::Connection it is given what was read (receive, receive_eof) and asked what it was (next_event):
///
///     while (!bytes.empty()) {
///       bytes = bytes.subspan(reader.receive(bytes));
///       if (const auto event = reader.next_event()) show(*event);
///     }
class Reader {
 public:
  /// Keeps `kept_bytes` of each frame, its header included, and always the header and all of a control frame (unless it
  /// is longer than one may be).
  explicit Reader(std::size_t kept_bytes) : kept_bytes_(kept_bytes) {}
  Reader(const Reader&) = delete;  // an event that waits has views of it
  Reader& operator=(const Reader&) = delete;

  using Event = std::variant<Head, Frame, Cut>;
  /// Takes bytes up to the end of the next head or frame, and returns how many: at least one of those that are given,
  /// but none while an event waits to be taken. It keeps no view of them. Behind the head of an interim response there
  /// is another head; behind that of any other response but 101 it takes everything: that is its body. After
  /// receive_eof() it takes everything, too.
  [[nodiscard]] std::size_t receive(base::Bytes bytes);
  /// What comes next is another head, as on a connection that went on with HTTP: that behind the body of a response, or
  /// behind a request that was answered. No event waits to be taken.
  void expect_head() noexcept;
  /// The stream has ended. Doing it again changes nothing.
  void receive_eof();
  /// What has come to its end, once; nothing until more is received. Valid until the next call of receive().
  [[nodiscard]] std::optional<Event> next_event() noexcept;

  /// From here on the payloads of `sender`, whose direction this is, are inflated as well: the opening handshake agreed
  /// on permessage-deflate. It is too late, and nothing happens, if a compressed frame has gone by.
  void inflate(ws::Role sender, const ws::DeflateParameters& agreed);

 private:
  enum class Stage : unsigned char { head, frame_header, payload, over };

  // Each takes bytes from the front of `in`.
  void read_head(base::Bytes& in);
  [[nodiscard]] bool ends_head(char c) noexcept;
  [[nodiscard]] bool parse_header(base::Bytes& in);
  void read_payload(base::Bytes& in);
  void inflate_piece(base::Bytes piece);
  [[nodiscard]] Frame finish_frame();

  std::size_t kept_bytes_;
  Stage stage_ = Stage::head;
  std::optional<Event> event_;  // waits to be taken
  bool whole_ = false;          // head_ or bytes_ is that of the latest event
  bool line_has_text_ = false;
  bool head_has_text_ = false;
  std::string head_;
  std::vector<std::byte> bytes_;  // of the frame: its header and what is kept of its payload
  std::vector<std::byte> unmasked_;
  Frame frame_;
  std::size_t header_size_ = 0;
  std::uint64_t left_ = 0;  // of the payload, to come
  std::unique_ptr<Inflater> inflater_;
  bool missed_compressed_ = false;
};

}  // namespace wscope::wire
