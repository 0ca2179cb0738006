// Writing to a descriptor that other processes share, such as stdout, without blocking and without a trace.
#pragma once

#include <chrono>
#include <optional>

#include "base/bytes.h"
#include "net/fd.h"
#include "net/io.h"

namespace wscope::net {

/// Writes to an inherited descriptor as the loop needs it: a slow reader stalls nobody.
///
/// O_NONBLOCK is a property of the open file, which the shell and every process it started may share, so it is never
/// set on the descriptor itself. How it is written to depends on what it is:
///   file      a plain write(): a file, /dev/null, anything unknown;
///   socket    send() that is told not to wait;
///   pipe and terminal
///             opened anew by name, which gives an open file of our own that can be non-blocking; where the system has
///             no such name, in pieces so small that the system takes them at once when it calls the descriptor
///             writable.
class SharedOutput {
 public:
  enum class Kind : unsigned char { file, socket, pipe, terminal };

  /// For `fd`, which stays the caller's and open as long as this object is used. Whatever is wrong with it (it may even
  /// be closed) shows when writing. Whoever writes has SIGPIPE ignored (see Signals).
  [[nodiscard]] static SharedOutput open(int fd);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// What to watch for writability after would_block or a short write.
  [[nodiscard]] int poll_fd() const noexcept { return own_.valid() ? own_.get() : fd_; }
  /// Writes as much of `from` (not empty) as can be written without waiting. May be called at any time.
  [[nodiscard]] IoResult write(base::Bytes from) const noexcept;
  /// Waits, outside of the loop, until there is something for write() to do, for `most` at most, if given. False if it
  /// is over, or a signal that is caught comes first.
  [[nodiscard]] bool wait(std::optional<std::chrono::milliseconds> most = {}) const noexcept;

 private:
  SharedOutput(int fd, Kind kind, UniqueFd own) noexcept : fd_(fd), kind_(kind), own_(std::move(own)) {}

  int fd_;
  Kind kind_;
  UniqueFd own_;
};

}  // namespace wscope::net
