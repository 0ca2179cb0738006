// What the tests of ping share.
#pragma once

#include <cstddef>
#include <string>

#include "base/random.h"
#include "ping/payload.h"
#include "ping/plan.h"

namespace wscope::test {

/// 1, 2, 3 and so on.
class CountingRandom final : public base::RandomSource {
 public:
  void fill(base::MutableBytes out) noexcept override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(++last_);
  }

 private:
  int last_ = 0;
};

inline std::string payload_of(ping::Payload& payload, std::uint64_t sequence) {
  return payload.make(sequence, {})->bytes;
}

}  // namespace wscope::test
