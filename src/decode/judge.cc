#include "decode/judge.h"

#include <algorithm>
#include <utility>

#include "view/violation_text.h"
#include "wire/frame_writer.h"
#include "ws/event.h"
#include "ws/mask.h"

namespace wscope::decode {
namespace {

using ws::Violation;

constexpr unsigned control_bit = 8;
constexpr std::size_t unmasked_at_once = std::size_t{16} << 10;

ws::Evidence evidence_of(const base::Utf8Flaw& flaw) noexcept {
  ws::Evidence seen;
  seen.offset = flaw.offset;
  seen.bytes = flaw.bytes;
  seen.byte_count = flaw.size;
  seen.cut = flaw.cut;
  return seen;
}

}  // namespace

void Judge::agree(const std::optional<ws::DeflateParameters>& deflate) {
  agreed_ = deflate;
  inflater_.reset();
  may_inflate_ = deflate.has_value();
}

void Judge::begin_frame(const wire::Header& header, std::size_t header_size, std::uint64_t offset) {
  findings_.clear();
  header_ = header;
  received_ = 0;
  last_offset_ = offset + header_size - 1;
  payload_offset_ = header.length > 0 ? offset + header_size : last_offset_;
  if (!sender_) sender_ = header.mask ? ws::Role::client : ws::Role::server;
  if (std::exchange(may_inflate_, false)) inflater_ = std::make_unique<wire::Inflater>(*sender_, *agreed_, kept_bytes_);
  check_header(header_size, offset);
  begin_payload();
}

void Judge::check_header(std::size_t header_size, std::uint64_t offset) {
  const bool known = ws::is_known_opcode(header_.opcode);
  const bool control = (header_.opcode & control_bit) != 0;
  if (!known) add(Violation::reserved_opcode, offset);
  const bool may_be_compressed = deflates() && (header_.opcode == 1 || header_.opcode == 2);
  if ((header_.rsv & ~(may_be_compressed ? ws::rsv1 : ws::Rsv{0})) != 0) add(Violation::reserved_bits, offset);
  if (control && !header_.fin) add(Violation::fragmented_control, offset);
  if (!control && known) check_order(offset);
  if (header_.mask.has_value() != (sender_ == ws::Role::client)) {
    add(header_.mask ? Violation::masked_frame : Violation::unmasked_frame, offset + 1);
  }
  check_length(header_size, offset);
}

void Judge::check_order(std::uint64_t offset) {
  const bool first = header_.opcode != 0;
  if (first && in_message_) add(Violation::expected_continuation, offset);
  if (!first && !in_message_) add(Violation::unexpected_continuation, offset);
  if (!closed_) return;
  findings_.push_back({section_of_data_behind_close,
                       std::string(ws::name(static_cast<ws::Opcode>(header_.opcode))) + " frame behind a Close", offset,
                       1});
}

void Judge::check_length(std::size_t header_size, std::uint64_t offset) {
  const std::size_t size = header_size - 1 - (header_.mask ? sizeof(ws::MaskKey) : 0);  // with the second byte
  ws::Evidence seen;
  seen.size = header_.length;
  if ((header_.opcode & control_bit) != 0 && header_.length > ws::max_control_payload) {
    seen.limit = ws::max_control_payload;
    add(Violation::control_too_long, offset + 1, size, seen);
  }
  if (header_.length >> 63U != 0) {
    add(Violation::length_too_large, offset + 2, 8, seen);
  } else if (header_.form != ws::shortest_form(header_.length)) {
    add(Violation::length_not_minimal, offset + 1, size, seen);
  }
}

// What becomes of the payload, and to which message it belongs.
void Judge::begin_payload() {
  payload_ = Payload::unjudged;
  continues_ = false;
  if (header_.opcode == static_cast<std::uint8_t>(ws::Opcode::close)) {
    payload_ = Payload::close;
    close_size_ = 0;
    close_is_whole_ = header_.length <= ws::max_control_payload;
    return;
  }
  if (inflater_) inflater_->begin_frame(header_.opcode, header_.fin, header_.rsv);
  if (header_.opcode > static_cast<std::uint8_t>(ws::Opcode::binary)) return;
  if (header_.opcode != 0) {
    in_message_ = true;
    type_ = static_cast<ws::Opcode>(header_.opcode);
    is_compressed_ = (header_.rsv & ws::rsv1) != 0;  // perhaps without any agreement
    message_size_ = 0;
    text_.begin();
  }
  if (!in_message_) return;
  continues_ = true;
  if (is_compressed_) {
    payload_ = inflater_ ? Payload::compressed : Payload::unjudged;
  } else if (type_ == ws::Opcode::text) {
    payload_ = Payload::text;
  }
}

void Judge::receive(base::Bytes piece, std::uint64_t offset, bool ends) {
  if (payload_ == Payload::unjudged) {
    received_ += piece.size();
  } else if (!header_.mask) {
    receive_unmasked(piece, offset, ends);
  } else {
    std::array<std::byte, unmasked_at_once> unmasked;
    do {
      const base::Bytes part = piece.first(std::min(piece.size(), unmasked.size()));
      piece = piece.subspan(part.size());
      ws::copy_masked(part, unmasked.data(), *header_.mask, received_);
      receive_unmasked(base::Bytes(unmasked).first(part.size()), offset, ends && piece.empty());
      offset += part.size();
    } while (!piece.empty());
  }
  if (ends) end_frame();
}

void Judge::receive_unmasked(base::Bytes piece, std::uint64_t offset, bool ends) {
  received_ += piece.size();
  if (payload_ == Payload::compressed) return inflate(piece, ends);
  if (payload_ == Payload::close) {
    const std::size_t size = std::min(piece.size(), close_.size() - close_size_);
    std::copy_n(piece.begin(), size, close_.begin() + static_cast<std::ptrdiff_t>(close_size_));
    close_size_ += size;
    return;
  }
  const std::uint64_t before = text_.size();
  if (const auto flaw = text_.receive(piece)) add_flaw(*flaw, offset + (flaw->offset + flaw->size - 1 - before));
  if (!piece.empty()) last_offset_ = offset + piece.size() - 1;
}

// Where in the payload an inflated byte comes from is nowhere in it exactly: all of that is said of the frame.
void Judge::inflate(base::Bytes piece, bool ends) {
  while (true) {
    const wire::Inflater::Step step = inflater_->step(piece, ends);
    if (step.violation) {
      ws::Evidence seen;
      seen.size = message_size_ + header_.length;
      add(*step.violation, payload_offset_, 1, seen);
      text_.give_up();
      return;
    }
    if (type_ == ws::Opcode::text) {
      if (const auto flaw = text_.receive(step.data)) add_flaw(*flaw, payload_offset_);
    }
    if (step.drained) break;
  }
  last_offset_ = payload_offset_;
}

void Judge::receive_hole(std::uint64_t size, bool ends) {
  received_ += size;
  if (payload_ == Payload::close) close_is_whole_ = false;
  if (payload_ == Payload::compressed) inflater_.reset();
  if (continues_) {
    payload_ = Payload::unjudged;
    text_.give_up();
  }
  if (ends) end_frame();
}

void Judge::end_frame() {
  if (payload_ == Payload::close) return check_close();
  if (!continues_) return;
  message_size_ += header_.length;
  if (!header_.fin) return;
  in_message_ = false;
  const bool is_text = payload_ == Payload::text || (payload_ == Payload::compressed && type_ == ws::Opcode::text);
  if (!is_text) return;
  if (const auto flaw = text_.end()) add_flaw(*flaw, last_offset_);
}

void Judge::check_close() {
  closed_ = true;
  if (!close_is_whole_ || close_size_ == 0) return;
  if (close_size_ == 1) return add(Violation::close_too_short, payload_offset_);
  ws::Evidence seen;
  seen.code = ws::CloseCode{base::load_big_endian<std::uint16_t>(close_.data())};
  const base::Bytes reason = base::Bytes(close_).first(close_size_).subspan(2);
  if (!seen.code.may_appear_in_frame()) {
    add(Violation::close_code_invalid, payload_offset_, 2, seen, base::as_text(reason));
  }
  if (base::is_utf8(reason)) return;
  const base::Utf8Flaw flaw = base::find_utf8_flaw({}, reason);
  const ws::CloseCode code = seen.code;
  seen = evidence_of(flaw);
  seen.code = code;
  add(Violation::close_reason_not_utf8, payload_offset_ + 2 + flaw.offset + flaw.size - 1, 1, seen);
}

void Judge::add(Violation violation, std::uint64_t offset, std::uint64_t size, ws::Evidence seen,
                std::string_view reason) {
  seen.opcode = header_.opcode;
  seen.rsv = header_.rsv;
  if (violation == Violation::reserved_bits && deflates() && (header_.opcode == 1 || header_.opcode == 2)) {
    seen.rsv &= static_cast<ws::Rsv>(~ws::rsv1);
  }
  const ws::Failed failed{.violation = violation,
                          .code = ws::close_code_for(violation),
                          .detail = ws::describe(violation),
                          .evidence = seen,
                          .reason = reason};
  findings_.push_back({section_of(violation, seen.code, deflates()), view::describe_violation(failed), offset, size});
}

void Judge::add_flaw(const base::Utf8Flaw& flaw, std::uint64_t offset) {
  add(Violation::text_not_utf8, offset, 1, evidence_of(flaw));
}

std::optional<wire::InflatedPayload> Judge::inflated() const noexcept {
  return payload_ == Payload::compressed && inflater_ ? inflater_->result() : std::nullopt;
}

std::optional<UnfinishedMessage> Judge::unfinished() const noexcept {
  if (!in_message_) return std::nullopt;
  return UnfinishedMessage{type_, message_size_};
}

}  // namespace wscope::decode
