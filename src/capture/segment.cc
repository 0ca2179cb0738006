#include "capture/segment.h"

#include <algorithm>
#include <array>
#include <optional>

namespace wscope::capture {
namespace {

using Found = std::variant<Segment, NoSegment>;

constexpr std::uint16_t ether_v4 = 0x0800;
constexpr std::uint16_t ether_v6 = 0x86dd;

enum LinkType : std::uint16_t {
  null = 0,
  ethernet = 1,
  raw = 101,
  loop = 108,
  linux_cooked = 113,
  raw_v4 = 228,
  raw_v6 = 229,
  linux_cooked_2 = 276,
};

enum Protocol : std::uint8_t {
  hop_by_hop = 0,
  tcp = 6,
  udp = 17,
  routing = 43,
  fragment = 44,
  authentication = 51,
  destination_options = 60,
  mobility = 135,
  host_identity = 139,
  shim6 = 140,
};

std::uint8_t load8(base::Bytes bytes, std::size_t at) noexcept { return std::to_integer<std::uint8_t>(bytes[at]); }

std::uint16_t load16(base::Bytes bytes, std::size_t at) noexcept {
  return base::load_big_endian<std::uint16_t>(bytes.data() + at);
}

// What of a packet is left behind the headers that were read: `length` bytes, of which `bytes` were captured.
struct Rest {
  base::Bytes bytes;
  std::uint32_t length = 0;

  [[nodiscard]] bool has(std::size_t size) const noexcept { return bytes.size() >= size; }
  void drop(std::size_t size) noexcept {
    bytes = bytes.subspan(std::min(size, bytes.size()));
    length -= static_cast<std::uint32_t>(std::min<std::size_t>(size, length));
  }
  // What follows is padding.
  void limit(std::uint32_t size) noexcept {
    length = std::min(length, size);
    if (bytes.size() > length) bytes = bytes.first(length);
  }
};

Found read_tcp(Rest rest, const Endpoint& source, const Endpoint& destination) noexcept {
  constexpr std::size_t least = 20;
  if (!rest.has(least)) return rest.length < least ? NoSegment::ill_formed : NoSegment::cut_off;
  const std::size_t header = std::size_t{load8(rest.bytes, 12)} / 16 * 4;
  if (header < least || header > rest.length) return NoSegment::ill_formed;
  Segment segment{source, destination};
  segment.source.port = load16(rest.bytes, 0);
  segment.destination.port = load16(rest.bytes, 2);
  segment.sequence = base::load_big_endian<std::uint32_t>(rest.bytes.data() + 4);
  segment.acknowledgment = base::load_big_endian<std::uint32_t>(rest.bytes.data() + 8);
  const std::uint8_t flags = load8(rest.bytes, 13);
  segment.fin = (flags & 0x01U) != 0;
  segment.syn = (flags & 0x02U) != 0;
  segment.rst = (flags & 0x04U) != 0;
  segment.ack = (flags & 0x10U) != 0;
  rest.drop(header);
  segment.payload = rest.bytes;
  segment.length = rest.length;
  return segment;
}

NoSegment other_protocol(std::uint8_t protocol) noexcept {
  return protocol == Protocol::udp ? NoSegment::udp : NoSegment::not_tcp;
}

Found read_v4(Rest rest) noexcept {
  constexpr std::size_t least = 20;
  if (!rest.has(least)) return NoSegment::cut_off;
  const std::size_t header = std::size_t{load8(rest.bytes, 0) & 0x0fU} * 4;
  const std::uint16_t total = load16(rest.bytes, 2);
  if (header < least || (total != 0 && total < header)) return NoSegment::ill_formed;
  if (total != 0) rest.limit(total);  // 0: of a segment that the network card has yet to cut
  const std::uint8_t protocol = load8(rest.bytes, 9);
  if (protocol != Protocol::tcp) return other_protocol(protocol);
  if ((load16(rest.bytes, 6) & 0x3fffU) != 0) return NoSegment::fragment;
  Endpoint source;
  Endpoint destination;
  std::copy_n(rest.bytes.begin() + 12, 4, source.address.begin());
  std::copy_n(rest.bytes.begin() + 16, 4, destination.address.begin());
  rest.drop(header);
  return read_tcp(rest, source, destination);
}

// Goes over the extension headers (RFC 8200 section 4) to the protocol behind them.
struct Extensions {
  std::uint8_t protocol = 0;
  std::optional<NoSegment> trouble{};
  bool is_fragment = false;
};

Extensions skip_extensions(Rest& rest, std::uint8_t protocol) noexcept {
  Extensions seen{protocol};
  while (true) {
    const bool sized = protocol == hop_by_hop || protocol == routing || protocol == destination_options ||
                       protocol == mobility || protocol == host_identity || protocol == shim6;
    if (!sized && protocol != Protocol::fragment && protocol != authentication) break;
    if (!rest.has(8)) {
      seen.trouble = rest.length < 8 ? NoSegment::ill_formed : NoSegment::cut_off;
      return seen;
    }
    const std::size_t units = load8(rest.bytes, 1);
    std::size_t size = 8;
    if (sized) size = 8 * (units + 1);
    if (protocol == authentication) size = 4 * (units + 2);
    if (protocol == Protocol::fragment && (load16(rest.bytes, 2) & 0xfff9U) != 0) seen.is_fragment = true;
    const bool later_part = protocol == Protocol::fragment && (load16(rest.bytes, 2) & 0xfff8U) != 0;
    protocol = load8(rest.bytes, 0);
    rest.drop(size);
    if (later_part) break;  // the rest is not a header
  }
  seen.protocol = protocol;
  return seen;
}

Found read_v6(Rest rest) noexcept {
  constexpr std::size_t header = 40;
  if (!rest.has(header)) return NoSegment::cut_off;
  const std::uint16_t length = load16(rest.bytes, 4);
  if (length != 0) rest.limit(length + static_cast<std::uint32_t>(header));  // 0: a jumbogram, or as of IPv4
  Endpoint source;
  Endpoint destination;
  source.is_v6 = destination.is_v6 = true;
  std::copy_n(rest.bytes.begin() + 8, 16, source.address.begin());
  std::copy_n(rest.bytes.begin() + 24, 16, destination.address.begin());
  const std::uint8_t first = load8(rest.bytes, 6);
  rest.drop(header);
  const Extensions seen = skip_extensions(rest, first);
  if (seen.trouble) return *seen.trouble;
  if (seen.protocol != Protocol::tcp) return other_protocol(seen.protocol);
  if (seen.is_fragment) return NoSegment::fragment;
  return read_tcp(rest, source, destination);
}

Found read_ip(Rest rest) noexcept {
  if (!rest.has(1)) return NoSegment::cut_off;
  const unsigned version = load8(rest.bytes, 0) >> 4U;
  if (version == 4) return read_v4(rest);
  if (version == 6) return read_v6(rest);
  return NoSegment::ill_formed;
}

// Behind VLAN tags (802.1Q, 802.1ad), if there are any.
Found read_ether_type(Rest rest, std::uint16_t type) noexcept {
  while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
    if (!rest.has(4)) return NoSegment::cut_off;
    type = load16(rest.bytes, 2);
    rest.drop(4);
  }
  return type == ether_v4 || type == ether_v6 ? read_ip(rest) : Found(NoSegment::not_ip);
}

// `at`: of the type in a header of that size.
Found read_link_header(Rest rest, std::size_t size, std::size_t at) noexcept {
  if (!rest.has(size)) return NoSegment::cut_off;
  const std::uint16_t type = load16(rest.bytes, at);
  rest.drop(size);
  return read_ether_type(rest, type);
}

// The address family of whichever system captured it, in its byte order or in that of the network.
Found read_family(Rest rest) noexcept {
  if (!rest.has(4)) return NoSegment::cut_off;
  auto family = base::load_big_endian<std::uint32_t>(rest.bytes.data());
  if (family >= 0x10000U) family = load8(rest.bytes, 0) + 256U * load8(rest.bytes, 1);
  constexpr std::array<std::uint32_t, 5> families = {2, 10, 24, 28, 30};
  if (std::find(families.begin(), families.end(), family) == families.end()) return NoSegment::not_ip;
  rest.drop(4);
  return read_ip(rest);
}

}  // namespace

