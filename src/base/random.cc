#include "base/random.h"

#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace wscope::base {
namespace {

// For at most 256 bytes this fails only on a broken system, and no masks are better than weak ones.
void ask_system(MutableBytes out) noexcept {
  if (::getentropy(out.data(), out.size()) != 0) std::abort();
}

}  // namespace

void SystemRandom::fill(MutableBytes out) noexcept {
  for (; out.size() > block_size; out = out.subspan(block_size)) ask_system(out.first(block_size));
  while (!out.empty()) {
    if (used_ == block_size) {
      ask_system(block_);
      used_ = 0;
    }
    const MutableBytes fresh = MutableBytes(block_).subspan(used_, std::min(out.size(), block_size - used_));
    std::memcpy(out.data(), fresh.data(), fresh.size());
    std::memset(fresh.data(), 0, fresh.size());
    used_ += fresh.size();
    out = out.subspan(fresh.size());
  }
}

}  // namespace wscope::base
