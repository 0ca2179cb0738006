// Reading and writing a descriptor once, and what can come of it.
#pragma once

#include <cerrno>
#include <cstddef>

#include "base/bytes.h"

namespace wscope::net {

/// What came of one attempt to move bytes.
struct IoResult {
  enum class Kind : unsigned char {
    /// `bytes` were moved, at least one. Fewer than asked for: trying again at once would most likely block.
    done,
    /// Nothing can be moved now: wait for the poller.
    would_block,
    /// Reading only: there is nothing more to come.
    end,
    /// errno was `error`. EPIPE, from writing: nobody reads any more.
    failed
  };

  Kind kind = Kind::would_block;
  std::size_t bytes = 0;
  int error = 0;
};

/// Calls `move_bytes`, which is read(), write() or one of their kin, again as long as a signal interrupts it, and makes
/// an IoResult of what it returned.
template <typename MoveBytes>
[[nodiscard]] IoResult attempt(MoveBytes&& move_bytes) noexcept {
  std::ptrdiff_t returned;
  do {
    returned = move_bytes();
  } while (returned < 0 && errno == EINTR);
  if (returned > 0) return {IoResult::Kind::done, static_cast<std::size_t>(returned)};
  if (returned == 0) return {IoResult::Kind::end};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoResult::Kind::would_block};
  return {IoResult::Kind::failed, 0, errno};
}

/// One read() of what is there into `into` (not empty). On a descriptor that may block, such as a shared stdin, it does
/// not block directly after the poller said readable, whatever the size of `into`.
[[nodiscard]] IoResult read_some(int fd, base::MutableBytes into) noexcept;

/// One write() of `from` (not empty), which blocks if `fd` does. Whoever calls it has SIGPIPE ignored (see Signals).
[[nodiscard]] IoResult write_some(int fd, base::Bytes from) noexcept;

}  // namespace wscope::net
