#include "base/error_text.h"

#include <cstring>

namespace wscope::base {

std::string error_text(int error) { return begun_in_lower_case(std::strerror(error)); }

std::string begun_in_lower_case(std::string text) {
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') {
    text.front() = static_cast<char>(text.front() | 0x20);
  }
  return text;
}

}  // namespace wscope::base
