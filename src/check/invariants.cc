#include "check/invariants.h"

#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "ws/close_code.h"
#include "ws/frame.h"

namespace wscope::check {
namespace {

constexpr std::string_view names[] = {"mask",      "length", "rsv",        "opcode",      "control",
                                      "fragments", "utf8",   "close-code", "after-close", "honest"};
static_assert(std::size(names) == invariant_count);

}  // namespace

std::string_view name_of(Invariant invariant) noexcept { return names[static_cast<std::size_t>(invariant)]; }

void Invariants::note(Invariant invariant, std::string seen, bool is_minor) {
  std::optional<Breach>& breach = breaches_[static_cast<std::size_t>(invariant)];
  if (!breach || (breach->is_minor && !is_minor)) breach = Breach{std::move(seen), is_minor};
}

void Invariants::receive(const wire::Frame& frame) {
  look_at_header(frame);
  look_at_order(frame);
  if (frame.opcode == 8) look_at_close(frame);
}

void Invariants::look_at_header(const wire::Frame& frame) {
  if (frame.mask.has_value() != (role_ == Role::client)) {
    note(Invariant::mask, frame.mask ? "a masked frame of a server" : "an unmasked frame of a client");
  }
  if (frame.form != ws::shortest_form(frame.length)) {
    note(Invariant::length, fmt::format("{} bytes not in the shortest form", frame.length));
  }
  if (!ws::is_known_opcode(frame.opcode)) note(Invariant::opcode, fmt::format("the opcode 0x{:x}", frame.opcode));
  const bool may_have_rsv1 = compression_ && (frame.opcode == 1 || frame.opcode == 2);
  if ((frame.rsv & (may_have_rsv1 ? ~ws::rsv1 & 7 : 7)) != 0) {
    note(Invariant::rsv, fmt::format("reserved bits {} with the opcode 0x{:x}", frame.rsv, frame.opcode));
  }
  const bool is_control = (frame.opcode & 8U) != 0;
  if (!is_control) return;
  if (frame.length > ws::max_control_payload) {
    note(Invariant::control, fmt::format("a control frame of {} bytes", frame.length));
  }
  if (!frame.fin) note(Invariant::control, "a control frame in fragments");
}

void Invariants::look_at_order(const wire::Frame& frame) {
  const bool is_data = frame.opcode <= 2;
  if (!is_data) return;
  if (closed_) note(Invariant::after_close, "a data frame behind its Close");
  if ((frame.opcode == 0) != in_message_) {
    note(Invariant::fragments, in_message_ ? "a new message within another one" : "a continuation of nothing");
  }
  in_message_ = !frame.fin;
}

void Invariants::look_at_close(const wire::Frame& frame) {
  closed_ = true;
  const base::Bytes body = frame.payload;
  if (body.empty()) return;
  if (body.size() == 1) return note(Invariant::close_code, "a Close with half a code");
  const ws::CloseCode code{base::load_big_endian<std::uint16_t>(body.data())};
  if (!code.may_appear_in_frame()) {
    const bool is_minor = code.value >= 1016 && code.value <= 2999;
    note(Invariant::close_code, fmt::format("a Close with {}", code.value), is_minor);
  }
  if (!base::is_utf8(body.subspan(2))) note(Invariant::utf8, "a reason in a Close that is not UTF-8");
}

void Invariants::receive_message(bool binary, std::string_view data) {
  if (!binary && !base::is_utf8(base::as_bytes(data))) note(Invariant::utf8, "a text that is not UTF-8");
}

}  // namespace wscope::check
