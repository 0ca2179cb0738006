// Where random bytes come from. The protocol machines take a source as an argument, so that a test can fix them.
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace wscope::base {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Fills `out` with unpredictable bytes (RFC 6455 section 10.3 wants strong entropy for masking keys).
  virtual void fill(MutableBytes out) noexcept = 0;
};

/// The operating system's generator, asked for a block at a time: a small one first, as many connections need no more
/// than a key, then larger ones. Bytes handed out are wiped.
class SystemRandom final : public RandomSource {
 public:
  void fill(MutableBytes out) noexcept override;

 private:
  static constexpr std::size_t smallest = 64;
  static constexpr std::size_t largest = std::size_t{16} * 1024;
  std::array<std::byte, largest> block_{};
  std::size_t used_ = 0;
  std::size_t filled_ = 0;  // of block_
};

}  // namespace wscope::base
