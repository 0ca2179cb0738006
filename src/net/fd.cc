#include "net/fd.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::net {

void UniqueFd::reset(int fd) noexcept {
  const int old = std::exchange(fd_, fd);
  if (old < 0) return;
  const int error = errno;
  // Not again after EINTR: the number is free by then on Linux and the BSDs, and perhaps somebody else's.
  ::close(old);
  errno = error;
}

bool make_private(int fd) noexcept {
  // A fresh descriptor has no other flags that would have to be kept.
  return ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

// pipe2() would do it in one call, but macOS has none.
base::Result<Pipe> make_pipe() {
  int fds[2];
  if (::pipe(fds) != 0) return system_error("pipe", errno);
  Pipe pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
  if (!make_private(fds[0]) || !make_private(fds[1])) return system_error("pipe", errno);
  return pipe;
}

void widen_pipe(int fd) noexcept {
#ifdef F_SETPIPE_SZ
  constexpr int wide = 1 << 20;
  const int size = ::fcntl(fd, F_GETPIPE_SZ);
  if (size > 0 && size < wide) static_cast<void>(::fcntl(fd, F_SETPIPE_SZ, wide));
#else
  static_cast<void>(fd);
#endif
}

}  // namespace wscope::net
