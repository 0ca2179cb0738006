// TCP connections, put together from their segments as they were captured.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "capture/endpoint.h"
#include "capture/segment.h"
#include "capture/tcp_direction.h"

namespace wscope::capture {

/// Streams are numbered from 0 in the order of their first segment, as Wireshark's tcp.stream.
using StreamNumber = std::uint64_t;

/// A side of a stream: who opened it, as far as that can be known (the sender of its SYN, else of its first segment),
/// and the other one.
enum class Side : unsigned char { opener, other };
[[nodiscard]] constexpr Side opposite(Side side) noexcept { return side == Side::opener ? Side::other : Side::opener; }

/// Why a direction ends.
enum class End : unsigned char {
  fin,        ///< its sender had nothing more to say
  reset,      ///< RST, of either side
  replaced,   ///< a new stream between the same ports began
  forgotten,  ///< there were too many streams, and this one was silent for longest
  capture,    ///< so does the capture
};

struct StreamOpened {
  StreamNumber stream = 0;
  WallTime time{};
  Endpoint opener;
  Endpoint other;
  bool from_its_beginning = false;  ///< its SYN was captured
};
/// The next bytes that `sender` sent; when and where they were captured.
struct StreamData {
  StreamNumber stream = 0;
  Side sender = Side::opener;
  Origin origin;
  base::Bytes bytes;
};
/// So many bytes follow that were not captured, though they were sent.
struct StreamHole {
  StreamNumber stream = 0;
  Side sender = Side::opener;
  Origin origin;  ///< of what told that
  std::uint64_t size = 0;
};
/// So many bytes were captured again, with other values, which do not count.
struct StreamDiffers {
  StreamNumber stream = 0;
  Side sender = Side::opener;
  Origin origin;  ///< of the later ones
  std::uint64_t size = 0;
};
/// Once for each direction.
struct StreamEnded {
  StreamNumber stream = 0;
  Side sender = Side::opener;
  Origin origin;
  End how = End::fin;
};
using StreamEvent = std::variant<StreamOpened, StreamData, StreamHole, StreamDiffers, StreamEnded>;

/// Takes segments in the order of the capture and tells what each side of each stream sent, in order, without gaps that
/// are not named. A segment may come up to Limits::early bytes before one that belongs in front of it. What lacks is
/// named once the other side acknowledges what is behind it, more waits than that, or the stream ends. A SYN with
/// another number begins a new stream.
///
/// Memory is bounded: of streams that have ended, and of those that are ignored, only a row is kept, so that what comes
/// late opens none anew; if there are too many rows, the one that was silent for longest is forgotten.
class TcpStreams {
 public:
  struct Limits {
    std::size_t streams = 65536;                     ///< that are known at a time
    std::size_t early = std::size_t{1} << 20;        ///< bytes that wait in a direction
    std::size_t all_early = std::size_t{256} << 20;  ///< in all of them
    std::size_t recent = std::size_t{64} << 10;      ///< bytes of a direction to compare retransmissions with
    std::size_t all_recent = std::size_t{8} << 20;   ///< about, of all of them
  };

  TcpStreams() : TcpStreams(Limits()) {}
  explicit TcpStreams(const Limits& limits);

  /// A segment. No event waits to be taken.
  void receive(const Segment& segment, const Origin& origin);
  /// The capture has ended: next_event() goes through what is left, stream by stream.
  void receive_eof(WallTime time) noexcept;
  /// What has happened. Valid until the next call of any of these, and as long as the bytes of the segment are.
  [[nodiscard]] std::optional<StreamEvent> next_event();

  /// Of that stream, which an event was just about, nothing more is wanted.
  void ignore(StreamNumber stream) noexcept;
  /// How many there were.
  [[nodiscard]] StreamNumber stream_count() const noexcept { return count_; }

 private:
  using Row = std::uint32_t;
  static constexpr Row none = ~Row{0};

  /// Its endpoints, the lesser one first.
  struct Key {
    Endpoint low;
    Endpoint high;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    [[nodiscard]] std::size_t operator()(const Key& key) const noexcept;
  };
  struct Stream {
    Key key;
    StreamNumber number = 0;
    bool low_opened = false;  // the lesser endpoint is the opener
    bool ignored = false;
    std::array<bool, 2> ended{};               // by Side: its end was told
    std::array<TcpDirection, 2> directions{};  // by Side
    Row older = none;
    Row newer = none;
  };

  [[nodiscard]] Row find_row(const Key& key, const Segment& segment, const Origin& origin, Side& sender);
  [[nodiscard]] Row open(const Key& key, const Segment& segment, const Origin& origin);
  [[nodiscard]] bool begins_anew(const Stream& stream, const Segment& segment, Side sender) const noexcept;
  [[nodiscard]] TcpDirection::Limits limits_now() const noexcept;
  void take_pieces(Stream& stream, Side sender);
  void tell_end(Stream& stream, Side sender, const Origin& origin, End how);
  void finish(Stream& stream, const Origin& origin, End how);
  void forget(Row row, const Origin& origin, End how);
  void unlink(Row row) noexcept;
  void link_newest(Row row) noexcept;

  Limits limits_;
  std::unordered_map<Key, Row, Hash> rows_;
  std::vector<Stream> streams_;
  std::vector<Row> free_;
  std::vector<TcpDirection> retired_;  // of streams that were forgotten: events have views of what they hold
  Row oldest_ = none;                  // the one that was silent for longest
  Row newest_ = none;
  StreamNumber count_ = 0;
  std::size_t early_ = 0;      // bytes that wait in all of them
  std::size_t following_ = 0;  // streams that are neither ignored nor over
  TcpDirection::Pieces pieces_;
  std::vector<StreamEvent> events_;
  std::size_t taken_ = 0;         // of events_
  std::optional<Origin> ending_;  // the capture has ended
};

}  // namespace wscope::capture
