// Random bytes that come again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/random.h"

namespace wscope::check {

/// A source whose bytes depend on a seed and on what they are for, and on nothing else: the same case sends the same
/// bytes, whichever cases are carried out besides it. Nobody is to take them for secrets.
class SeededRandom final : public base::RandomSource {
 public:
  using RandomSource::fill;
  /// `what`: the id of a case.
  SeededRandom(std::uint64_t seed, std::string_view what) noexcept;
  void fill(base::MutableBytes out) noexcept override;

 private:
  std::uint64_t state_;
};

/// The seed that was asked for, or one of few digits.
[[nodiscard]] std::uint64_t choose_seed(std::optional<std::uint64_t> wanted, base::RandomSource& random) noexcept;

}  // namespace wscope::check
