// Capture files, pcap and pcapng, packet by packet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace wscope::capture {

/// What the clock of the capturing machine said.
using WallTime = std::chrono::system_clock::time_point;

/// A packet as it was captured.
struct Packet {
  std::uint64_t number = 0;  ///< in the file, from 1
  WallTime time{};           ///< a pcapng Simple Packet has none: that of the packet before it
  std::uint16_t link_type = 0;
  base::Bytes bytes;                  ///< what of it was captured
  std::uint32_t original_length = 0;  ///< at least so many
  std::uint64_t offset = 0;           ///< of `bytes` in the file
};

/// Whether a file that begins so (with at least four bytes) is a capture: pcap of either byte order, in microseconds or
/// nanoseconds, or pcapng.
[[nodiscard]] bool is_capture(base::Bytes front) noexcept;

/// Reads pcap (both byte orders, micro- and nanoseconds) and pcapng (both byte orders, any number of sections and
/// interfaces, if_tsresol and if_tsoffset, Enhanced, Simple and the obsolete Packet Blocks; other blocks and all other
/// options are skipped). It holds no more than one packet, at most `largest_packet` bytes, and a row for each
/// interface. It is given what was read (receive, receive_eof) and asked what it was (next_event):
///
///     while (!bytes.empty() && !reader.error()) {
///       bytes = bytes.subspan(reader.receive(bytes));
///       while (const auto packet = reader.next_event()) use(*packet);
///     }
class PacketReader {
 public:
  static constexpr std::uint32_t largest_packet = std::uint32_t{16} << 20;
  static constexpr std::size_t most_interfaces = 65536;  ///< of a section

  /// Takes bytes up to the end of the next packet, and returns how many: at least one of those that are given, but none
  /// while a packet waits to be taken. After an error or the end it takes everything.
  [[nodiscard]] std::size_t receive(base::Bytes bytes);
  /// The file has ended; what is then missing(), it lacks.
  void receive_eof() noexcept { over_ = true; }
  /// The packet that has come, once. Its bytes may lie in those that were given to receive(), and are valid as long as
  /// these are and until receive() is called again.
  [[nodiscard]] std::optional<Packet> next_event() noexcept;

  /// What is wrong with the file, and at which byte. What came before it is right.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// How many bytes at least must follow, for what has begun to be whole; 0 between packets.
  [[nodiscard]] std::uint64_t missing() const noexcept;
  /// How many bytes were taken.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

 private:
  enum class Stage : unsigned char {
    magic,
    file_header,
    record_header,
    record,
    block_header,
    section_order,
    block,
    block_end,
  };
  struct Interface {
    std::uint16_t link_type = 0;
    std::uint32_t snap_length = 0;  // 0: none
    std::uint8_t resolution = 6;    // if_tsresol
    std::int64_t offset = 0;        // if_tsoffset, in seconds
  };

  [[nodiscard]] std::uint16_t load16(const std::byte* from) const noexcept;
  [[nodiscard]] std::uint32_t load32(const std::byte* from) const noexcept;
  [[nodiscard]] std::optional<base::Bytes> gather(base::Bytes& in);
  void expect(Stage stage, std::size_t size) noexcept;
  void step(base::Bytes bytes);
  void skip(base::Bytes& in) noexcept;
  void read_magic(base::Bytes bytes);
  void read_file_header(base::Bytes bytes);
  void read_record_header(base::Bytes bytes);
  void read_block_header(base::Bytes bytes);
  void read_section_order(base::Bytes bytes);
  void expect_block();
  void read_block(base::Bytes bytes);
  void read_block_end(base::Bytes bytes);
  void read_section(base::Bytes body);
  void read_interface(base::Bytes body);
  void read_option(Interface& interface, std::uint16_t code, base::Bytes value) const noexcept;
  void read_enhanced_packet(base::Bytes body);
  void read_simple_packet(base::Bytes body);
  void read_packet_block(base::Bytes body);
  void take_packet(base::Bytes body, std::size_t header_size, std::uint32_t interface, std::uint32_t captured,
                   std::uint32_t original);
  void fail(std::uint64_t at, const std::string& what);

  Stage stage_ = Stage::magic;
  std::size_t wanted_ = 4;          // bytes, before the next step
  std::vector<std::byte> partial_;  // the first of them, if they did not come at once
  bool partial_used_ = false;       // they are those of the latest step
  std::uint64_t skipping_ = 0;      // bytes, of a block that says nothing to us
  std::uint64_t position_ = 0;
  bool over_ = false;
  bool swapped_ = false;  // little endian
  // pcap
  std::uint16_t link_type_ = 0;
  bool nanoseconds_ = false;
  // pcapng
  std::vector<Interface> interfaces_;
  std::uint32_t block_type_ = 0;
  std::uint32_t block_length_ = 0;
  std::uint64_t block_begin_ = 0;

  Packet packet_;
  bool waits_ = false;
  std::optional<base::Error> error_;
};

}  // namespace wscope::capture
