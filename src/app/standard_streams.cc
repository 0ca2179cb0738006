#include "app/standard_streams.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace wscope::app {
namespace {

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

// open() gives the lowest number that is free, which is this one: those below are taken.
void fill_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

bool print_out(std::string_view text) noexcept { return write_all(STDOUT_FILENO, text); }

void print_error(std::string_view text) noexcept { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace wscope::app
