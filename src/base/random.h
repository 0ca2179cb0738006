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

/// The operating system's generator, asked for a block at a time. Bytes handed out are wiped.
class SystemRandom final : public RandomSource {
 public:
  void fill(MutableBytes out) noexcept override;

 private:
  static constexpr std::size_t block_size = 1024;
  std::array<std::byte, block_size> block_{};
  std::size_t used_ = block_size;
};

}  // namespace wscope::base
