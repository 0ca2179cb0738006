// Cuts a stream into lines or other units, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "base/bytes.h"

namespace wscope::streams {

/// What ends a line.
enum class LineEnd : std::uint8_t {
  line_feed,  ///< an LF or CRLF
  kept,       ///< the same, which stays with the line
  nul,        ///< a NUL
  none,       ///< only the end of the stream
  anywhere,   ///< whatever is there when it is asked for is a line
};

/// Lines without their end, unless that is kept. The last one needs none; an empty line is a line. A line longer than
/// the buffer comes in pieces. Without line ends there is always one line, perhaps an empty one.
class LineSplitter {
 public:
  /// `capacity` of at least 2: room for a CR whose LF has not come.
  explicit LineSplitter(std::size_t capacity, LineEnd line_end = LineEnd::line_feed)
      : storage_(new std::byte[capacity]),
        capacity_(capacity),
        line_end_(line_end),
        end_byte_(line_end >= LineEnd::none  ? -1
                  : line_end == LineEnd::nul ? '\0'
                                             : '\n'),
        kept_(line_end == LineEnd::kept ? 1 : 0) {}

  struct Piece {
    base::Bytes data;      ///< valid until the next call of room()
    bool finished = true;  ///< the line ends with it
  };
  /// The next line or piece of one, if enough has been read to tell.
  [[nodiscard]] std::optional<Piece> next() noexcept {
    const std::byte* const found = find_end();
    if (found == nullptr) return next_without_end();
    const auto end = static_cast<std::size_t>(found - storage_.get());
    const std::size_t size = end - begin_;
    return ends_in_cr(end) ? take(size - 1, 2, true) : take(size + kept_, 1 - kept_, true);
  }

  /// Where to put what is read next: never empty once next() has returned nothing.
  [[nodiscard]] base::MutableBytes room();
  /// `n` bytes were put there.
  void commit(std::size_t n) noexcept { end_ += n; }
  /// Nothing more will come.
  void end() noexcept { ended_ = true; }

  /// Whether end() was called and everything has been returned.
  [[nodiscard]] bool done() const noexcept { return ended_ && begin_ == end_ && !last_line_due(); }
  /// The number of the line that the latest piece belongs to, counted from one.
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

 private:
  [[nodiscard]] bool last_line_due() const noexcept { return in_line_ || (line_end_ == LineEnd::none && line_ == 0); }
  [[nodiscard]] const std::byte* find_end() const noexcept {
    if (end_byte_ < 0 || scanned_ == end_) return nullptr;
    return static_cast<const std::byte*>(std::memchr(storage_.get() + scanned_, end_byte_, end_ - scanned_));
  }
  [[nodiscard]] std::optional<Piece> next_without_end() noexcept;
  // Perhaps the first half of a line's end.
  [[nodiscard]] bool ends_in_cr(std::size_t end) const noexcept {
    return line_end_ == LineEnd::line_feed && end > begin_ && storage_[end - 1] == std::byte{'\r'};
  }
  [[nodiscard]] Piece take(std::size_t size, std::size_t line_end, bool finished) noexcept {
    if (!in_line_) ++line_;
    in_line_ = !finished;
    const base::Bytes data(storage_.get() + begin_, size);
    begin_ += size + line_end;
    if (scanned_ < begin_) scanned_ = begin_;
    return {data, finished};
  }

  std::unique_ptr<std::byte[]> storage_;
  std::size_t capacity_;
  LineEnd line_end_;
  int end_byte_;             // -1: there is none
  std::size_t kept_;         // of it, in the line
  std::size_t begin_ = 0;    // of what was not returned yet
  std::size_t scanned_ = 0;  // up to here there is no LF
  std::size_t end_ = 0;
  std::uint64_t line_ = 0;
  bool in_line_ = false;  // a piece of the line was returned, but not its last
  bool ended_ = false;
};

}  // namespace wscope::streams
