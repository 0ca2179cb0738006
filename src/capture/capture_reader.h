// WebSocket in capture files: bytes of pcap or pcapng in, what was on the wire of each connection out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "capture/packet_reader.h"
#include "capture/segment.h"
#include "capture/tcp_streams.h"
#include "capture/websocket_streams.h"

namespace wscope::capture {

/// What a capture had in it.
struct Census {
  std::uint64_t packets = 0;
  std::uint64_t segments = 0;                    ///< of TCP
  std::array<std::uint64_t, 7> no_segment{};     ///< packets without one, by NoSegment
  std::vector<std::uint16_t> unread_link_types;  ///< that packets had, the first eight
  StreamNumber tcp_streams = 0;
  StreamCensus streams;

  [[nodiscard]] std::uint64_t count(NoSegment reason) const noexcept {
    return no_segment[static_cast<std::size_t>(reason)];
  }
};

/// "3 packets: 2 TCP streams (1 TLS, 1 HTTP), 1 UDP datagram, ...": what there is, for who finds no WebSocket in it.
[[nodiscard]] std::string describe(const Census& census);

/// Packets, TCP and WebSocket put together. It takes constant memory, and what it says does not depend on the pieces:
///
///     while (!bytes.empty() && !reader.error()) {
///       bytes = bytes.subspan(reader.receive(bytes));
///       while (const auto event = reader.next_event()) use(*event);
///     }
///     reader.receive_eof();
///     while (const auto event = reader.next_event()) use(*event);
class CaptureReader {
 public:
  explicit CaptureReader(const Selection& selection = {}, const TcpStreams::Limits& limits = {})
      : tcp_(limits), websocket_(selection) {}

  /// Takes bytes up to the end of the next packet, and returns how many: at least one of those that are given, but none
  /// while events wait to be taken. After an error it takes everything.
  [[nodiscard]] std::size_t receive(base::Bytes bytes);
  /// The file has ended, or an error has ended it: what waits comes out, and each direction ends. All events have been
  /// taken.
  void receive_eof();
  /// What was found, in the order of the capture, as far as each direction is in order. Valid until the next call of
  /// any of these, and as long as the bytes are that were given to receive().
  [[nodiscard]] std::optional<Event> next_event();

  /// What is wrong with the file, and at which byte. What was found before it is right.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return packets_.error(); }
  /// How many bytes of the last packet are missing, at least; 0: the file ends between packets.
  [[nodiscard]] std::uint64_t missing() const noexcept { return packets_.missing(); }
  [[nodiscard]] Census census() const;

 private:
  void receive(const Packet& packet);

  PacketReader packets_;
  TcpStreams tcp_;
  WebSocketStreams websocket_;
  Census census_{};  // but for what the others count
  WallTime last_time_{};
};

}  // namespace wscope::capture
