#include "decode/direction_decoder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "decode/prelude.h"
#include "wire/agreement.h"
#include "wire/header_parser.h"
#include "ws/mask.h"

namespace wscope::decode {

DirectionDecoder::DirectionDecoder(const Options& options)
    : deflate_is_given_(options.deflate.has_value()),
      kept_bytes_(options.kept_bytes),
      judge_(options.sender, options.kept_bytes) {
  if (options.deflate) judge_.agree(options.deflate);
}

std::size_t DirectionDecoder::receive(base::Bytes bytes, std::uint64_t offset) {
  if (event_ || !unread_.empty()) return 0;
  base::Bytes rest = bytes;
  if (stage_ == Stage::start) {
    if (!read_start(rest, offset)) return bytes.size();
    if (event_ || !unread_.empty()) return bytes.size() - rest.size();
  }
  read(rest, offset + (bytes.size() - rest.size()));
  return bytes.size() - rest.size();
}

// Until there is an event, or nothing more.
void DirectionDecoder::read(base::Bytes& in, std::uint64_t offset) {
  while (!event_ && !in.empty()) {
    const std::size_t before = in.size();
    if (stage_ == Stage::over) {
      in = {};
    } else if (stage_ == Stage::head) {
      read_head(in, offset);
    } else if (stage_ == Stage::payload) {
      read_payload(in, offset);
    } else if (read_header(in, offset)) {
      read_payload(in, offset + (before - in.size()));
    }
    offset += before - in.size();
  }
  if (event_ || direct_.empty()) return;
  const base::Bytes frame = std::exchange(direct_, {});
  keep(frame);
}

// False: it takes more to tell what the stream is.
bool DirectionDecoder::read_start(base::Bytes& in, std::uint64_t offset) {
  if (start_size_ == 0) unread_offset_ = offset;
  // Mostly all of it is there, and need not be copied.
  const bool is_together = start_size_ == 0 && in.size() >= longest_start;
  if (!is_together) {
    const std::size_t size = std::min(in.size(), longest_start - start_size_);
    std::copy_n(in.begin(), size, start_.begin() + static_cast<std::ptrdiff_t>(start_size_));
    start_size_ += size;
    in = in.subspan(size);
  }
  const base::Bytes seen = is_together ? in.first(longest_start) : base::Bytes(start_).first(start_size_);
  const Prelude prelude = recognize(seen);
  if (prelude == Prelude::undecided) return false;
  if (!is_together) unread_ = seen;
  if (const auto foreign = describe_foreign(prelude)) {
    end(*foreign);
    return true;
  }
  stage_ = prelude == Prelude::head ? Stage::head : Stage::header;
  return true;
}

void DirectionDecoder::read_head(base::Bytes& in, std::uint64_t offset) {
  if (!std::exchange(in_head_, true)) head_offset_ = offset;
  in = in.subspan(heads_.receive(in));
  const auto event = heads_.next_event();
  if (!event) return;
  in_head_ = false;
  if (const auto* head = std::get_if<wire::Head>(&*event)) finish_head(head->text);
}

void DirectionDecoder::finish_head(std::string_view text) {
  const HeadMeaning meaning = read_meaning(text);
  event_ = DecodedHead{text, head_offset_};
  judge_.set_sender(meaning.sender);
  if (meaning.foreign) {
    foreign_ = meaning.foreign;
    stage_ = Stage::over;
    return;
  }
  if (meaning.is_interim) return;
  if (!deflate_is_given_) judge_.agree(meaning.deflate);
  stage_ = Stage::header;
}

bool DirectionDecoder::read_header(base::Bytes& in, std::uint64_t offset) {
  if (std::exchange(frame_is_over_, false)) {
    kept_.clear();
    frame_offset_ = offset;
    if (const std::size_t size = wire::header_size(in); in.size() >= size) {
      direct_ = in.first(size);
      in = in.subspan(size);
      begin_frame(direct_);
      return true;
    }
  }
  while (kept_.size() < wire::header_size(kept_)) {
    if (in.empty()) return false;
    kept_.push_back(in.front());
    in = in.subspan(1);
  }
  begin_frame(kept_);
  return true;
}

void DirectionDecoder::begin_frame(base::Bytes header) {
  header_ = wire::parse_header(header);
  header_size_ = header.size();
  left_ = header_.length;
  lost_ = 0;
  stage_ = Stage::payload;
  judge_.begin_frame(header_, header_size_, frame_offset_);
}

void DirectionDecoder::read_payload(base::Bytes& in, std::uint64_t offset) {
  const base::Bytes piece = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), left_)));
  in = in.subspan(piece.size());
  left_ -= piece.size();
  judge_.receive(piece, offset, left_ == 0);
  if (!direct_.empty()) {
    direct_ = {direct_.data(), direct_.size() + piece.size()};
  } else {
    keep(piece);
  }
  if (left_ == 0) finish_frame();
}

