#include "net/address_range.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include <netinet/in.h>

namespace wscope::net {
namespace {

// Of an IPv4 address in IPv6: RFC 4291 section 2.5.5.2.
constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned octet_bits = 8;
constexpr unsigned mapped_bits = mapped.size() * octet_bits;

}  // namespace

base::Result<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto address = SocketAddress::from_numeric(host, 0);
  if (!address || host.find('%') != std::string_view::npos) {
    return base::usage_error(std::string(text) + ": not an address, and not one with a prefix behind it",
                             "such as 10.0.0.0/8, fd00::/8 or 192.0.2.7");
  }
  const bool is_ipv4 = address->family() == AF_INET;
  const unsigned most = (is_ipv4 ? sizeof(in_addr) : sizeof(in6_addr)) * octet_bits;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc() || stop != end || bits > most) {
      return base::usage_error(std::string(text) + ": the prefix has 0 to " + std::to_string(most) + " bits");
    }
  }
  return AddressRange(octets_of(*address), is_ipv4 ? mapped_bits + bits : bits);
}

bool AddressRange::contains(const SocketAddress& address) const noexcept {
  if (address.family() != AF_INET && address.family() != AF_INET6) return false;
  const Octets octets = octets_of(address);
  // What is all of IPv6 has nothing of IPv4.
  const bool is_ipv4 = begins_alike(octets, octets_of(SocketAddress::loopback(AddressFamily::ipv4, 0)), mapped_bits);
  if (is_ipv4 && bits_ < mapped_bits) return false;
  return begins_alike(octets, first_, bits_);
}

AddressRange::Octets AddressRange::octets_of(const SocketAddress& address) noexcept {
  Octets octets{};
  if (address.family() == AF_INET) {
    std::copy(mapped.begin(), mapped.end(), octets.begin());
    std::memcpy(octets.data() + mapped.size(), &reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr,
                sizeof(in_addr));
  } else if (address.family() == AF_INET6) {
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6*>(address.data())->sin6_addr, octets.size());
  }
  return octets;
}

bool AddressRange::begins_alike(const Octets& a, const Octets& b, unsigned bits) noexcept {
  for (unsigned i = 0; i < bits; i += octet_bits) {
    const unsigned left = std::min(bits - i, octet_bits);
    const unsigned different = static_cast<unsigned>(a[i / octet_bits]) ^ b[i / octet_bits];
    if (different >> (octet_bits - left) != 0) return false;
  }
  return true;
}

}  // namespace wscope::net
