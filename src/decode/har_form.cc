#include "decode/har_form.h"

#include <string>
#include <variant>

#include "view/counted.h"
#include "view/escape.h"
#include "view/timestamp.h"

namespace wscope::decode {

base::Result<void> HarForm::receive(base::Bytes piece) {
  report_.set_directed();
  while (!piece.empty()) {
    piece = piece.subspan(reader_.receive(piece));
    take_events();
    if (reader_.error()) return *reader_.error();
  }
  return {};
}

base::Result<void> HarForm::receive_eof() {
  reader_.receive_eof();
  take_events();
  if (reader_.error()) return *reader_.error();
  if (reader_.connection_count() > 0) return {};
  const std::string entries = reader_.entry_count() == 1 ? "entry" : "entries";
  return base::Error{base::ErrorKind::io,
                     "no WebSocket in it: " + std::to_string(reader_.entry_count()) + " other " + entries};
}

void HarForm::take_events() {
  while (const auto event = reader_.next_event()) {
    std::visit([this](const auto& what) { take(what); }, *event);
  }
}

void HarForm::take(const capture::HarConnection& connection) {
  if (!is_wanted(connection.number)) return;
  if (connection.number > 1) report_.set_numbered();
  const std::optional<view::WallTime> time = view::parse_rfc3339(connection.started);
  const Place place{connection.number, wire::Direction::out, time};
  if (!connection.url.empty()) report_.note(place, view::escape(connection.url));
  if (!connection.request.empty()) report_.take_head(place, connection.request);
  if (!connection.response.empty()) {
    report_.take_head({connection.number, wire::Direction::in, time}, connection.response);
  }
}

void HarForm::take(const capture::HarMessage& message) {
  if (!is_wanted(message.connection)) return;
  const Place place{message.connection, message.sent ? wire::Direction::out : wire::Direction::in, message.time};
  report_.take_message(place, message.opcode, base::as_bytes(message.payload));
  if (message.bad_base64) report_.note(place, "this is no base64, and shown as it is");
}

void HarForm::take(const capture::HarRemark& remark) {
  if (!is_wanted(remark.connection)) return;
  report_.note({remark.connection, wire::Direction::in, {}}, view::escape(remark.text));
}

}  // namespace wscope::decode
