#include "check/transcript.h"

#include <algorithm>
#include <variant>

#include "view/hexdump.h"
#include "view/wire_text.h"

namespace wscope::check {
namespace {

constexpr std::size_t most = std::size_t{64} << 10;

}  // namespace

void Transcript::add(wire::Direction direction, wire::Reader& reader, base::Bytes bytes, view::WallTime time) {
  while (!bytes.empty()) {
    bytes = bytes.subspan(reader.receive(bytes));
    if (const auto event = reader.next_event()) add(direction, *event, time);
  }
}

void Transcript::add(wire::Direction direction, const wire::Reader::Event& event, view::WallTime time) {
  if (const auto* head = std::get_if<wire::Head>(&event)) append(view::describe_head(direction, head->text));
  if (const auto* frame = std::get_if<wire::Frame>(&event)) append(view::describe_frame(direction, *frame, time));
  if (const auto* cut = std::get_if<wire::Cut>(&event)) {
    append(direction == wire::Direction::out ? "> not whole\n" : "< not whole\n");
    append(view::hexdump(cut->bytes.first(std::min(cut->bytes.size(), kept))));
  }
}

void Transcript::end() {
  sent_.receive_eof();
  received_.receive_eof();
  if (const auto event = sent_.next_event()) add(wire::Direction::out, *event, {});
  if (const auto event = received_.next_event()) add(wire::Direction::in, *event, {});
}

void Transcript::append(const std::string& text) {
  if (text_.size() < most) text_ += text.substr(0, most - text_.size());
}

}  // namespace wscope::check
