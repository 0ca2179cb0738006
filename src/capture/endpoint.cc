#include "capture/endpoint.h"

#include <charconv>

#include "base/bytes.h"

namespace wscope::capture {
namespace {

constexpr std::size_t groups = 8;  // of an IPv6 address

std::uint16_t group(const Endpoint& endpoint, std::size_t index) noexcept {
  return base::load_big_endian<std::uint16_t>(endpoint.address.data() + 2 * index);
}

struct Run {
  std::size_t begin = 0;
  std::size_t size = 0;
};

// The longest run of zeros, the first of several, if there are two of them or more.
Run find_zeros(const Endpoint& endpoint) noexcept {
  Run longest{groups, 1};
  Run run;
  for (std::size_t i = 0; i < groups; ++i) {
    if (group(endpoint, i) != 0) {
      run = {i + 1, 0};
      continue;
    }
    ++run.size;
    if (run.size > longest.size) longest = run;
  }
  return longest;
}

void append_v6(const Endpoint& endpoint, std::string& out) {
  const Run zeros = find_zeros(endpoint);
  for (std::size_t i = 0; i < groups; ++i) {
    if (i == zeros.begin) {
      out += "::";
      i += zeros.size - 1;
      continue;
    }
    if (i > 0 && !out.ends_with(':')) out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), group(endpoint, i), 16).ptr;
    out.append(digits.data(), end);
  }
}

}  // namespace

std::string to_text(const Endpoint& endpoint) {
  std::string out;
  if (endpoint.is_v6) {
    out += '[';
    append_v6(endpoint, out);
    out += ']';
  } else {
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) out += '.';
      out += std::to_string(std::to_integer<unsigned>(endpoint.address[i]));
    }
  }
  return out + ':' + std::to_string(endpoint.port);
}

}  // namespace wscope::capture
