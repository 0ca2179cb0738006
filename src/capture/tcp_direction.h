// One direction of a TCP connection, put together from its segments as they were captured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "capture/segment.h"

namespace wscope::capture {

/// Where and when bytes were captured.
struct Origin {
  WallTime time{};
  std::uint64_t offset = 0;  ///< in the file
};

/// The stream of bytes that one side sends. What is in order goes out at once; what came early waits, until what lacks
/// in front of it has come or is said to be lost:
///
///     direction.receive(segment, origin, out);   // its bytes, and those that waited for them
///     direction.acknowledge(number, out);        // the other side has all before it: what we have not was not
///     captured direction.finish(out);                     // nothing more will come
///
/// Of bytes that were captured twice the first seen count; if the later ones differ, that is said. It compares with
/// what waits and with the last bytes that went out.
class TcpDirection {
 public:
  /// What becomes of a segment, in order. Views are valid until the next call of receive(), as far as the segment's
  /// bytes are.
  struct Piece {
    enum class Kind : unsigned char {
      data,
      hole,     ///< `size` bytes that were not captured
      differs,  ///< `size` bytes that had come before as others
    };
    Kind kind = Kind::data;
    Origin origin;
    base::Bytes bytes{};
    std::uint64_t size = 0;
  };
  using Pieces = std::vector<Piece>;

  /// What it may hold.
  struct Limits {
    std::size_t early = 0;   ///< bytes that wait, with 64 more for each piece of them: beyond, what lacks is lost
    std::size_t recent = 0;  ///< bytes that went out, to compare with
  };

  /// Whether the number of its first byte is known.
  [[nodiscard]] bool has_begun() const noexcept { return begun_; }
  /// Its first byte has that number (its SYN the one before it). Only once.
  void begin(std::uint32_t sequence) noexcept;
  /// The number of its first byte, once it has begun.
  [[nodiscard]] std::uint32_t first_sequence() const noexcept { return first_sequence_; }

  /// A segment of this direction. If it had not begun, it begins here.
  void receive(const Segment& segment, const Origin& origin, const Limits& limits, Pieces& out);
  /// The other side has everything before that number.
  void acknowledge(std::uint32_t number, const Origin& origin, Pieces& out);
  /// Nothing more will come: what waits goes out, with what lacks as holes.
  void finish(const Origin& origin, Pieces& out);

  /// Whether all up to its FIN has gone out.
  [[nodiscard]] bool has_ended() const noexcept { return end_ && position_ >= *end_; }
  /// How much waits, as Limits::early counts.
  [[nodiscard]] std::size_t early() const noexcept { return early_cost_; }
  /// Nobody needs any more what pieces have views of.
  void settle() noexcept { lent_.clear(); }
  /// Gives back the memory for what went out, which settle() does not, and for what waits.
  void release() noexcept;

 private:
  struct Chunk {
    std::vector<std::byte> bytes;
    Origin origin;
  };

  [[nodiscard]] std::int64_t distance(std::uint32_t sequence) const noexcept;
  void deliver(base::Bytes bytes, const Origin& origin, Pieces& out);
  void remember(base::Bytes bytes);
  void compare_with_recent(base::Bytes bytes, std::uint64_t behind, const Origin& origin, Pieces& out) const;
  void store(std::uint64_t at, base::Bytes bytes, const Origin& origin, Pieces& out);
  void store_piece(std::uint64_t at, base::Bytes bytes, const Origin& origin);
  void deliver_early(Pieces& out);
  void lose_up_to(std::uint64_t position, const Origin& origin, Pieces& out);

  bool begun_ = false;
  std::uint32_t first_sequence_ = 0;
  std::uint32_t next_ = 0;                // the number of the next byte
  std::uint64_t position_ = 0;            // of it in the stream
  std::uint64_t seen_ = 0;                // the position behind all that segments had, captured or not
  std::optional<std::uint64_t> end_;      // the position of the FIN
  std::map<std::uint64_t, Chunk> early_;  // by position; they do not overlap
  std::size_t early_cost_ = 0;
  Limits limits_;
  std::string recent_;                        // the last bytes that went out
  std::vector<std::vector<std::byte>> lent_;  // what pieces have views of
};

}  // namespace wscope::capture
