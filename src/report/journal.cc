#include "report/journal.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "view/counted.h"
#include "view/escape.h"
#include "view/timestamp.h"
#include "view/wire_text.h"

namespace wscope::report {
namespace {

std::string line(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : fmt::format("{:<12}{}\n", name, view::escape(value));
}

std::string indented(std::string_view lines) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t size = std::min(lines.find('\n') + 1, lines.size());
    text += fmt::format("  {}", lines.substr(0, size));
    lines.remove_prefix(size);
  }
  return text;
}

std::string describe(const Traffic& traffic, bool compresses) {
  std::string text = view::counted(traffic.messages, "message") + ", " + view::counted(traffic.bytes, "byte");
  if (compresses && traffic.bytes > 0) {
    const double ratio = 100 * static_cast<double>(traffic.wire_bytes) / static_cast<double>(traffic.bytes);
    text += fmt::format(", on the wire {} ({:.0f} %)", traffic.wire_bytes, ratio);
  }
  return text;
}

std::string describe_round_trips(const Record& record) {
  if (record.pongs == 0) return "";
  return fmt::format("{:.2f} ms, min {:.2f}, max {:.2f} of {}", view::milliseconds(record.latest_round_trip),
                     view::milliseconds(record.least_round_trip), view::milliseconds(record.most_round_trip),
                     record.pongs);
}

}  // namespace

std::string Journal::describe(link::ConnectionNumber connection) const {
  const auto found = records_.find(connection);
  if (found == records_.end()) return "";
  const Record* record = &found->second;
  const bool compresses = !record->extensions.empty();
  std::string text = line("url", record->url) + line("address", record->address) + line("tls", record->tls);
  if (record->opened) {
    const double seconds = std::chrono::duration<double>(poller_.now() - *record->opened).count();
    text += line("open for", fmt::format("{:.1f} s", seconds));
    text += line("subprotocol", record->subprotocol.empty() ? "none" : record->subprotocol);
    text += line("extensions", compresses ? record->extensions : "none");
  }
  text += line("sent", report::describe(record->sent, compresses));
  text += line("received", report::describe(record->received, compresses));
  text += line("round trip", describe_round_trips(*record));
  return text + indented(record->sent_head) + indented(record->received_head);
}

void Journal::connecting(link::ConnectionNumber connection, const std::string& url, const std::string& address) {
  Record& record = records_[connection];
  record = {};
  record.url = url;
  record.address = address;
  next_.connecting(connection, url, address);
}

void Journal::tls(link::ConnectionNumber connection, const tls::Session& session) {
  records_[connection].tls = session.version + ", " + session.cipher;
  next_.tls(connection, session);
}

void Journal::timing(link::ConnectionNumber connection, const view::Timing& timing) {
  next_.timing(connection, timing);
}

void Journal::open(link::ConnectionNumber connection, const view::OpenView& open) {
  Record& record = records_[connection];
  record.url = open.url;
  record.address = open.peer;
  record.subprotocol = open.subprotocol;
  record.extensions = open.extensions;
  record.opened = poller_.now();
  next_.open(connection, open);
}

void Journal::message(link::ConnectionNumber connection, const ws::Message& message) {
  Traffic& received = records_[connection].received;
  ++received.messages;
  received.bytes += message.data.size();
  next_.message(connection, message);
}

void Journal::event(link::ConnectionNumber connection, const ws::Event& event) {
  const auto found = records_.find(connection);
  const bool never_let_in = found != records_.end() && found->second.url.empty();  // so nobody else hears of its end
  if (never_let_in && std::holds_alternative<ws::Closed>(event)) records_.erase(found);
  const auto* pong = std::get_if<ws::Pong>(&event);
  if (pong != nullptr && pong->round_trip) {
    Record& record = records_[connection];
    const base::Duration took = *pong->round_trip;
    record.least_round_trip = record.pongs == 0 ? took : std::min(record.least_round_trip, took);
    record.most_round_trip = std::max(record.most_round_trip, took);
    record.latest_round_trip = took;
    ++record.pongs;
  }
  next_.event(connection, event);
}

void Journal::sent(link::ConnectionNumber connection, ws::Opcode type, base::Bytes data) {
  Traffic& sent = records_[connection].sent;
  ++sent.messages;
  sent.bytes += data.size();
  next_.sent(connection, type, data);
}

void Journal::closed(link::ConnectionNumber connection, const ws::CloseRecord& record) {
  next_.closed(connection, record);
}

void Journal::head(link::ConnectionNumber connection, wire::Direction direction, const wire::Head& head) {
  Record& record = records_[connection];
  (direction == wire::Direction::out ? record.sent_head : record.received_head) =
      view::describe_head(direction, head.text);
  next_.head(connection, direction, head);
}

void Journal::frame(link::ConnectionNumber connection, wire::Direction direction, const wire::Frame& frame) {
  if ((frame.opcode & 8U) == 0) {
    Record& record = records_[connection];
    (direction == wire::Direction::out ? record.sent : record.received).wire_bytes += frame.length;
  }
  next_.frame(connection, direction, frame);
}

}  // namespace wscope::report
