#include "report/event_lines.h"

#include <variant>

#include "view/violation_text.h"

namespace wscope::report {
namespace {

using wire::Direction;

void append(const view::Stamp& stamp, const ws::Event& event, std::string& out) {
  if (const auto* ping = std::get_if<ws::Ping>(&event)) {
    view::append_ping(stamp, Direction::in, ping->payload, out);
  } else if (const auto* pong = std::get_if<ws::Pong>(&event)) {
    view::append_pong(stamp, Direction::in, pong->payload, pong->round_trip, out);
  } else if (const auto* close = std::get_if<ws::CloseReceived>(&event)) {
    view::append_close(stamp, Direction::in, close->code, close->reason, out);
  } else if (const auto* failed = std::get_if<ws::Failed>(&event)) {
    view::append_fail(stamp, failed->code, view::describe_violation(*failed), out);
  }
}

}  // namespace

void append_event(const view::Stamp& stamp, const link::Happening& happening, std::string& out) {
  if (const auto* received = std::get_if<link::Received>(&happening)) {
    view::append_message(stamp, Direction::in, received->message.type, received->message.data, out);
  } else if (const auto* heard = std::get_if<link::Heard>(&happening)) {
    append(stamp, heard->event, out);
  } else if (const auto* attempt = std::get_if<link::Connecting>(&happening)) {
    view::append_connecting(stamp, attempt->url, attempt->address, out);
  } else if (const auto* opened = std::get_if<link::Opened>(&happening)) {
    view::append_open(stamp, opened->open, out);
  } else if (const auto* refused = std::get_if<link::Refused>(&happening)) {
    view::append_refused(stamp, refused->refused, out);
  } else if (const auto* cut = std::get_if<link::CutOff>(&happening)) {
    view::append_incomplete(stamp, cut->direction, cut->message, out);
  } else if (const auto* ended = std::get_if<link::Ended>(&happening)) {
    view::append_closed(stamp, ended->record, out);
  } else if (const auto* ran = std::get_if<link::Ran>(&happening)) {
    view::append_exec(stamp, ran->exec, out);
  }
}

}  // namespace wscope::report
