// Numbers of JSON, exactly as they are written: of any length, with any exponent, never through a double.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace wscope::talk {

/// The value of a number as a decimal: 0.digits times ten to the power of `scale`.
struct Decimal {
  bool negative = false;  ///< of zero: never
  std::string digits;     ///< without zeros at either end; of zero: none
  /// An integer without superfluous zeros, "-12". It has as many digits as the exponent was written with, and may so be
  /// larger than any integer of C++.
  std::string scale = "0";

  bool operator==(const Decimal&) const = default;
};

/// The value of `number`, which is one of JSON. Linear time, and memory.
[[nodiscard]] Decimal decimal_of(std::string_view number);

[[nodiscard]] std::strong_ordering compare(const Decimal& left, const Decimal& right) noexcept;

/// Whether the value, not only how it is written, has no fraction: 1.0 and 10e-1 are integers.
[[nodiscard]] bool is_integer(const Decimal& value);

}  // namespace wscope::talk
