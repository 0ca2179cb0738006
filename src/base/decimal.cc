#include "base/decimal.h"

#include <cerrno>
#include <cstdlib>
#include <string>

namespace wscope::base {

// Not by std::from_chars, whose form for a double wants the mathematical library to be loaded at every start.
std::optional<double> parse_decimal(std::string_view text) {
  constexpr const char* characters = "0123456789.eE+-";
  const bool is_decimal = text.find_first_not_of(characters) == std::string_view::npos;
  if (!is_decimal || text.empty() || text.front() == '+') return std::nullopt;
  const std::string digits(text);
  char* end = nullptr;
  errno = 0;
  const double number = std::strtod(digits.c_str(), &end);
  if (end != digits.c_str() + digits.size() || errno != 0) return std::nullopt;
  return number;
}

}  // namespace wscope::base
