#include "net/shared_output.h"

#include <algorithm>
#include <array>
#include <climits>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/poller.h"
#include "net/socket.h"

namespace wscope::net {
namespace {

using Kind = SharedOutput::Kind;

// A terminal that is writable takes more than this; a pipe takes PIPE_BUF (POSIX: write, poll).
constexpr std::size_t terminal_piece = 1024;

Kind kind_of(int fd) noexcept {
  // What cannot be asked about, such as a closed descriptor, fails by itself when it is written to.
  struct stat status {};
  if (::fstat(fd, &status) != 0) return Kind::file;
  if (S_ISSOCK(status.st_mode)) return Kind::socket;
  if (S_ISFIFO(status.st_mode)) return Kind::pipe;
  return S_ISCHR(status.st_mode) && ::isatty(fd) == 1 ? Kind::terminal : Kind::file;
}

UniqueFd open_anew(const char* path) noexcept {
  return UniqueFd(::open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// Invalid if the system has no name for what is open as `fd`, or does not let us open it.
UniqueFd reopen(int fd, Kind kind) {
#ifdef __linux__
  // Elsewhere /dev/fd only duplicates the descriptor, and with it the open file.
  UniqueFd own = open_anew(("/proc/self/fd/" + std::to_string(fd)).c_str());
  if (own.valid()) return own;
#endif
  std::array<char, PATH_MAX> name;
  if (kind != Kind::terminal || ::ttyname_r(fd, name.data(), name.size()) != 0) return {};
  return open_anew(name.data());
}

IoResult write_pieces(int fd, base::Bytes from, std::size_t piece) noexcept {
  std::size_t written = 0;
  while (written < from.size() && writable_now(fd)) {
    const IoResult result = write_some(fd, from.subspan(written, std::min(piece, from.size() - written)));
    // What went wrong behind some bytes that did not shows again next time.
    if (result.kind != IoResult::Kind::done) return written > 0 ? IoResult{IoResult::Kind::done, written} : result;
    written += result.bytes;
  }
  return {written > 0 ? IoResult::Kind::done : IoResult::Kind::would_block, written};
}

}  // namespace

SharedOutput SharedOutput::open(int fd) {
  const Kind kind = kind_of(fd);
  const bool may_block = kind == Kind::pipe || kind == Kind::terminal;
  return {fd, kind, may_block ? reopen(fd, kind) : UniqueFd()};
}

IoResult SharedOutput::write(base::Bytes from) const noexcept {
  if (kind_ == Kind::file) return write_some(fd_, from);
  if (kind_ == Kind::socket) return send(fd_, from);
  if (own_.valid()) return write_some(own_.get(), from);
  return write_pieces(fd_, from, kind_ == Kind::pipe ? PIPE_BUF : terminal_piece);
}

bool SharedOutput::wait(std::optional<std::chrono::milliseconds> most) const noexcept {
  pollfd writable{poll_fd(), POLLOUT, 0};
  return ::poll(&writable, 1, most ? static_cast<int>(most->count()) : -1) > 0;
}

}  // namespace wscope::net
