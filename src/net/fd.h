// The owner of a file descriptor, and the pipe with which something outside the loop wakes it.
#pragma once

#include <utility>

#include "base/result.h"

namespace wscope::net {

/// Owns one file descriptor, or none, and closes it at the end of its life.
class UniqueFd {
 public:
  UniqueFd() noexcept = default;
  /// Takes `fd` over; -1 is none.
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}

  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  /// The descriptor, still owned here; -1 if none.
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

  /// Gives the descriptor away: closing it is the caller's from now on.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  /// Closes the descriptor and takes `fd` over instead. errno is left as it was.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

/// Makes a fresh descriptor non-blocking and close-on-exec; false, with errno, if the system refuses. Only for one that
/// no other process shares: O_NONBLOCK belongs to the open file, not to the descriptor.
[[nodiscard]] bool make_private(int fd) noexcept;

/// Both ends of a pipe.
struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// A pipe with both ends non-blocking and close-on-exec.
base::Result<Pipe> make_pipe();

/// Asks the system to let the pipe `fd` hold 1 MiB, which is what Linux grants to everybody, in place of 64 KiB: for
/// who moves much through it, so that its two ends wait for each other less often. Nothing happens if it is no pipe,
/// holds as much already, or if the system does not want to.
void widen_pipe(int fd) noexcept;

}  // namespace wscope::net