// Of what is lost, nothing behind it is kept.
void DirectionDecoder::keep(base::Bytes piece) {
  if (lost_ > 0) return;
  const base::Bytes kept = piece.first(std::min(piece.size(), limit() - kept_.size()));
  kept_.insert(kept_.end(), kept.begin(), kept.end());
}

std::size_t DirectionDecoder::limit() const noexcept {
  const bool is_control = (header_.opcode & 8U) != 0 && header_.length <= ws::max_control_payload;
  if (is_control && kept_bytes_ > 0) return std::numeric_limits<std::size_t>::max();
  return std::max(kept_bytes_, header_size_);
}

wire::Frame DirectionDecoder::frame_so_far() {
  wire::Frame frame{header_};
  frame.bytes = direct_.empty() ? base::Bytes(kept_) : direct_.first(std::min(direct_.size(), limit()));
  frame.payload = frame.bytes.subspan(header_size_);
  if (frame.mask) {
    unmasked_.resize(frame.payload.size());
    ws::copy_masked(frame.payload, unmasked_.data(), *frame.mask);
    frame.payload = unmasked_;
  }
  return frame;
}

void DirectionDecoder::finish_frame() {
  DecodedFrame decoded{frame_so_far(), frame_offset_, lost_, judge_.findings()};
  decoded.frame.inflated = judge_.inflated();
  event_ = decoded;
  direct_ = {};
  frame_is_over_ = true;
  stage_ = Stage::header;
}

void DirectionDecoder::receive_hole(std::uint64_t size, std::uint64_t offset) {
  if (size == 0 || stage_ == Stage::over) return;
  if (stage_ != Stage::payload || size > left_) return end(Lost{offset, size});
  lost_ += size;
  left_ -= size;
  judge_.receive_hole(size, left_ == 0);
  if (left_ == 0) finish_frame();
}

void DirectionDecoder::receive_eof() {
  if (stage_ == Stage::start) {  // too short for anything but a frame
    unread_ = base::Bytes(start_).first(start_size_);
    stage_ = Stage::header;
  }
  ends_ = !unread_.empty();
  if (ends_) return;
  const Stage stage = std::exchange(stage_, Stage::over);
  if (stage == Stage::head && in_head_) {
    heads_.receive_eof();
    const auto cut = heads_.next_event();
    Tail tail{.offset = head_offset_};
    if (cut) tail.bytes = std::get<wire::Cut>(*cut).bytes;
    event_ = tail;
  } else if (stage == Stage::payload) {
    event_ = Tail{frame_so_far(), {}, frame_offset_, lost_, left_, judge_.findings()};
    auto& tail = std::get<Tail>(*event_);
    tail.bytes = tail.frame->bytes;
    tail.frame->inflated = judge_.inflated();
  } else if (stage == Stage::header && !frame_is_over_) {
    event_ = Tail{.bytes = kept_, .offset = frame_offset_, .needs = wire::header_size(kept_) - kept_.size()};
  } else if (const auto unfinished = judge_.unfinished(); unfinished && stage == Stage::header) {
    event_ = Unfinished{*unfinished};
  }
}

std::optional<DirectionDecoder::Event> DirectionDecoder::next_event() {
  if (!event_ && foreign_) event_ = *std::exchange(foreign_, std::nullopt);
  if (!event_ && !unread_.empty()) {
    const std::size_t before = unread_.size();
    read(unread_, unread_offset_);
    unread_offset_ += before - unread_.size();
  }
  if (!event_ && std::exchange(ends_, false)) receive_eof();
  return std::exchange(event_, std::nullopt);
}

void DirectionDecoder::agree(const std::optional<ws::DeflateParameters>& deflate) {
  if (!deflate_is_given_) judge_.agree(deflate);
}

void DirectionDecoder::end(Event event) {
  event_ = std::move(event);
  stage_ = Stage::over;
  unread_ = {};
}

}  // namespace wscope::decode