std::string_view describe(NoSegment reason) noexcept {
  switch (reason) {
    case NoSegment::link_type:
      return "packets of a link type that is not read";
    case NoSegment::not_ip:
      return "packets without IP";
    case NoSegment::fragment:
      return "IP fragments, which are not joined";
    case NoSegment::udp:
      return "UDP datagrams";
    case NoSegment::not_tcp:
      return "packets of other protocols";
    case NoSegment::cut_off:
      return "packets that were captured too short";
    case NoSegment::ill_formed:
      return "ill-formed packets";
  }
  return {};
}

bool is_known_link_type(std::uint16_t link_type) noexcept {
  constexpr std::array<std::uint16_t, 8> known = {null,         ethernet, raw,    loop,
                                                  linux_cooked, raw_v4,   raw_v6, linux_cooked_2};
  return std::find(known.begin(), known.end(), link_type) != known.end();
}

std::string describe_link_type(std::uint16_t link_type) {
  struct Name {
    std::uint16_t link_type;
    std::string_view name;
  };
  constexpr std::array<Name, 13> names = {{{9, "PPP"},
                                           {105, "802.11"},
                                           {127, "802.11 with radiotap"},
                                           {117, "PF log"},
                                           {147, "user 0"},
                                           {149, "user 2"},
                                           {187, "Bluetooth HCI"},
                                           {189, "USB"},
                                           {192, "per-packet information"},
                                           {220, "USB"},
                                           {239, "NFLOG"},
                                           {252, "upper PDU"},
                                           {253, "netlink"}}};
  const auto* const found =
      std::find_if(names.begin(), names.end(), [&](const Name& name) { return name.link_type == link_type; });
  std::string text = "link type " + std::to_string(link_type);
  if (found != names.end()) text.append(" (").append(found->name).append(")");
  return text;
}

Found find_segment(const Packet& packet) noexcept {
  const Rest rest{packet.bytes, packet.original_length};
  switch (packet.link_type) {
    case null:
    case loop:
      return read_family(rest);
    case ethernet:
      return read_link_header(rest, 14, 12);
    case linux_cooked:
      return read_link_header(rest, 16, 14);
    case linux_cooked_2:
      return read_link_header(rest, 20, 0);
    case raw:
    case raw_v4:
    case raw_v6:
      return read_ip(rest);
    default:
      return NoSegment::link_type;
  }
}

}  // namespace wscope::capture
