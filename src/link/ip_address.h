// Numeric addresses as they are typed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::link {

/// The 4 or 16 bytes of an IPv4 or IPv6 address, without brackets and zone; empty if `text` is none.
[[nodiscard]] std::vector<std::byte> parse_ip_address(std::string_view text);

/// A host with the zone of an IPv6 address as the system takes it, behind % alone, where it may be written %25 as in a
/// URL (RFC 6874); all before it in lower case.
[[nodiscard]] std::string with_plain_zone(std::string_view host);

/// Whether `address`, bytes of the function above, is in `network`: an address, in brackets or not, or an address and
/// the number of its bits that count, as in 10.0.0.0/8.
[[nodiscard]] bool is_in_network(const std::vector<std::byte>& address, std::string_view network);

}  // namespace wscope::link
