// What is still to be written on a connection, and when.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace wscope::check {

/// A queue of bytes with pauses in it. What is appended in a row is written together, unless it is to go in pieces.
class Outbox {
 public:
  void append(std::string bytes);
  /// What is appended from here on is written in pieces of so many bytes, with such a pause before each; 0: together.
  void cut(std::size_t piece, base::Duration pause) noexcept;
  /// What is appended next waits for so long once everything before is written.
  void pause(base::Duration time) noexcept { pause_ = time; }

  /// What may be written now, until the next call of a member that is not const; empty: nothing.
  [[nodiscard]] base::Bytes output(base::TimePoint now) const noexcept;
  /// So much of it was written.
  void consume(std::size_t size, base::TimePoint now);
  /// The rest will not be written.
  void clear() noexcept { parts_.clear(); }

  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
  /// How many bytes wait.
  [[nodiscard]] std::size_t waiting() const noexcept;
  /// When there is more to write, if not now.
  [[nodiscard]] std::optional<base::TimePoint> deadline(base::TimePoint now) const noexcept;
  /// Something was written last then.
  [[nodiscard]] std::optional<base::TimePoint> wrote_at() const noexcept { return wrote_at_; }
  /// From here on all that is appended is kept, too.
  void keep() noexcept { keeps_ = true; }
  [[nodiscard]] const std::string& kept() const noexcept { return kept_; }
  /// The first 4 KiB of all that was appended.
  [[nodiscard]] const std::string& beginning() const noexcept { return beginning_; }
  /// How much was appended.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Part {
    std::string bytes;
    std::size_t written = 0;
    std::size_t piece = 0;
    std::size_t left = 0;  // of the piece that is being written; 0: it has not begun
    base::Duration piece_pause{};
    base::Duration before{};  // it
  };

  [[nodiscard]] base::TimePoint due() const noexcept;

  std::deque<Part> parts_{};
  std::size_t piece_ = 0;
  base::Duration piece_pause_{};
  base::Duration pause_{};
  std::optional<base::TimePoint> wrote_at_{};
  std::string beginning_{};
  std::string kept_{};
  bool keeps_ = false;
  std::size_t size_ = 0;
};

}  // namespace wscope::check
