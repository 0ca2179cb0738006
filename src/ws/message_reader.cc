#include "ws/message_reader.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace wscope::ws {
namespace {

// Below this, no ratio is suspicious: short messages of one repeated word compress a thousand times.
constexpr std::uint64_t ratio_free = std::uint64_t{64} * 1024;

unsigned code_point_size(std::byte lead) noexcept {
  if (lead < std::byte{0x80}) return 1;
  if (lead < std::byte{0xe0}) return 2;
  return lead < std::byte{0xf0} ? 3 : 4;
}

// How many bytes at the end of `text`, the beginning of a valid one, belong to a code point that is not complete.
std::size_t unfinished_tail(base::Bytes text) noexcept {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::byte byte = text[text.size() - back];
    if ((byte & std::byte{0xc0}) != std::byte{0x80}) return code_point_size(byte) > back ? back : 0;
  }
  return 0;
}

std::size_t gather_cap(std::uint64_t whole_up_to, std::uint64_t message_limit) noexcept {
  return static_cast<std::size_t>(std::min<std::uint64_t>({whole_up_to, message_limit, SIZE_MAX}));
}

}  // namespace

MessageReader::MessageReader(Role role, const Limits& limits, Delivery delivery, ExtensionChain& chain) noexcept
    : decoder_(role, limits.frame),
      chain_(chain),
      gathered_(gather_cap(delivery.whole_up_to, limits.message), delivery.budget),
      delivery_(delivery),
      message_limit_(limits.message),
      inflate_ratio_(limits.inflate_ratio) {
  assert(!delivery.by_frame || !delivery.hold_back_partial);
  extensions_changed();
}

void MessageReader::extensions_changed() noexcept {
  const auto use = chain_.rsv_use();
  decoder_.allow_rsv(use.first, use.continuation);
}

bool MessageReader::may_be_whole() noexcept {
  finish_previous();
  return phase_ == Phase::header && !waiting_ && chain_.empty();
}

// Flattened as receive() is.
[[gnu::flatten]] bool MessageReader::receive_whole(base::MutableBytes& in, Message& message) noexcept {
  return may_be_whole() && take_whole(in, message);
}

// An invalid text is put back as it was: only receive() knows what to say of it.
inline bool MessageReader::take_whole(base::MutableBytes& in, Message& message) const noexcept {
  base::MutableBytes rest = in;
  FrameDecoder::WholeMessage whole;
  if (!decoder_.receive_whole(rest, whole) || whole.payload.size() > message_limit_) return false;
  if (whole.masked) apply_mask(whole.payload, whole.mask);
  if (whole.opcode == Opcode::text && !base::is_utf8(whole.payload)) [[unlikely]] {
    if (whole.masked) apply_mask(whole.payload, whole.mask);
    return false;
  }
  in = rest;
  message.type = whole.opcode;
  message.rsv = 0;
  message.first = message.frame_finished = message.finished = true;
  message.data = whole.payload;
  return true;
}

[[gnu::flatten]] std::size_t MessageReader::receive_run(base::MutableBytes& in, std::span<Message> room) noexcept {
  if (!may_be_whole()) return 0;
  base::MutableBytes rest = in;
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < room.size() && bytes < enough_bytes && take_whole(rest, room[count])) {
    bytes += room[count].data.size();
    ++count;
  }
  in = rest;
  return count;
}

// Flattened, because small messages cost little but the calls of the steps below.
[[gnu::flatten]] MessageReader::Item MessageReader::receive(base::MutableBytes& in) {
  finish_previous();
  Item item;
  // When a message that was being gathered turns out to be too long for that, what was gathered is delivered first, and
  // the piece that made it so waits for this call.
  if (waiting_) {
    item = *waiting_;
    waiting_.reset();
    drop_gathered();
    if (emit(item)) return item;
  }
  while (!read(in, item)) {
  }
  return item;
}

// Goes on until there is something to deliver or nothing to read.
bool MessageReader::read(base::MutableBytes& in, Item& item) {
  if (phase_ == Phase::header) {
    const auto progress = decoder_.receive(in);
    if (progress == FrameDecoder::Progress::need_more) return need_more(item);
    if (progress == FrameDecoder::Progress::failed) return fail(item, decoder_.violation());
    control_.reset();
    if (const auto violation = begin_frame()) return fail(item, *violation);
  }
  if (phase_ == Phase::control) return read_control(in, item);
  if (phase_ == Phase::data && frame_left_ > 0 && in.empty()) return need_more(item);
  return chain_.empty() ? read_plain(in, item) : read_extended(in, item);
}

