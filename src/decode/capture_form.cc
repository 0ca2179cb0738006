#include "decode/capture_form.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "view/counted.h"

namespace wscope::decode {
namespace {

constexpr std::uint64_t most_unreadable = 16;  // streams that are named

template <typename Event>
Place place_of(const Event& event) {
  return {event.stream, event.sender == ws::Role::client ? wire::Direction::out : wire::Direction::in,
          event.origin.time};
}

base::Error no_websocket(const capture::Census& census) {
  base::Error error{base::ErrorKind::io, "no WebSocket in it: " + describe(census)};
  if (census.streams.tls > 0) {
    error.hint = "wscope listen --relay wss://HOST/PATH --frames shows what TLS hides";
  } else if (census.streams.other > 0) {
    error.hint = "--port or --stream reads a connection without its opening handshake";
  }
  return error;
}

}  // namespace

CaptureForm::CaptureForm(Report& report, const capture::Selection& selection) : report_(report), reader_(selection) {
  report_.set_directed();
  report_.set_numbered();
  report_.set_role(ws::Role::client);
}

base::Result<void> CaptureForm::receive(base::Bytes piece) {
  while (!piece.empty()) {
    piece = piece.subspan(reader_.receive(piece));
    take_events();
    if (!reader_.error()) continue;
    finish();
    return *reader_.error();
  }
  return {};
}

base::Result<void> CaptureForm::receive_eof() {
  finish();
  if (reader_.missing() > 0) {
    report_.end_inside("the capture ends inside a packet: it needs at least " +
                       view::counted(reader_.missing(), "more byte"));
  }
  const capture::Census census = reader_.census();
  if (census.streams.websocket == 0) return no_websocket(census);
  if (const std::uint64_t count = census.count(capture::NoSegment::fragment); count > 0) {
    report_.remark(view::counted(count, "IP fragment") + " with TCP: they are not joined");
  }
  if (census.streams.other > 0) {
    report_.remark(view::counted(census.streams.other, "connection") +
                   " of something else, or without an opening handshake: --port or --stream reads one as frames");
  }
  for (const std::uint16_t link_type : census.unread_link_types) {
    report_.remark("packets of " + capture::describe_link_type(link_type) + " are not read");
  }
  return {};
}

void CaptureForm::finish() {
  reader_.receive_eof();
  take_events();
  if (unreadable_ > most_unreadable) {
    report_.remark(view::counted(unreadable_ - most_unreadable, "more stream") + " cannot be read");
  }
}

void CaptureForm::take_events() {
  while (const auto event = reader_.next_event()) {
    std::visit([this](const auto& what) { take(what); }, *event);
  }
}

void CaptureForm::take(const capture::Opened& opened) {
  report_.note({opened.stream, wire::Direction::out, opened.time},
               to_text(opened.client) + " > " + to_text(opened.server));
}

void CaptureForm::take(const capture::Head& head) {
  give(place_of(head), base::as_bytes(head.text), head.origin.offset);
}

void CaptureForm::take(const capture::Data& data) { give(place_of(data), data.bytes, data.origin.offset); }

void CaptureForm::give(const Place& place, base::Bytes bytes, std::uint64_t offset) {
  report_.receive(place, bytes, offset);
  behind_[place.stream][static_cast<std::size_t>(place.direction)] = offset + bytes.size();
}

void CaptureForm::take(const capture::Hole& hole) {
  const Place place = place_of(hole);
  report_.receive_hole(place, hole.size, behind_[place.stream][static_cast<std::size_t>(place.direction)]);
}

void CaptureForm::take(const capture::Differs& differs) {
  const Place place = place_of(differs);
  report_.note(place, fmt::format("{} {} captured again with other values at {}: the first ones count",
                                  place.direction == wire::Direction::out ? ">" : "<",
                                  view::counted(differs.size, "byte"), differs.origin.offset));
}

void CaptureForm::take(const capture::Ended& ended) {
  const Place place = place_of(ended);
  report_.receive_eof(place);
  if (!report_.is_open(place.stream)) behind_.erase(place.stream);
}

void CaptureForm::take(const capture::Unreadable& unreadable) {
  if (++unreadable_ > most_unreadable) return;
  report_.tell_unreadable({unreadable.stream, wire::Direction::out, unreadable.origin.time}, unreadable.what);
}

}  // namespace wscope::decode
