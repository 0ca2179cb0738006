#include "term/tty.h"

#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "net/error.h"
#include "net/io.h"
#include "term/job_control.h"

namespace wscope::term {
namespace {

// Keeps a terminal from showing what is typed, as long as it lives.
class Silence {
 public:
  explicit Silence(int fd) noexcept : fd_(fd) {
    wait_for_foreground(fd);
    if (::tcgetattr(fd, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    silent.c_lflag |= static_cast<tcflag_t>(ICANON | ISIG);
    silent.c_iflag |= static_cast<tcflag_t>(ICRNL);
    silent.c_cc[VQUIT] = _POSIX_VDISABLE;  // it would end us before the modes are put back
    begun_ = ::tcsetattr(fd_, TCSANOW, &silent) == 0;
    ::tcflush(fd_, TCIFLUSH);
  }
  ~Silence() {
    if (begun_) ::tcsetattr(fd_, TCSANOW, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  [[nodiscard]] bool begun() const noexcept { return begun_; }

 private:
  int fd_;
  termios before_{};
  bool begun_ = false;
};

// In milliseconds, when the system has no memory to wait with.
constexpr int retry_pause = 10;

base::Error gone() { return {base::ErrorKind::io, "the terminal is gone"}; }

}  // namespace

base::Result<Tty> Tty::open(const char* path) {
  net::UniqueFd fd(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid() || ::isatty(fd.get()) == 0) return net::system_error(path, errno);
  return Tty(std::move(fd));
}

base::Result<std::optional<std::string>> Tty::read_secret(std::string_view prompt, const Interruption& interruption) {
  const Silence silence(fd_.get());
  if (!silence.begun()) return gone();
  print(prompt, interruption);
  auto line = read_line(interruption);
  if (!line || !*line) ::tcflush(fd_.get(), TCIFLUSH);  // half a secret is for nobody else
  // The one that was typed is not shown. A terminal that is stopped has no use for it.
  static_cast<void>(net::write_some(fd_.get(), base::as_bytes("\n")));
  return line;
}

base::Result<bool> Tty::wait(short events, const Interruption& interruption) const {
  for (;;) {
    std::array<pollfd, 2> fds = {{{fd_.get(), events, 0}, {interruption.fd, POLLIN, 0}}};
    const int ready = ::poll(fds.data(), fds.size(), -1);
    if (ready < 0 && errno != EINTR && errno != EAGAIN && errno != ENOMEM) {
      return net::system_error("the terminal", errno);
    }
    if (ready < 0 && errno != EINTR) ::poll(nullptr, 0, retry_pause);
    if (ready < 0) continue;
    if (fds[1].revents == 0) return true;
    if (interruption.ends()) return false;
  }
}

bool Tty::print(std::string_view text, const Interruption& interruption) const {
  while (!text.empty()) {
    const net::IoResult written = net::write_some(fd_.get(), base::as_bytes(text));
    if (written.kind == net::IoResult::Kind::failed) return false;
    text.remove_prefix(written.bytes);
    if (text.empty()) break;
    const auto waited = wait(POLLOUT, interruption);
    if (!waited || !*waited) return false;
  }
  return true;
}

base::Result<std::optional<std::string>> Tty::read_line(const Interruption& interruption) const {
  std::string line;
  for (;;) {
    const auto waited = wait(POLLIN, interruption);
    if (!waited) return waited.error();
    if (!*waited) return std::optional<std::string>();
    std::array<std::byte, 256> some;
    const net::IoResult read = net::read_some(fd_.get(), some);
    if (read.kind == net::IoResult::Kind::would_block) continue;  // another process has read it
    if (read.kind == net::IoResult::Kind::failed) return gone();
    if (read.kind == net::IoResult::Kind::end) return base::Error{base::ErrorKind::io, "no line was typed"};
    line += base::as_text(base::Bytes(some).first(read.bytes));
    if (!line.ends_with('\n')) continue;
    line.pop_back();
    return std::optional(std::move(line));
  }
}

}  // namespace wscope::term
