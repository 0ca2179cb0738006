// Who is asked for: the host and port of a Host field, of a URL or of an Origin (RFC 9110 section 7.2, RFC 6454).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::http {

/// A host in its one form, so that two that are equal are the same host.
struct Host {
  enum class Kind : std::uint8_t {
    name,  ///< also what only looks like an address: 127.1, 0x7f.1
    ipv4,
    ipv6,  ///< never one that stands for an IPv4 address: that is ipv4
  };
  Kind kind = Kind::name;
  std::string text;  ///< a name in lower case without the dot of the root; an address as inet_ntop() writes it

  /// localhost, a name below it, 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// As in a URL: an IPv6 address in brackets.
  [[nodiscard]] std::string in_url() const { return kind == Kind::ipv6 ? '[' + text + ']' : text; }

  bool operator==(const Host&) const = default;
};

struct Authority {
  Host host;
  std::optional<std::uint16_t> port;  ///< never 0; nothing: the scheme's

  bool operator==(const Authority&) const = default;
};

/// Reads `host` or `host:port`, strictly: a host is an IPv6 address in brackets without a zone, four decimal numbers
/// without leading zeros, or a name whose labels are letters, digits, "_" and "-", of which one dot at the end is
/// dropped; a port is 1 to 65535 without leading zeros. Nothing if it is anything else, so also if there is userinfo.
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text);

}  // namespace wscope::http
