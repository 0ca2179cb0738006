#include "base/random.h"

#include <fcntl.h>
#include <unistd.h>
#if defined(__linux__) || defined(__APPLE__)
#include <sys/random.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace wscope::base {
namespace {

#ifdef __linux__
// What an old kernel has, and what a sandbox may leave us.
std::size_t ask_device(MutableBytes out) noexcept {
  const int fd = ::open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (fd < 0) std::abort();
  const ssize_t given = ::read(fd, out.data(), out.size());
  if (given == 0 || (given < 0 && errno != EINTR)) std::abort();
  ::close(fd);
  return given < 0 ? 0 : static_cast<std::size_t>(given);
}

// All at once: the call costs more than a few hundred bytes. Only a signal cuts it short.
std::size_t ask_once(MutableBytes out) noexcept {
  const ssize_t given = ::getrandom(out.data(), out.size(), 0);
  if (given < 0 && errno != EINTR) return ask_device(out);
  return given < 0 ? 0 : static_cast<std::size_t>(given);
}
#else
constexpr std::size_t most_at_once = 256;

std::size_t ask_once(MutableBytes out) noexcept {
  const std::size_t size = std::min(out.size(), most_at_once);
  if (::getentropy(out.data(), size) != 0) std::abort();
  return size;
}
#endif

// All of it fails only on a broken system, and no masks are better than weak ones.
void ask_system(MutableBytes out) noexcept {
  while (!out.empty()) out = out.subspan(ask_once(out));
}

}  // namespace

void SystemRandom::fill(MutableBytes out) noexcept {
  if (out.empty()) return;
  if (out.size() > largest) return ask_system(out);
  if (out.size() > ready_.size()) {
    asked_ = std::min(largest, std::max({smallest, 4 * asked_, out.size()}));
    ready_ = MutableBytes(block_).first(asked_);
    ask_system(ready_);
  }
  std::memcpy(out.data(), ready_.data(), out.size());
  std::memset(ready_.data(), 0, out.size());
  ready_ = ready_.subspan(out.size());
}

}  // namespace wscope::base
