// How far a long reading has come, for a person who waits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "net/shared_output.h"

namespace wscope::decode {

/// "12.3 MB, 45 %" in a line of its own on stderr, which is overwritten four times a second and gone in the end.
class Progress {
 public:
  /// `size`: how many bytes there are, if that is known. Nothing is shown if stderr is no terminal, or if not
  /// `is_wanted`, as something else is printed there.
  Progress(std::optional<std::uint64_t> size, bool is_wanted);

  /// So many bytes have been read.
  void show(std::uint64_t bytes, base::TimePoint now);
  /// Takes the line away, if there is one.
  void clear();

 private:
  std::optional<std::uint64_t> size_;
  std::optional<net::SharedOutput> output_{};  // nothing: nothing is shown
  std::optional<base::TimePoint> shown_at_{};
  bool is_shown_ = false;
};

/// "999 B", "12.3 MB": with a unit of a power of 1000.
[[nodiscard]] std::string size_in_words(std::uint64_t bytes);

/// What Progress shows.
[[nodiscard]] std::string progress_in_words(std::uint64_t bytes, std::optional<std::uint64_t> size);

}  // namespace wscope::decode
