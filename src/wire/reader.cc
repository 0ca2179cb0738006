#include "wire/reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "wire/header_parser.h"
#include "ws/frame.h"
#include "ws/mask.h"

namespace wscope::wire {
namespace {

constexpr std::size_t kept_of_head = std::size_t{64} << 10;

// The first line of a head, without its end.
std::string_view start_line(std::string_view head) noexcept {
  head.remove_prefix(std::min(head.find_first_not_of("\r\n"), head.size()));
  return head.substr(0, head.find_first_of("\r\n"));
}

// The status of a response as it is written.
std::string_view status(std::string_view status_line) noexcept {
  status_line.remove_prefix(std::min(status_line.find(' '), status_line.size() - 1) + 1);
  return status_line.substr(0, status_line.find(' '));
}

}  // namespace

std::size_t Reader::receive(base::Bytes bytes) {
  if (event_) return 0;
  if (whole_) {
    head_ = {};
    bytes_.clear();
    whole_ = false;
  }
  if (stage_ == Stage::over) return bytes.size();
  base::Bytes rest = bytes;
  if (stage_ == Stage::head) {
    read_head(rest);
  } else if (stage_ == Stage::payload || parse_header(rest)) {
    read_payload(rest);
  }
  return bytes.size() - rest.size();
}

void Reader::expect_head() noexcept {
  if (stage_ == Stage::head) return;
  stage_ = Stage::head;
  head_.clear();
  bytes_.clear();
  whole_ = false;
}

void Reader::receive_eof() {
  stage_ = Stage::over;
  if (whole_ || (head_.empty() && bytes_.empty())) return;
  whole_ = true;
  event_ = Cut{head_.empty() ? base::Bytes(bytes_) : base::as_bytes(head_)};
}

std::optional<Reader::Event> Reader::next_event() noexcept { return std::exchange(event_, std::nullopt); }

void Reader::inflate(ws::Role sender, const ws::DeflateParameters& agreed) {
  if (!missed_compressed_) inflater_ = std::make_unique<Inflater>(sender, agreed, kept_bytes_);
}

void Reader::read_head(base::Bytes& in) {
  const std::string_view text = base::as_text(in);
  const auto end = std::find_if(text.begin(), text.end(), [this](char c) { return ends_head(c); });
  const bool ended = end != text.end();
  const std::size_t size = static_cast<std::size_t>(end - text.begin()) + (ended ? 1 : 0);
  head_ += text.substr(0, std::min(size, kept_of_head - head_.size()));
  in = in.subspan(size);
  if (!ended) return;
  whole_ = true;
  head_has_text_ = false;
  const std::string_view line = start_line(head_);
  if (line.starts_with("HTTP/") && status(line) != "101") {
    stage_ = status(line).starts_with('1') ? Stage::head : Stage::over;
  } else {
    stage_ = Stage::frame_header;
  }
  event_ = Head{head_};
}

// A line feed alone ends a line too, and an empty line in front of a head does not end it (RFC 9112 section 2.2).
bool Reader::ends_head(char c) noexcept {
  if (c != '\n') {
    line_has_text_ = line_has_text_ || c != '\r';
    return false;
  }
  const bool ends = head_has_text_ && !line_has_text_;
  head_has_text_ = head_has_text_ || line_has_text_;
  line_has_text_ = false;
  return ends;
}

bool Reader::parse_header(base::Bytes& in) {
  while (bytes_.size() < header_size(bytes_)) {
    if (in.empty()) return false;
    bytes_.push_back(in.front());
    in = in.subspan(1);
  }
  frame_ = Frame{wire::parse_header(bytes_)};
  header_size_ = bytes_.size();
  left_ = frame_.length;
  stage_ = Stage::payload;
  if (inflater_) {
    inflater_->begin_frame(frame_.opcode, frame_.fin, frame_.rsv);
  } else {
    missed_compressed_ = missed_compressed_ || (frame_.rsv & ws::rsv1) != 0;
  }
  return true;
}

void Reader::read_payload(base::Bytes& in) {
  const bool control = (frame_.opcode & 8) != 0 && frame_.length <= ws::max_control_payload;
  const std::size_t limit = control ? std::numeric_limits<std::size_t>::max() : std::max(kept_bytes_, header_size_);
  const base::Bytes piece = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), left_)));
  const base::Bytes kept = piece.first(std::min(piece.size(), limit - bytes_.size()));
  bytes_.insert(bytes_.end(), kept.begin(), kept.end());
  in = in.subspan(piece.size());
  if (inflater_) inflate_piece(piece);
  left_ -= piece.size();
  if (left_ > 0) return;
  stage_ = Stage::frame_header;
  whole_ = true;
  event_ = finish_frame();
}

// The next piece of the payload, which begins `left_` bytes before its end.
void Reader::inflate_piece(base::Bytes piece) {
  const bool frame_ends = piece.size() == left_;
  if (!frame_.mask) return inflater_->receive(piece, frame_ends);
  std::array<std::byte, 4096> unmasked;
  std::uint64_t offset = frame_.length - left_;
  do {
    const base::Bytes part = piece.first(std::min(piece.size(), unmasked.size()));
    piece = piece.subspan(part.size());
    ws::copy_masked(part, unmasked.data(), *frame_.mask, offset);
    offset += part.size();
    inflater_->receive(base::Bytes(unmasked).first(part.size()), frame_ends && piece.empty());
  } while (!piece.empty());
}

Frame Reader::finish_frame() {
  frame_.bytes = bytes_;
  frame_.payload = frame_.bytes.subspan(header_size_);
  if (frame_.mask) {
    unmasked_.resize(frame_.payload.size());
    ws::copy_masked(frame_.payload, unmasked_.data(), *frame_.mask);
    frame_.payload = unmasked_;
  }
  if (inflater_) frame_.inflated = inflater_->result();
  return frame_;
}

}  // namespace wscope::wire
