#include "http/percent.h"

#include <charconv>

namespace wscope::http {

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const std::string_view plain = text.substr(0, text.find('%'));
    decoded.append(plain);
    text.remove_prefix(plain.size());
    if (text.empty()) break;
    const std::string_view digits = text.substr(1, 2);
    unsigned char byte = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16).ptr;
    if (digits.size() != 2 || end != digits.data() + digits.size()) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
    text.remove_prefix(3);
  }
  return decoded;
}

}  // namespace wscope::http
