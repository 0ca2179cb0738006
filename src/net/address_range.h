// Addresses that begin with the same bits: "10.0.0.0/8".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "net/address.h"

namespace wscope::net {

/// A value. An IPv4 address that is written as one of IPv6, `::ffff:10.0.0.1`, is one of IPv4, here as in what is asked
/// about.
class AddressRange {
 public:
  /// `10.0.0.0/8`, `fd00::/8`, or one address: `192.0.2.7`. Bits behind the prefix are not looked at. An Error of kind
  /// usage says what is wrong with it.
  [[nodiscard]] static base::Result<AddressRange> parse(std::string_view text);

  /// Whether it holds the address, whatever its port and zone are.
  [[nodiscard]] bool contains(const SocketAddress& address) const noexcept;

  bool operator==(const AddressRange&) const = default;

 private:
  // As IPv6 has them; an IPv4 address is its last four.
  using Octets = std::array<std::uint8_t, 16>;

  AddressRange(const Octets& first, unsigned bits) noexcept : first_(first), bits_(bits) {}
  [[nodiscard]] static Octets octets_of(const SocketAddress& address) noexcept;
  [[nodiscard]] static bool begins_alike(const Octets& a, const Octets& b, unsigned bits) noexcept;

  Octets first_;
  unsigned bits_;  // of first_
};

}  // namespace wscope::net
