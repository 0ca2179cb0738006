// Writes capture files and the packets in them, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::test {

/// A number as `size` bytes, the most significant one first, or last.
inline std::string big(std::uint64_t value, std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = size; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
  return out;
}
inline std::string little(std::uint64_t value, std::size_t size) {
  const std::string bytes = big(value, size);
  return {bytes.rbegin(), bytes.rend()};
}

/// A TCP segment over IP, from one host to another.
struct Tcp {
  std::uint8_t from = 1;  ///< the last byte of the address
  std::uint16_t from_port = 40000;
  std::uint8_t to = 2;
  std::uint16_t to_port = 80;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::string_view flags{};  ///< of S, A, F, R
  std::string payload{};
};

inline std::string tcp_header(const Tcp& tcp) {
  unsigned flags = 0;
  for (const char c : tcp.flags) flags |= c == 'S' ? 2U : c == 'A' ? 16U : c == 'F' ? 1U : 4U;
  return big(tcp.from_port, 2) + big(tcp.to_port, 2) + big(tcp.sequence, 4) + big(tcp.acknowledgment, 4) +
         big(0x50, 1) + big(flags, 1) + big(0xffff, 2) + std::string(4, '\0');
}

inline std::string v4_header(std::uint8_t from, std::uint8_t to, std::size_t payload, unsigned protocol = 6,
                             unsigned fragment = 0) {
  return big(0x45, 1) + big(0, 1) + big(20 + payload, 2) + big(0, 2) + big(fragment, 2) + big(64, 1) +
         big(protocol, 1) + big(0, 2) + std::string("\x0a\0\0", 3) + static_cast<char>(from) +
         std::string("\x0a\0\0", 3) + static_cast<char>(to);
}

inline std::string v6_header(std::uint8_t from, std::uint8_t to, std::size_t payload, unsigned next = 6) {
  const std::string prefix = std::string("\xfd", 1) + std::string(14, '\0');
  return big(0x60000000, 4) + big(payload, 2) + big(next, 1) + big(64, 1) + prefix + static_cast<char>(from) + prefix +
         static_cast<char>(to);
}

inline std::string v4(const Tcp& tcp) {
  return v4_header(tcp.from, tcp.to, 20 + tcp.payload.size()) + tcp_header(tcp) + tcp.payload;
}
inline std::string v6(const Tcp& tcp) {
  return v6_header(tcp.from, tcp.to, 20 + tcp.payload.size()) + tcp_header(tcp) + tcp.payload;
}
inline std::string ethernet(std::string_view ip, std::string_view tags = {}) {
  const bool is_v6 = (ip[0] & 0x40) == 0 || (ip[0] & 0x20) != 0;
  return std::string(12, '\x02') + std::string(tags) + (is_v6 ? big(0x86dd, 2) : big(0x0800, 2)) + std::string(ip);
}

/// A pcap file of link type 101 (raw IP), or another one.
struct Pcap {
  bool big_endian = false;
  bool nanoseconds = false;
  std::uint32_t link_type = 101;

  [[nodiscard]] std::string number(std::uint64_t value, std::size_t size) const {
    return big_endian ? big(value, size) : little(value, size);
  }
  [[nodiscard]] std::string header() const {
    return number(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4) + number(2, 2) + number(4, 2) + number(0, 8) +
           number(65535, 4) + number(link_type, 4);
  }
  /// `captured`: only so many bytes.
  [[nodiscard]] std::string packet(std::string_view bytes, std::uint32_t seconds = 1, std::uint32_t fraction = 0,
                                   std::size_t captured = SIZE_MAX) const {
    const std::string_view kept = bytes.substr(0, captured);
    return number(seconds, 4) + number(fraction, 4) + number(kept.size(), 4) + number(bytes.size(), 4) +
           std::string(kept);
  }
};

/// Blocks of a pcapng file.
struct PcapNg {
  bool big_endian = false;

  [[nodiscard]] std::string number(std::uint64_t value, std::size_t size) const {
    return big_endian ? big(value, size) : little(value, size);
  }
  [[nodiscard]] std::string block(std::uint32_t type, std::string body) const {
    body.resize((body.size() + 3) / 4 * 4);
    const std::string length = number(body.size() + 12, 4);
    return number(type, 4) + length + body + length;
  }
  [[nodiscard]] std::string option(std::uint16_t code, const std::string& value) const {
    std::string out = number(code, 2) + number(value.size(), 2) + value;
    out.resize((out.size() + 3) / 4 * 4);
    return out;
  }
  [[nodiscard]] std::string section(const std::string& options = {}) const {
    return block(0x0a0d0d0a,
                 number(0x1a2b3c4d, 4) + number(1, 2) + number(0, 2) + number(~std::uint64_t{0}, 8) + options);
  }
  [[nodiscard]] std::string interface(std::uint16_t link_type, const std::string& options = {},
                                      std::uint32_t snap_length = 0) const {
    return block(1, number(link_type, 2) + number(0, 2) + number(snap_length, 4) + options);
  }
  [[nodiscard]] std::string enhanced(std::string_view bytes, std::uint64_t ticks = 0, std::uint32_t interface = 0,
                                     std::size_t captured = SIZE_MAX) const {
    std::string body(bytes.substr(0, captured));
    const std::string sizes = number(body.size(), 4) + number(bytes.size(), 4);
    body.resize((body.size() + 3) / 4 * 4);
    return block(6, number(interface, 4) + number(ticks >> 32, 4) + number(ticks & 0xffffffff, 4) + sizes + body);
  }
  [[nodiscard]] std::string simple(std::string_view bytes) const {
    return block(3, number(bytes.size(), 4) + std::string(bytes));
  }
};

/// A file of raw IPv4 packets.
inline std::string file_of(const std::vector<Tcp>& segments) {
  const Pcap pcap;
  std::string out = pcap.header();
  std::uint32_t second = 0;
  for (const Tcp& segment : segments) out += pcap.packet(v4(segment), ++second);
  return out;
}

/// Two hosts that talk: keeps the numbers.
class Talk {
 public:
  std::uint16_t client_port = 40000;
  std::uint16_t server_port = 80;
  std::uint32_t client = 1000;  ///< the number of the next byte
  std::uint32_t server = 5000;
  std::vector<Tcp> segments{};

  Tcp from_client(std::string payload, std::string_view flags = "A") {
    Tcp tcp{1, client_port, 2, server_port, client, server, flags, std::move(payload)};
    client += static_cast<std::uint32_t>(tcp.payload.size()) + count(flags);
    return tcp;
  }
  Tcp from_server(std::string payload, std::string_view flags = "A") {
    Tcp tcp{2, server_port, 1, client_port, server, client, flags, std::move(payload)};
    server += static_cast<std::uint32_t>(tcp.payload.size()) + count(flags);
    return tcp;
  }
  void says(std::string payload, std::string_view flags = "A") {
    segments.push_back(from_client(std::move(payload), flags));
  }
  void answers(std::string payload, std::string_view flags = "A") {
    segments.push_back(from_server(std::move(payload), flags));
  }
  void opens() {
    says("", "S");
    answers("", "SA");
    says("");
  }
  void closes() {
    says("", "FA");
    answers("", "FA");
    says("");
  }

 private:
  static std::uint32_t count(std::string_view flags) {
    return flags.find_first_of("SF") == std::string_view::npos ? 0 : 1;
  }
};

}  // namespace wscope::test
