#include "net/io.h"

#include <cassert>

#include <unistd.h>

namespace wscope::net {

IoResult read_some(int fd, base::MutableBytes into) noexcept {
  assert(!into.empty());
  return attempt([&] { return ::read(fd, into.data(), into.size()); });
}

IoResult write_some(int fd, base::Bytes from) noexcept {
  assert(!from.empty());
  return attempt([&] { return ::write(fd, from.data(), from.size()); });
}

}  // namespace wscope::net
