#include "capture/packet_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "capture/ticks.h"

namespace wscope::capture {
namespace {

constexpr std::uint32_t microseconds_magic = 0xa1b2c3d4;
constexpr std::uint32_t nanoseconds_magic = 0xa1b23c4d;
constexpr std::uint32_t modified_magic = 0xa1b2cd34;  // of a patched libpcap, with more in each record
constexpr std::uint32_t section_block = 0x0a0d0d0a;   // the same in both byte orders
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t packet_block = 2;
constexpr std::uint32_t simple_block = 3;
constexpr std::uint32_t enhanced_block = 6;
constexpr std::uint32_t order_magic = 0x1a2b3c4d;

constexpr std::uint32_t largest_header = std::uint32_t{1} << 20;  // of a section or an interface, with its options

constexpr std::uint32_t swapped(std::uint32_t value) noexcept {
  return value >> 24 | (value >> 8 & 0xff00U) | (value << 8 & 0xff0000U) | value << 24;
}

constexpr std::uint32_t padded(std::uint32_t size) noexcept { return (size + 3) & ~3U; }

}  // namespace

bool is_capture(base::Bytes front) noexcept {
  if (front.size() < 4) return false;
  const auto magic = base::load_big_endian<std::uint32_t>(front.data());
  return magic == section_block || magic == microseconds_magic || magic == nanoseconds_magic ||
         magic == swapped(microseconds_magic) || magic == swapped(nanoseconds_magic);
}

std::size_t PacketReader::receive(base::Bytes bytes) {
  if (waits_) return 0;
  base::Bytes rest = bytes;
  while (!rest.empty() && !waits_ && !error_ && !over_) {
    if (skipping_ > 0) {
      skip(rest);
    } else if (const auto gathered = gather(rest)) {
      step(*gathered);
    }
  }
  if (error_ || over_) rest = {};
  return bytes.size() - rest.size();
}

std::optional<Packet> PacketReader::next_event() noexcept {
  if (!std::exchange(waits_, false)) return std::nullopt;
  return packet_;
}

std::uint64_t PacketReader::missing() const noexcept {
  if (error_) return 0;
  if (skipping_ > 0) return skipping_ + 4;
  const bool between = stage_ == Stage::record_header || stage_ == Stage::block_header;
  const std::size_t came = partial_used_ ? 0 : partial_.size();
  return between && came == 0 ? 0 : wanted_ - came;
}

std::uint16_t PacketReader::load16(const std::byte* from) const noexcept {
  const auto value = base::load_big_endian<std::uint16_t>(from);
  return swapped_ ? static_cast<std::uint16_t>(value >> 8 | value << 8) : value;
}

std::uint32_t PacketReader::load32(const std::byte* from) const noexcept {
  const auto value = base::load_big_endian<std::uint32_t>(from);
  return swapped_ ? swapped(value) : value;
}

// The next `wanted_` bytes: where they lie, if they came together.
std::optional<base::Bytes> PacketReader::gather(base::Bytes& in) {
  if (std::exchange(partial_used_, false)) partial_.clear();
  const std::size_t size = std::min(in.size(), wanted_ - partial_.size());
  const base::Bytes part = in.first(size);
  in = in.subspan(size);
  position_ += size;
  if (partial_.empty() && size == wanted_) return part;
  partial_.insert(partial_.end(), part.begin(), part.end());
  if (partial_.size() < wanted_) return std::nullopt;
  partial_used_ = true;
  return base::Bytes(partial_);
}

void PacketReader::expect(Stage stage, std::size_t size) noexcept {
  stage_ = stage;
  wanted_ = size;
}

void PacketReader::skip(base::Bytes& in) noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), skipping_));
  in = in.subspan(size);
  position_ += size;
  skipping_ -= size;
}

void PacketReader::step(base::Bytes bytes) {
  switch (stage_) {
    case Stage::magic:
      return read_magic(bytes);
    case Stage::file_header:
      return read_file_header(bytes);
    case Stage::record_header:
      return read_record_header(bytes);
    case Stage::record:
      packet_.bytes = bytes;
      packet_.offset = position_ - bytes.size();
      waits_ = true;
      return expect(Stage::record_header, 16);
    case Stage::block_header:
      return read_block_header(bytes);
    case Stage::section_order:
      return read_section_order(bytes);
    case Stage::block:
      return read_block(bytes);
    case Stage::block_end:
      return read_block_end(bytes);
  }
}

