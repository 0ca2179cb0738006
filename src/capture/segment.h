// TCP out of packets: link layer, IPv4 or IPv6, TCP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "capture/endpoint.h"
#include "capture/packet_reader.h"

namespace wscope::capture {

/// A TCP segment (RFC 9293 section 3.1), as far as it was captured.
struct Segment {
  Endpoint source;
  Endpoint destination;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;  ///< if `ack`
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  base::Bytes payload{};     ///< what was captured: a view of the packet's bytes
  std::uint32_t length = 0;  ///< of the whole payload
};

/// Why a packet has no segment for us.
enum class NoSegment : unsigned char {
  link_type,   ///< one that is not read
  not_ip,      ///< ARP, say
  fragment,    ///< a part of a TCP segment: IP fragments are not joined
  udp,         ///< a datagram, perhaps of QUIC
  not_tcp,     ///< another protocol over IP
  cut_off,     ///< too little was captured (snaplen) to see its headers
  ill_formed,  ///< headers that contradict themselves
};
/// A few words: "IP fragments"; static storage.
[[nodiscard]] std::string_view describe(NoSegment reason) noexcept;

/// Whether packets of that LINKTYPE_ are read: 0 (NULL), 1 (Ethernet, with VLAN tags), 101 (RAW), 108 (LOOP), 113
/// (Linux cooked), 228 (IPv4), 229 (IPv6), 276 (Linux cooked v2).
[[nodiscard]] bool is_known_link_type(std::uint16_t link_type) noexcept;
/// "link type 105 (802.11)", as far as the usual ones have names here.
[[nodiscard]] std::string describe_link_type(std::uint16_t link_type);

/// The segment in `packet`. Checksums are not looked at: the network card may have yet to write them.
[[nodiscard]] std::variant<Segment, NoSegment> find_segment(const Packet& packet) noexcept;

}  // namespace wscope::capture