// What the previous call delivered has been used.
void MessageReader::finish_previous() noexcept {
  if (!finished_) return;
  finished_ = false;
  if (!chain_.empty() && !begun_) chain_.end_message();
  if (gathered_.capacity() > 0) drop_gathered();
}

void MessageReader::drop_gathered() noexcept {
  gathered_.clear();
  gathered_.release();
}

std::optional<Violation> MessageReader::begin_frame() noexcept {
  const FrameHeader& header = decoder_.header();
  frame_left_ = header.length;
  if (is_control(header.opcode)) {
    phase_ = Phase::control;
    return std::nullopt;
  }
  phase_ = Phase::data;
  const bool first = header.opcode != Opcode::continuation;
  if (first) {
    message_type_ = header.opcode;
    message_rsv_ = header.rsv;
    wire_bytes_ = message_bytes_ = 0;
    streaming_ = delivery_.whole_up_to == 0;
    utf8_.reset();
  } else if (delivery_.by_frame) {
    streaming_ = delivery_.whole_up_to == 0;
  }
  if (chain_.empty()) {
    if (header.length > message_limit_ - message_bytes_) return Violation::message_too_big;
    return std::nullopt;
  }
  wire_bytes_ += header.length;
  chain_.begin_frame({message_type_, header.rsv, first, header.fin});
  return std::nullopt;
}

// Its payload is delivered where it was read; only one that comes in pieces, which hardly ever happens, is put
// together, in memory that a connection does not have until then.
bool MessageReader::read_control(base::MutableBytes& in, Item& item) {
  const FrameHeader& header = decoder_.header();
  const auto have = static_cast<std::size_t>(header.length - frame_left_);
  base::Bytes payload = take_payload(in);
  if (frame_left_ > 0 || have > 0) {  // in more than one piece
    if (!control_) control_ = std::make_unique<ControlPayload>();
    std::copy(payload.begin(), payload.end(), control_->begin() + static_cast<std::ptrdiff_t>(have));
    if (frame_left_ > 0) return need_more(item);
    payload = base::Bytes(*control_).first(static_cast<std::size_t>(header.length));
  }
  phase_ = Phase::header;
  item.kind = Item::Kind::control;
  item.opcode = header.opcode;
  item.payload = payload;
  return true;
}

bool MessageReader::read_plain(base::MutableBytes& in, Item& item) {
  const base::Bytes payload = take_payload(in);
  const bool frame_finished = frame_left_ == 0;
  if (frame_finished) phase_ = Phase::header;
  set_data(item, payload, frame_finished, frame_finished && decoder_.header().fin);
  return check(item);
}

// Payload is pushed once and pulled until the extensions want more: one byte may make 32 KiB, which are delivered
// before the next byte is looked at. So the memory does not depend on what the peer has compressed.
bool MessageReader::read_extended(base::MutableBytes& in, Item& item) {
  const bool fin = decoder_.header().fin;
  if (phase_ == Phase::data) {
    const base::Bytes payload = take_payload(in);
    chain_.push(payload, fin && frame_left_ == 0);
    phase_ = Phase::pulling;
  }
  const auto pulled = chain_.pull();
  if (pulled.violation) return fail(item, *pulled.violation);
  const bool frame_finished = frame_left_ == 0 && (pulled.need_more || pulled.message_ends);
  if (pulled.need_more || pulled.message_ends) phase_ = frame_left_ == 0 ? Phase::header : Phase::data;
  if (pulled.need_more && !frame_finished) return false;
  set_data(item, pulled.data, frame_finished, pulled.message_ends);
  return check(item);
}

// Unmasked in place: the bytes that were read are ours, and a copy would cost more than the mask.
base::MutableBytes MessageReader::take_payload(base::MutableBytes& in) noexcept {
  const FrameHeader& header = decoder_.header();
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_, in.size()));
  const base::MutableBytes payload = in.first(size);
  if (header.mask) apply_mask(payload, *header.mask, header.length - frame_left_);
  in = in.subspan(size);
  frame_left_ -= size;
  return payload;
}

