// Cuts what a program writes into lines or other units, as it comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "streams/line_splitter.h"

namespace wscope::serve {

/// What streams::LineSplitter does, with bytes that are lent: it holds no memory but of a unit that has not come to its
/// end. So there may be one for each of many processes. What it returns does not depend on how the bytes come, but for
/// the pieces of a long line, and for LineEnd::none and LineEnd::anywhere.
class OutputCutter {
 public:
  /// What a piece must not be cut through, if more follows.
  enum class Whole : std::uint8_t {
    bytes,
    characters,  ///< of UTF-8
    quanta,      ///< of base64: four digits of the line
  };

  struct Options {
    streams::LineEnd line_end = streams::LineEnd::line_feed;  ///< not LineEnd::kept
    Whole whole = Whole::bytes;
    std::size_t longest_held = std::size_t{64} << 10;  ///< bytes; a line that is longer comes in pieces
  };

  explicit OutputCutter(Options options) noexcept : options_(options) {}

  struct Piece {
    base::Bytes data;          ///< valid until the next call
    bool finished = true;      ///< the line ends with it
    std::uint64_t offset = 0;  ///< of its first byte in all that was written
  };

  /// What was read, which stays as it is until next() has returned nothing. Only then more may follow.
  void receive(base::Bytes bytes) noexcept { lent_ = bytes; }
  /// Nothing more will come. To be called once next() has returned nothing.
  void end() noexcept { ended_ = true; }
  [[nodiscard]] std::optional<Piece> next();

  /// Whether a line has begun in a piece that was returned, and not ended.
  [[nodiscard]] bool in_line() const noexcept { return in_line_; }
  /// Bytes of memory that it holds besides itself.
  [[nodiscard]] std::size_t held() const noexcept { return held_.capacity(); }

 private:
  void forget_returned();
  [[nodiscard]] Piece take_line(std::size_t size);
  [[nodiscard]] std::optional<Piece> next_of_line();
  [[nodiscard]] std::optional<Piece> next_anywhere();
  [[nodiscard]] std::optional<Piece> take_last();
  [[nodiscard]] std::optional<Piece> take_unfinished();
  [[nodiscard]] Piece give(base::Bytes data, std::size_t line_end, bool finished) noexcept;
  [[nodiscard]] std::size_t unfit_end(base::Bytes data) const noexcept;

  Options options_;
  base::Bytes lent_{};
  std::string held_{};        // what came before lent_, of the same unit
  std::size_t returned_ = 0;  // of held_: it may go with the next call
  std::uint64_t offset_ = 0;  // of what is returned next
  bool in_line_ = false;
  bool any_ = false;  // a line was returned
  bool ended_ = false;
};

}  // namespace wscope::serve
