#include "app/standard_streams.h"

#include <cerrno>

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

bool print_out(std::string_view text) noexcept { return write_all(STDOUT_FILENO, text); }

void print_error(std::string_view text) noexcept { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace wscope::app