void MessageReader::set_data(Item& item, base::Bytes payload, bool frame_finished, bool finished) const noexcept {
  item.kind = Item::Kind::data;
  item.opcode = message_type_;
  item.rsv = message_rsv_;
  item.frame_finished = frame_finished;
  item.finished = finished;
  item.payload = payload;
}

// A frame counts with its whole length as soon as it begins, so that the verdict does not depend on the pieces.
std::uint64_t MessageReader::allowed_size() const noexcept {
  if (chain_.empty() || inflate_ratio_ == unlimited) return message_limit_;
  if (inflate_ratio_ > 0 && wire_bytes_ > message_limit_ / inflate_ratio_) return message_limit_;
  return std::min(message_limit_, std::max(ratio_free, wire_bytes_ * inflate_ratio_));
}

// The bytes within the limit are judged before the limit itself, for the same reason.
bool MessageReader::check(Item& item) {
  const std::uint64_t budget = allowed_size() - message_bytes_;
  const auto within = static_cast<std::size_t>(std::min<std::uint64_t>(budget, item.payload.size()));
  const bool text = message_type_ == Opcode::text;
  const base::Bytes judged = item.payload.first(within);
  if (text && !utf8_.receive(judged)) return fail_text(item, judged, message_bytes_);
  if (within < item.payload.size()) return fail(item, Violation::message_too_big);
  message_bytes_ += within;
  if (text && item.finished && !utf8_.complete()) return fail_text(item, judged, message_bytes_ - within);
  if (text && !item.finished) keep_tail(judged);
  return gather(item);
}

// Looks again at what is not UTF-8, to say where that begins. `offset`: of the piece.
bool MessageReader::fail_text(Item& item, base::Bytes piece, std::uint64_t offset) noexcept {
  const base::Bytes before = base::Bytes(tail_).first(offset > 0 ? tail_size_ : 0);
  flaw_ = base::find_utf8_flaw(before, piece, offset);
  return fail(item, Violation::text_not_utf8);
}

Evidence MessageReader::evidence() const noexcept {
  Evidence evidence = decoder_.evidence();
  if (violation_ == Violation::text_not_utf8) {
    evidence.offset = flaw_.offset;
    evidence.bytes = flaw_.bytes;
    evidence.byte_count = flaw_.size;
    evidence.cut = flaw_.cut;
  } else if (violation_ == Violation::message_too_big) {
    evidence.size = chain_.empty() ? message_bytes_ + decoder_.header().length : wire_bytes_;
    evidence.limit = allowed_size();
    evidence.compressed = message_rsv_ != 0;
    evidence.fragmented = decoder_.in_message();
  } else if (violation_ == Violation::too_much_held) {
    evidence.limit = delivery_.budget->most();
  } else if (violation_ == Violation::inflate_failed || violation_ == Violation::inflate_truncated ||
             violation_ == Violation::extension_failed) {
    evidence.size = wire_bytes_;
  }
  return evidence;
}

std::optional<Violation> MessageReader::receive_eof() noexcept {
  if (decoder_.receive_eof() != FrameDecoder::Progress::failed) return std::nullopt;
  violation_ = decoder_.violation();
  return violation_;
}

std::optional<Incomplete> MessageReader::incomplete() const noexcept {
  if (!decoder_.in_message() && phase_ != Phase::data && phase_ != Phase::pulling) return std::nullopt;
  return Incomplete{message_type_, message_bytes_};
}

// The bytes of a code point that a piece ends in are gone when the next piece shows that they are not UTF-8; the
// evidence has to name them.
void MessageReader::keep_tail(base::Bytes piece) noexcept {
  const std::size_t pending = utf8_.pending();
  const std::size_t of_piece = std::min(pending, piece.size());
  const std::size_t of_before = pending - of_piece;  // all that is kept already, as the code point goes on
  const base::Bytes added = piece.last(of_piece);
  std::copy(added.begin(), added.end(), tail_.begin() + static_cast<std::ptrdiff_t>(of_before));
  tail_size_ = static_cast<std::uint8_t>(pending);
}

