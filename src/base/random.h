// Where random bytes come from. The protocol machines take a source as an argument, so that a test can fix them.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

#include "base/bytes.h"

namespace wscope::base {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Fills `out` with unpredictable bytes (RFC 6455 section 10.3 wants strong entropy for masking keys).
  virtual void fill(MutableBytes out) noexcept = 0;
  /// The same for a masking key, which is most of what is asked for: mostly without a call.
  void fill(std::array<std::byte, 4>& key) noexcept {
    if (ready_.size() < key.size()) return fill(MutableBytes(key));
    std::memcpy(key.data(), ready_.data(), key.size());
    std::memset(ready_.data(), 0, key.size());
    ready_ = ready_.subspan(key.size());
  }

 protected:
  MutableBytes ready_;  // what is there already; what is handed out is wiped. Empty: fill() is always asked
};

/// The operating system's generator, asked for a block at a time: a small one first, as many connections need no more
/// than a key, then larger ones. Bytes handed out are wiped.
class SystemRandom final : public RandomSource {
 public:
  using RandomSource::fill;
  void fill(MutableBytes out) noexcept override;

 private:
  static constexpr std::size_t smallest = 64;
  static constexpr std::size_t largest = std::size_t{64} * 1024;
  std::array<std::byte, largest> block_;  // not cleared: memory that is never asked for is never there
  std::size_t asked_ = 0;                 // for so much the last time
};

}  // namespace wscope::base
