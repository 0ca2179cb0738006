#include "link/ip_address.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <arpa/inet.h>

#include "http/headers.h"

namespace wscope::link {

std::vector<std::byte> parse_ip_address(std::string_view text) {
  const std::string host(text);
  std::vector<std::byte> address(4);
  if (::inet_pton(AF_INET, host.c_str(), address.data()) == 1) return address;
  address.resize(16);
  if (::inet_pton(AF_INET6, host.c_str(), address.data()) == 1) return address;
  return {};
}

std::string with_plain_zone(std::string_view host) {
  const std::string_view address = host.substr(0, host.find('%'));
  std::string_view zone = host.substr(address.size());
  std::string plain = http::in_lower_case(std::string(address));
  if (zone.starts_with("%25") && zone.size() > 3) {
    zone.remove_prefix(3);
    plain += '%';
  }
  return plain.append(zone);
}

bool is_in_network(const std::vector<std::byte>& address, std::string_view network) {
  const std::size_t slash = std::min(network.find('/'), network.size());
  std::string_view host = network.substr(0, slash);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::vector<std::byte> first = parse_ip_address(host);
  if (first.empty() || first.size() != address.size()) return false;
  std::size_t bits = first.size() * 8;
  if (slash < network.size()) {
    const char* const last = network.data() + network.size();
    std::size_t typed = 0;
    const auto [end, error] = std::from_chars(network.data() + slash + 1, last, typed);
    if (error != std::errc() || end != last || typed > bits) return false;
    bits = typed;
  }
  for (std::size_t i = 0; i < bits; ++i) {
    const std::byte bit{static_cast<unsigned char>(0x80U >> (i % 8))};
    if (((address[i / 8] ^ first[i / 8]) & bit) != std::byte{0}) return false;
  }
  return true;
}

}  // namespace wscope::link