void PacketReader::read_magic(base::Bytes bytes) {
  const auto magic = base::load_big_endian<std::uint32_t>(bytes.data());
  if (magic == section_block) {
    block_type_ = magic;
    return expect(Stage::section_order, 8);
  }
  swapped_ = magic != microseconds_magic && magic != nanoseconds_magic;
  const std::uint32_t in_order = swapped_ ? swapped(magic) : magic;
  if (magic == modified_magic || in_order == modified_magic)
    return fail(0, "this is a modified pcap, of which there are several kinds");
  if (in_order != microseconds_magic && in_order != nanoseconds_magic) {
    return fail(0, "neither pcap nor pcapng: it begins with " + fmt::format("{:08x}", magic));
  }
  nanoseconds_ = in_order == nanoseconds_magic;
  expect(Stage::file_header, 20);
}

void PacketReader::read_file_header(base::Bytes bytes) {
  const std::uint16_t major = load16(bytes.data());
  if (major != 2) return fail(4, "pcap of version " + std::to_string(major));
  link_type_ = static_cast<std::uint16_t>(load32(bytes.data() + 16) & 0xffffU);  // above it: of checksums
  expect(Stage::record_header, 16);
}

void PacketReader::read_record_header(base::Bytes bytes) {
  const std::uint32_t seconds = load32(bytes.data());
  const std::uint32_t fraction = load32(bytes.data() + 4);
  const std::uint32_t captured = load32(bytes.data() + 8);
  if (captured > largest_packet) {
    return fail(position_ - bytes.size(), "a packet of " + std::to_string(captured) + " bytes");
  }
  ++packet_.number;
  packet_.time = to_wall_time(seconds, nanoseconds_ ? fraction : std::uint64_t{fraction} * 1000);
  packet_.link_type = link_type_;
  packet_.original_length = std::max(captured, load32(bytes.data() + 12));
  packet_.bytes = {};
  packet_.offset = position_;
  waits_ = captured == 0;
  if (captured > 0) expect(Stage::record, captured);
}

void PacketReader::read_block_header(base::Bytes bytes) {
  block_begin_ = position_ - bytes.size();
  const auto raw_type = base::load_big_endian<std::uint32_t>(bytes.data());
  if (raw_type == section_block) {  // the byte order is that of what follows
    block_type_ = raw_type;
    const std::array<std::byte, 4> length{bytes[4], bytes[5], bytes[6], bytes[7]};
    partial_.assign(length.begin(), length.end());
    partial_used_ = false;
    return expect(Stage::section_order, 8);
  }
  block_type_ = load32(bytes.data());
  block_length_ = load32(bytes.data() + 4);
  expect_block();
}

// Length and byte order of a section.
void PacketReader::read_section_order(base::Bytes bytes) {
  const auto order = base::load_big_endian<std::uint32_t>(bytes.data() + 4);
  if (order != order_magic && order != swapped(order_magic)) {
    return fail(block_begin_ + 8, "a section of no byte order: " + fmt::format("{:08x}", order));
  }
  swapped_ = order != order_magic;
  block_length_ = load32(bytes.data());
  expect_block();
}

// Its header has been read; of a section the byte order, too.
void PacketReader::expect_block() {
  const bool section = block_type_ == section_block;
  const std::uint32_t came = section ? 12 : 8;
  const std::string length = std::to_string(block_length_);
  if (block_length_ % 4 != 0 || block_length_ < came + 4)
    return fail(block_begin_ + 4, "a block of " + length + " bytes");
  const std::uint32_t rest = block_length_ - came;
  const bool header = section || block_type_ == interface_block;
  const bool packet = block_type_ == enhanced_block || block_type_ == simple_block || block_type_ == packet_block;
  if (!header && !packet) {
    skipping_ = rest - 4;
    return expect(Stage::block_end, 4);
  }
  if (rest > (header ? largest_header : largest_packet + largest_header)) {
    return fail(block_begin_ + 4, "a block of " + length + " bytes");
  }
  expect(Stage::block, rest);
}

void PacketReader::read_block_end(base::Bytes bytes) {
  const std::uint32_t length = load32(bytes.data() + bytes.size() - 4);
  if (length != block_length_) {
    return fail(position_ - 4, "a block of " + std::to_string(block_length_) + " bytes that ends with the length " +
                                   std::to_string(length));
  }
  expect(Stage::block_header, 8);
}

