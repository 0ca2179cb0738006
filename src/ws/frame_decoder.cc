#include "ws/frame_decoder.h"

#include <array>
#include <cstring>
#include <string_view>

namespace wscope::ws {
namespace {

constexpr std::uint8_t mask_bit = 0x80;

// Where the length ends and the masking key begins.
std::uint8_t length_end(std::uint8_t second_byte) noexcept {
  const unsigned length = second_byte & 0x7fU;
  return static_cast<std::uint8_t>(2U + (length == 126 ? 2U : 0U) + (length == 127 ? 8U : 0U));
}

std::uint8_t header_size(std::uint8_t second_byte) noexcept {
  return static_cast<std::uint8_t>(length_end(second_byte) + ((second_byte & mask_bit) != 0 ? sizeof(MaskKey) : 0));
}

// What is sent where frames are expected, by whoever is none the wiser.
struct Foreign {
  std::string_view beginning;
  Violation violation;
};
constexpr std::array<Foreign, 11> foreign = {{
    {"\x15\x03", Violation::tls_record},  // an alert (RFC 8446 section 5.1)
    {"\x16\x03", Violation::tls_record},  // a handshake
    {"HTTP/1.", Violation::http_response},
    {"GET ", Violation::http_request},
    {"HEAD ", Violation::http_request},
    {"POST ", Violation::http_request},
    {"PUT ", Violation::http_request},
    {"PATCH ", Violation::http_request},
    {"DELETE ", Violation::http_request},
    {"CONNECT ", Violation::http_request},
    {"OPTIONS ", Violation::http_request},
}};

}  // namespace

[[gnu::flatten]] FrameDecoder::Progress FrameDecoder::receive(base::MutableBytes& in) noexcept {
  if (refusing_) return refuse(in);
  if (have_ == 0 && in.size() >= 2) {  // the usual case: a whole header in one piece, read where it lies
    const auto second = std::to_integer<std::uint8_t>(in[1]);
    if (!check_first_byte(std::to_integer<std::uint8_t>(in[0]))) return refuse(in);
    if (!check_second_byte(second)) return Progress::failed;
    const std::size_t size = header_size(second);
    if (in.size() >= size) {
      const std::byte* bytes = in.data();
      in = in.subspan(size);
      return read_length(bytes) ? finish(bytes) : Progress::failed;
    }
  }
  if (have_ == 0 && !in.empty() && !check_first_byte(std::to_integer<std::uint8_t>(in.front()))) return refuse(in);
  while (!in.empty()) {
    const auto byte = std::to_integer<std::uint8_t>(in.front());
    partial_[have_++] = in.front();
    in = in.subspan(1);
    if (have_ == 1) continue;
    if (have_ == 2 && !check_second_byte(byte)) return Progress::failed;
    const auto second = std::to_integer<std::uint8_t>(partial_[1]);
    if (have_ == length_end(second) && !read_length(partial_.data())) return Progress::failed;
    if (have_ == header_size(second)) {
      have_ = 0;
      return finish(partial_.data());
    }
  }
  return Progress::need_more;
}

// The violation stands; whether there is a better word for it is told by what is next.
FrameDecoder::Progress FrameDecoder::refuse(base::MutableBytes& in) noexcept {
  refusing_ = true;
  while (true) {
    const std::string_view seen = base::as_text(base::Bytes(partial_).first(have_));
    bool possible = false;
    for (const Foreign& other : foreign) {
      const Violation never = role_ == Role::client ? Violation::http_request : Violation::http_response;
      if (other.violation == never || !other.beginning.starts_with(seen)) continue;
      possible = true;
      if (seen != other.beginning) continue;
      violation_ = other.violation;
      return Progress::failed;
    }
    if (!possible) return Progress::failed;
    if (in.empty()) return Progress::need_more;
    partial_[have_++] = in.front();
    in = in.subspan(1);
  }
}

Evidence FrameDecoder::evidence() const noexcept {
  Evidence evidence;
  const auto first = std::to_integer<std::uint8_t>(partial_[0]);
  evidence.opcode = refusing_ ? first & 0x0f : static_cast<std::uint8_t>(header_.opcode);
  evidence.rsv = refusing_ ? static_cast<Rsv>((first >> 4) & 7) : header_.rsv;
  if (violation_ == Violation::control_too_long) evidence.limit = max_control_payload;
  if (violation_ == Violation::frame_too_big) evidence.limit = frame_limit_;
  const bool has_length = violation_ == Violation::frame_too_big || violation_ == Violation::length_not_minimal ||
                          violation_ == Violation::length_too_large;
  if (has_length) evidence.size = header_.length;
  return evidence;
}

bool FrameDecoder::check_first_byte(std::uint8_t byte) noexcept {
  const std::uint8_t opcode_bits = byte & 0x0f;
  if (!is_known_opcode(opcode_bits)) return fail(Violation::reserved_opcode);
  header_.opcode = static_cast<Opcode>(opcode_bits);
  header_.fin = (byte & 0x80) != 0;
  header_.rsv = static_cast<Rsv>((byte >> 4) & 7);
  if (is_control(header_.opcode)) {
    if (header_.rsv != 0) return fail(Violation::reserved_bits);
    return header_.fin || fail(Violation::fragmented_control);
  }
  const bool continues = header_.opcode == Opcode::continuation;
  const Rsv allowed = continues ? rsv_continuation_ : rsv_first_;
  if ((header_.rsv & ~allowed) != 0) return fail(Violation::reserved_bits);
  if (continues && !in_message_) return fail(Violation::unexpected_continuation);
  if (!continues && in_message_) return fail(Violation::expected_continuation);
  return true;
}

bool FrameDecoder::check_second_byte(std::uint8_t byte) noexcept {
  if (is_control(header_.opcode) && (byte & 0x7f) > max_control_payload) return fail(Violation::control_too_long);
  const bool masked = (byte & mask_bit) != 0;
  if (masked && role_ == Role::client) return fail(Violation::masked_frame);
  if (!masked && role_ == Role::server) return fail(Violation::unmasked_frame);
  return true;
}

bool FrameDecoder::read_length(const std::byte* bytes) noexcept {
  header_.length = std::to_integer<std::uint8_t>(bytes[1]) & 0x7fU;
  std::uint64_t shorter_form = 0;
  if (header_.length == 126) {
    header_.length = base::load_big_endian<std::uint16_t>(bytes + 2);
    shorter_form = 125;
  } else if (header_.length == 127) {
    header_.length = base::load_big_endian<std::uint64_t>(bytes + 2);
    shorter_form = 0xffff;
  }
  if (shorter_form != 0 && header_.length <= shorter_form) return fail(Violation::length_not_minimal);
  if ((header_.length >> 63) != 0) return fail(Violation::length_too_large);
  if (!is_control(header_.opcode) && header_.length > frame_limit_) return fail(Violation::frame_too_big);
  return true;
}

FrameDecoder::Progress FrameDecoder::finish(const std::byte* bytes) noexcept {
  const auto second = std::to_integer<std::uint8_t>(bytes[1]);
  if (!is_control(header_.opcode)) in_message_ = !header_.fin;
  header_.mask.reset();
  if ((second & mask_bit) != 0) {
    std::memcpy(header_.mask.emplace().data(), bytes + length_end(second), sizeof(MaskKey));
  }
  return Progress::header;
}

}  // namespace wscope::ws