bool MessageReader::gather(Item& item) {
  if (streaming_ || (item.finished && gathered_.empty())) return emit(item);
  return gather_more(item);
}

bool MessageReader::gather_more(Item& item) {
  const bool complete = delivery_.by_frame ? item.frame_finished : item.finished;
  if (complete && gathered_.empty()) return emit(item);
  const std::uint64_t still_to_come = chain_.empty() ? frame_left_ : 0;
  const std::uint64_t known_size = gathered_.size() + item.payload.size() + still_to_come;
  if (known_size > delivery_.whole_up_to) return begin_pieces(item);
  if (!may_hold(item.payload, known_size)) {
    return must_be_whole() ? fail(item, Violation::too_much_held) : begin_pieces(item);
  }
  const bool gathered = gathered_.append(item.payload);
  assert(gathered);  // its cap is the smaller of the two limits checked before
  static_cast<void>(gathered);
  item.payload = gathered_.view();
  if (!complete || !emit(item)) return false;
  finished_ = true;
  return true;
}

// Where pieces will do, a frame is taken at its word: all it wants is reserved when it begins, or nothing. Elsewhere
// only bytes that have come count, or a few words would keep others from being heard.
bool MessageReader::may_hold(base::Bytes piece, std::uint64_t known_size) {
  const base::Budget* budget = delivery_.budget;
  if (gathered_.empty() && !must_be_whole()) {
    if (budget != nullptr && !budget->allows(known_size)) return false;
    gathered_.reserve(static_cast<std::size_t>(known_size));
  }
  const std::size_t growth = budget != nullptr ? gathered_.growth(piece.size()) : 0;
  return growth == 0 || budget->allows(growth);
}

bool MessageReader::must_be_whole() const noexcept {
  return !delivery_.by_frame && delivery_.whole_up_to >= message_limit_;
}

// From here on this message, or this frame, is delivered as it comes.
bool MessageReader::begin_pieces(Item& item) {
  streaming_ = true;
  if (gathered_.empty()) return emit(item);
  Item before;
  set_data(before, gathered_.view(), false, false);
  if (!emit(before)) return emit(item);  // all of it was held back
  waiting_ = item;
  item = before;
  return true;
}

// Whether there is something to deliver, once what must be held back is taken off.
bool MessageReader::emit(Item& item) noexcept {
  if (delivery_.hold_back_partial && item.opcode == Opcode::text) {
    if (held_size_ > 0) return emit_held(item);
    const std::size_t tail = item.finished ? 0 : unfinished_tail(item.payload);
    const base::Bytes held = item.payload.last(tail);
    std::copy(held.begin(), held.end(), held_.begin());
    held_size_ = static_cast<std::uint8_t>(tail);
    item.payload = item.payload.first(item.payload.size() - tail);
    if (tail > 0 && item.payload.empty() && !item.frame_finished) return false;
  }
  return stamp(item);
}

// Delivers the code point that was held back before the rest of the piece that completes it.
bool MessageReader::emit_held(Item& item) noexcept {
  const std::size_t missing = code_point_size(held_[0]) - held_size_;
  const std::size_t taken = std::min(missing, item.payload.size());
  const base::Bytes more = item.payload.first(taken);
  std::copy(more.begin(), more.end(), held_.begin() + held_size_);
  held_size_ = static_cast<std::uint8_t>(held_size_ + taken);
  item.payload = item.payload.subspan(taken);
  if (taken < missing) return item.frame_finished && stamp(item);
  const base::Bytes code_point = base::Bytes(held_).first(held_size_);
  held_size_ = 0;
  if (item.payload.empty()) {
    item.payload = code_point;
  } else {
    waiting_ = item;
    set_data(item, code_point, false, false);
  }
  return stamp(item);
}

bool MessageReader::stamp(Item& item) noexcept {
  item.first = !begun_;
  begun_ = !item.finished;
  finished_ = item.finished;
  return true;
}

bool MessageReader::need_more(Item& item) noexcept {
  item.kind = Item::Kind::need_more;
  return true;
}

bool MessageReader::fail(Item& item, Violation violation) noexcept {
  item.kind = Item::Kind::violation;
  item.violation = violation;
  violation_ = violation;
  return true;
}

}  // namespace wscope::ws
