#include "talk/number.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace wscope::talk {
namespace {

// Integers as strings of digits without zeros in front, so that one with more digits is larger.

std::strong_ordering compare_digits(std::string_view left, std::string_view right) noexcept {
  return left.size() != right.size() ? left.size() <=> right.size() : left.compare(right) <=> 0;
}

std::string without_zeros_in_front(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return std::string(digits);
}

std::string sum(std::string_view left, std::string_view right) {
  std::string digits(left.size() < right.size() ? right : left);
  const std::string_view other = left.size() < right.size() ? left : right;
  int carry = 0;
  for (std::size_t i = 0; i < digits.size() && (i < other.size() || carry > 0); ++i) {
    char& digit = digits[digits.size() - 1 - i];
    const int value = digit - '0' + carry + (i < other.size() ? other[other.size() - 1 - i] - '0' : 0);
    digit = static_cast<char>('0' + value % 10);
    carry = value / 10;
  }
  if (carry > 0) digits.insert(digits.begin(), '1');
  return digits;
}

// Of a larger and a smaller one.
std::string difference(std::string_view larger, std::string_view smaller) {
  std::string digits(larger);
  int borrow = 0;
  for (std::size_t i = 0; i < smaller.size() || borrow > 0; ++i) {
    char& digit = digits[digits.size() - 1 - i];
    const int value = digit - '0' - borrow - (i < smaller.size() ? smaller[smaller.size() - 1 - i] - '0' : 0);
    borrow = value < 0 ? 1 : 0;
    digit = static_cast<char>('0' + value + 10 * borrow);
  }
  return without_zeros_in_front(digits);
}

// An integer of either sign.
struct Integer {
  bool negative;
  std::string digits;  // of zero: none

  [[nodiscard]] std::string text() const { return digits.empty() ? "0" : (negative ? "-" : "") + digits; }
};

std::string add(const Integer& left, std::int64_t right) {
  const std::string amount = right == 0 ? "" : std::to_string(right < 0 ? -right : right);
  if (left.negative == (right < 0)) return Integer{left.negative, sum(left.digits, amount)}.text();
  if (std::is_lt(compare_digits(left.digits, amount)))
    return Integer{right < 0, difference(amount, left.digits)}.text();
  return Integer{left.negative, difference(left.digits, amount)}.text();
}

std::strong_ordering compare_integers(std::string_view left, std::string_view right) noexcept {
  const bool negative = left.starts_with('-');
  if (negative != right.starts_with('-')) return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return negative ? compare_digits(right.substr(1), left.substr(1)) : compare_digits(left, right);
}

}  // namespace

Decimal decimal_of(std::string_view number) {
  Decimal value;
  value.negative = number.starts_with('-');
  if (value.negative) number.remove_prefix(1);
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  value.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) value.digits += mantissa.substr(point + 1);
  const std::size_t zeros = value.digits.find_first_not_of('0');
  if (zeros == std::string::npos) return {};
  value.digits.erase(value.digits.find_last_not_of('0') + 1);
  value.digits.erase(0, zeros);
  std::string_view exponent = e < number.size() ? number.substr(e + 1) : "";
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  value.scale = add({negative, without_zeros_in_front(exponent)},
                    static_cast<std::int64_t>(point) - static_cast<std::int64_t>(zeros));
  return value;
}

std::strong_ordering compare(const Decimal& left, const Decimal& right) noexcept {
  const auto sign = [](const Decimal& value) { return value.digits.empty() ? 0 : value.negative ? -1 : 1; };
  if (sign(left) != sign(right) || sign(left) == 0) return sign(left) <=> sign(right);
  // Of two that are negative the one with more behind its sign is less.
  const Decimal& first = left.negative ? right : left;
  const Decimal& second = left.negative ? left : right;
  const auto order = compare_integers(first.scale, second.scale);
  return std::is_eq(order) ? first.digits.compare(second.digits) <=> 0 : order;
}

bool is_integer(const Decimal& value) {
  return value.digits.empty() || compare_integers(value.scale, std::to_string(value.digits.size())) >= 0;
}

}  // namespace wscope::talk
