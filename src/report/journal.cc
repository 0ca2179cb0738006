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

// What it says itself, and what /status needs.
link::Interests Journal::interests() const noexcept {
  link::Interests interests = next_.interests();
  interests.wire = true;
  interests.frame_texts = true;
  interests.messages = false;
  interests.requests = true;
  return interests;
}

void Journal::report(link::ConnectionNumber connection, const link::Happening& happening) {
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { keep(connection, one); }) keep(connection, one);
      },
      happening);
  next_.report(connection, happening);
}

void Journal::keep(link::ConnectionNumber connection, const link::Connecting& attempt) {
  Record& record = records_[connection];
  record = {};
  record.url = attempt.url;
  record.address = attempt.address;
}

void Journal::keep(link::ConnectionNumber connection, const link::Secured& secured) {
  records_[connection].tls = secured.session.version + ", " + secured.session.cipher;
}

void Journal::keep(link::ConnectionNumber connection, const link::Opened& opened) {
  Record& record = records_[connection];
  record.url = opened.open.url;
  record.address = opened.open.peer;
  record.subprotocol = opened.open.subprotocol;
  record.extensions = opened.open.extensions;
  record.opened = poller_.now();
}

void Journal::keep(link::ConnectionNumber connection, const link::Received& received) {
  Traffic& traffic = records_[connection].received;
  ++traffic.messages;
  traffic.bytes += received.message.data.size();
}

void Journal::keep(link::ConnectionNumber connection, const link::Heard& heard) {
  const auto found = records_.find(connection);
  const bool never_let_in = found != records_.end() && found->second.url.empty();  // so nobody else hears of its end
  if (never_let_in && std::holds_alternative<ws::Closed>(heard.event)) records_.erase(found);
  const auto* pong = std::get_if<ws::Pong>(&heard.event);
  if (pong != nullptr && pong->round_trip) {
    Record& record = records_[connection];
    const base::Duration took = *pong->round_trip;
    record.least_round_trip = record.pongs == 0 ? took : std::min(record.least_round_trip, took);
    record.most_round_trip = std::max(record.most_round_trip, took);
    record.latest_round_trip = took;
    ++record.pongs;
  }
}

void Journal::keep(link::ConnectionNumber connection, const link::Sent& sent) {
  Traffic& traffic = records_[connection].sent;
  ++traffic.messages;
  traffic.bytes += sent.data.size();
}

void Journal::keep(link::ConnectionNumber connection, const link::HeadSeen& seen) {
  Record& record = records_[connection];
  (seen.direction == wire::Direction::out ? record.sent_head : record.received_head) =
      view::describe_head(seen.direction, seen.head.text);
}

void Journal::keep(link::ConnectionNumber connection, const link::FrameSeen& seen) {
  if ((seen.frame.opcode & 8U) == 0) {
    Record& record = records_[connection];
    (seen.direction == wire::Direction::out ? record.sent : record.received).wire_bytes += seen.frame.length;
  }
}

}  // namespace wscope::report