void PacketReader::read_block(base::Bytes bytes) {
  read_block_end(bytes);
  if (error_) return;
  const base::Bytes body = bytes.first(bytes.size() - 4);
  switch (block_type_) {
    case section_block:
      return read_section(body);
    case interface_block:
      return read_interface(body);
    case enhanced_block:
      return read_enhanced_packet(body);
    case simple_block:
      return read_simple_packet(body);
    default:
      return read_packet_block(body);
  }
}

void PacketReader::read_section(base::Bytes body) {
  interfaces_.clear();
  if (body.size() < 12) return fail(block_begin_, "a section header that is too short");
  const std::uint16_t major = load16(body.data());
  if (major != 1) fail(block_begin_ + 12, "pcapng of version " + std::to_string(major));
}

void PacketReader::read_interface(base::Bytes body) {
  if (body.size() < 8) return fail(block_begin_, "an interface description that is too short");
  if (interfaces_.size() == most_interfaces) return fail(block_begin_, "more than 65536 interfaces");
  Interface interface { load16(body.data()), load32(body.data() + 4) };
  base::Bytes options = body.subspan(8);
  while (options.size() >= 4) {
    const std::uint16_t code = load16(options.data());
    const std::uint16_t size = load16(options.data() + 2);
    options = options.subspan(4);
    if (code == 0 || size > options.size()) break;
    read_option(interface, code, options.first(size));
    options = options.subspan(std::min<std::size_t>(options.size(), padded(size)));
  }
  interfaces_.push_back(interface);
}

void PacketReader::read_option(Interface& interface, std::uint16_t code, base::Bytes value) const noexcept {
  constexpr std::uint16_t resolution = 9;
  constexpr std::uint16_t offset = 14;
  if (code == resolution && value.size() == 1) interface.resolution = std::to_integer<std::uint8_t>(value[0]);
  if (code != offset || value.size() != 8) return;
  const std::uint64_t first = load32(value.data());
  const std::uint64_t second = load32(value.data() + 4);
  interface.offset = static_cast<std::int64_t>(swapped_ ? second << 32 | first : first << 32 | second);
}

void PacketReader::read_enhanced_packet(base::Bytes body) {
  constexpr std::size_t header = 20;
  if (body.size() < header) return fail(block_begin_, "a packet block that is too short");
  take_packet(body, header, load32(body.data()), load32(body.data() + 12), load32(body.data() + 16));
}

void PacketReader::read_packet_block(base::Bytes body) {
  constexpr std::size_t header = 20;
  if (body.size() < header) return fail(block_begin_, "a packet block that is too short");
  take_packet(body, header, load16(body.data()), load32(body.data() + 12), load32(body.data() + 16));
}

// It says no captured length: that is the least of what could have been.
void PacketReader::read_simple_packet(base::Bytes body) {
  constexpr std::size_t header = 4;
  if (body.size() < header) return fail(block_begin_, "a packet block that is too short");
  const std::uint32_t original = load32(body.data());
  std::uint32_t captured = std::min(original, static_cast<std::uint32_t>(body.size() - header));
  if (!interfaces_.empty() && interfaces_[0].snap_length > 0) captured = std::min(captured, interfaces_[0].snap_length);
  take_packet(body, header, 0, captured, original);
}

void PacketReader::take_packet(base::Bytes body, std::size_t header_size, std::uint32_t interface,
                               std::uint32_t captured, std::uint32_t original) {
  if (interface >= interfaces_.size()) {
    return fail(block_begin_, "a packet of interface " + std::to_string(interface) + ", which is not described");
  }
  if (captured > body.size() - header_size || captured > largest_packet) {
    return fail(block_begin_,
                "a packet of " + std::to_string(captured) + " bytes in a block of " + std::to_string(block_length_));
  }
  const Interface& from = interfaces_[interface];
  ++packet_.number;
  if (block_type_ != simple_block) {
    const std::uint64_t ticks = std::uint64_t{load32(body.data() + 4)} << 32 | load32(body.data() + 8);
    packet_.time = ticks_to_wall_time(ticks, from.resolution, from.offset);
  }
  packet_.link_type = from.link_type;
  packet_.bytes = body.subspan(header_size, captured);
  packet_.original_length = std::max(captured, original);
  packet_.offset = position_ - 4 - body.size() + header_size;
  waits_ = true;
}

void PacketReader::fail(std::uint64_t at, const std::string& what) {
  error_ = base::Error{base::ErrorKind::io, "byte " + std::to_string(at) + ": " + what};
}

}  // namespace wscope::capture
