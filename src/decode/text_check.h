// Whether a text is UTF-8, and where not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/utf8.h"

namespace wscope::decode {

/// Looks at one text after another, each in pieces, until the first flaw of it. What it says does not depend on how the
/// text is cut.
class TextCheck {
 public:
  /// A new text.
  void begin() noexcept;
  /// Nothing more can be said about this one.
  void give_up() noexcept { done_ = true; }
  /// The next piece. What is wrong, once.
  [[nodiscard]] std::optional<base::Utf8Flaw> receive(base::Bytes piece) noexcept;
  /// The text ends. What is wrong, if that was not said: it ends inside a code point.
  [[nodiscard]] std::optional<base::Utf8Flaw> end() noexcept;
  /// Bytes so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  void keep_tail(base::Bytes piece) noexcept;

  base::Utf8Validator validator_;
  std::uint64_t size_ = 0;
  std::array<std::byte, 3> tail_{};  // what the text so far ends in, if that is no whole code point
  std::uint8_t tail_size_ = 0;
  bool done_ = false;
};

}  // namespace wscope::decode
