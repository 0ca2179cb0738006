#include "wire/inflater.h"

#include <algorithm>
#include <utility>

namespace wscope::wire {

Inflater::Inflater(ws::Role sender, const ws::DeflateParameters& agreed, std::size_t kept_bytes)
    : extension_(deflate_.agreed(sender == ws::Role::server ? ws::Role::client : ws::Role::server, agreed)),
      kept_bytes_(kept_bytes) {}

void Inflater::begin_frame(std::uint8_t opcode, bool fin, ws::Rsv rsv) noexcept {
  frame_is_compressed_ = false;
  size_ = 0;
  kept_.clear();
  if (std::exchange(message_has_ended_, false) && extension_) extension_->end_message();
  if (opcode > static_cast<std::uint8_t>(ws::Opcode::binary)) return;
  const bool first = opcode != static_cast<std::uint8_t>(ws::Opcode::continuation);
  // What no peer may send leaves nothing that could be followed.
  const ws::Rsv allowed = first ? ws::rsv1 : ws::Rsv{0};
  if (first == (message_ != Message::none) || (rsv & ~allowed) != 0) return give_up();
  if (first) {
    message_ = rsv == ws::rsv1 ? Message::compressed : Message::plain;
    type_ = static_cast<ws::Opcode>(opcode);
  }
  frame_is_compressed_ = message_ == Message::compressed;
  frame_is_last_ = fin;
  if (fin) message_ = Message::none;
  if (frame_is_compressed_ && extension_) extension_->begin_frame({type_, rsv, first, fin});
}

void Inflater::receive(base::Bytes payload, bool frame_ends) {
  while (!step(payload, frame_ends).drained) continue;
}

Inflater::Step Inflater::step(base::Bytes& payload, bool frame_ends) {
  if (!frame_is_compressed_ || !extension_) return {};
  const bool message_ends = frame_is_last_ && frame_ends;
  const ws::Extension::Decoded decoded = extension_->decode(payload, message_ends);
  if (decoded.violation) {
    give_up();
    return {.violation = decoded.violation};
  }
  const base::Bytes kept = decoded.data.first(std::min(decoded.data.size(), kept_bytes_ - kept_.size()));
  kept_.insert(kept_.end(), kept.begin(), kept.end());
  size_ += decoded.data.size();
  if (decoded.drained && message_ends) message_has_ended_ = true;  // the data is still looked at
  return {decoded.data, decoded.drained, std::nullopt};
}

std::optional<InflatedPayload> Inflater::result() const noexcept {
  if (!frame_is_compressed_ || !extension_) return std::nullopt;
  return InflatedPayload{type_, size_, kept_};
}

}  // namespace wscope::wire
