// zlib's raw DEFLATE streams as permessage-deflate needs them, and a pool of idle ones.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <zlib.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "ws/deflate.h"
#include "ws/violation.h"

namespace wscope::ws {

/// A compressor with a window of its own.
class Deflater {
 public:
  /// Null if zlib does not know such settings. Without memory: std::bad_alloc.
  [[nodiscard]] static std::unique_ptr<Deflater> create(std::uint8_t window_bits, const DeflateTuning& tuning);
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  [[nodiscard]] std::uint8_t window_bits() const noexcept { return window_bits_; }
  /// Appends the compressed form of `in` to `out`, flushed to a byte boundary (Z_SYNC_FLUSH: it ends in 00 00 ff ff).
  /// False if `out` is full.
  [[nodiscard]] bool compress(base::Bytes in, base::Buffer& out);
  /// Forgets the window.
  void reset() noexcept { deflateReset(&stream_); }
  /// A copy of the window, or of all but a little of it; what goes on from there can be read behind what was written
  /// so far.
  [[nodiscard]] std::vector<std::byte> window() const;
  /// In place of what was forgotten.
  void set_window(base::Bytes window) noexcept;

 private:
  explicit Deflater(std::uint8_t window_bits) noexcept : window_bits_(window_bits) {}

  z_stream stream_{};
  std::uint8_t window_bits_;
};

/// Where inflated data is put, a piece at a time.
using InflateWindow = std::array<std::byte, std::size_t{16} * 1024>;

/// A decompressor with the window of one peer.
class Inflater {
 public:
  /// Null if zlib does not know such settings. Without memory: std::bad_alloc.
  [[nodiscard]] static std::unique_ptr<Inflater> create(std::uint8_t window_bits);
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  struct Step {
    std::size_t size = 0;  ///< bytes put into the window
    bool drained = false;  ///< `in` is used up and nothing is held back
    std::optional<Violation> violation;
  };
  /// Inflates from the front of `in` into `window`, until one of them is used up. `message_ends`: `in` holds the last
  /// bytes of a message, whose 00 00 ff ff is added here (section 7.2.2) and which must then be complete. Without
  /// memory for the window of the peer: std::bad_alloc.
  [[nodiscard]] Step inflate(base::Bytes& in, bool message_ends, InflateWindow& window);

  /// Forgets the window, for a stream with windows of `window_bits`.
  void reset(std::uint8_t window_bits) noexcept;
  /// Whether the window is all that it knows: between messages, unless the last one ended in the middle of a byte.
  [[nodiscard]] bool at_rest() const noexcept { return block_ended_ && tail_used_ == 0; }
  /// A copy of the window, while at rest.
  [[nodiscard]] std::vector<std::byte> window() const;
  /// In place of what was forgotten.
  void set_window(base::Bytes window) noexcept;

 private:
  explicit Inflater(std::uint8_t window_bits) noexcept : window_bits_(window_bits) {}
  [[nodiscard]] bool run(base::Bytes& in);
  [[nodiscard]] std::size_t step_limit() const noexcept;

  z_stream stream_{};
  std::uint64_t produced_ = 0;  // bytes inflated since the window was empty
  std::uint8_t window_bits_;
  bool block_ended_ = true;     // nothing was read since the end of a block, or at all
  std::uint8_t tail_used_ = 0;  // bytes of the added 00 00 ff ff
};

/// Who has streams that it cannot give back, as their windows are needed again, but can pack up: their windows alone
/// take a fraction of the memory.
class Packable {
 public:
  /// Called again and again. Does so if it has not used them since the last call; false if it keeps them.
  [[nodiscard]] virtual bool pack() noexcept = 0;

  static constexpr std::size_t nowhere = SIZE_MAX;
  std::size_t place = nowhere;  ///< the pool's

 protected:
  ~Packable() = default;
};

/// Idle streams and windows, for the connections of one PermessageDeflate. A few are kept, the rest is freed.
class DeflatePool {
 public:
  explicit DeflatePool(DeflateTuning tuning);

  [[nodiscard]] const DeflateTuning& tuning() const noexcept { return tuning_; }

  [[nodiscard]] std::unique_ptr<Deflater> take_deflater(std::uint8_t window_bits);
  [[nodiscard]] std::unique_ptr<Inflater> take_inflater(std::uint8_t window_bits);
  [[nodiscard]] std::unique_ptr<InflateWindow> take_window();
  void give_back(std::unique_ptr<Deflater> deflater) noexcept;
  void give_back(std::unique_ptr<Inflater> inflater) noexcept;
  void give_back(std::unique_ptr<InflateWindow> window) noexcept;

  /// From now on `owner` has streams; doing it again changes nothing.
  void add(Packable& owner);
  /// And now it has none.
  void remove(Packable& owner) noexcept;
  /// Has all of those pack up that will. How many have.
  std::size_t pack() noexcept;
  [[nodiscard]] bool has_packable() const noexcept { return !packable_.empty(); }

  /// Where a compressed frame is put together; empty between calls.
  [[nodiscard]] base::Buffer& scratch() noexcept { return scratch_; }

 private:
  DeflateTuning tuning_;
  std::vector<std::unique_ptr<Deflater>> deflaters_;
  std::vector<std::unique_ptr<Inflater>> inflaters_;
  std::vector<std::unique_ptr<InflateWindow>> windows_;
  std::vector<Packable*> packable_;
  base::Buffer scratch_{SIZE_MAX};
};

}  // namespace wscope::ws
