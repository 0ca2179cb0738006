// A file, a pipe or stdin that is read to its end, outside of the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "net/fd.h"
#include "net/io.h"

namespace wscope::net {

/// What a read waits for besides its input.
struct Interruption {
  int wakes = -1;   ///< readable: that is looked at first (Signals::fd())
  int output = -1;  ///< a pipe that nobody reads any more: then there is no use in going on
};

class InputFile {
 public:
  /// "-" is stdin, which is left open. An error of kind io, "PATH: why".
  [[nodiscard]] static base::Result<InputFile> open(const std::string& path);

  enum class Waited : unsigned char { readable, woken, no_reader, timed_out };
  /// Waits for something to be read, or for the end, for `most` at most, if given.
  [[nodiscard]] Waited wait(const Interruption& by, std::optional<std::chrono::milliseconds> most = {}) const noexcept;
  /// Once it is readable: what there is. An end is told once and for all.
  [[nodiscard]] IoResult read(base::MutableBytes into) const noexcept { return read_some(fd_, into); }

  /// Of a regular file: how many bytes it has from where it is read first.
  [[nodiscard]] std::optional<std::uint64_t> size() const noexcept { return size_; }

 private:
  InputFile(UniqueFd own, int fd) noexcept;

  UniqueFd own_;  // or else it is stdin
  int fd_;
  std::optional<std::uint64_t> size_;
};

}  // namespace wscope::net
