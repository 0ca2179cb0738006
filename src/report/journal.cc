#include "report/journal.h"

#include <algorithm>
#include <chrono>
#include <utility>
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

void Journal::note_failure(const Record& record) {
  if (!record.opened && !record.url.empty()) failed_ = record;
}

void Journal::forget(link::ConnectionNumber connection) {
  const auto found = records_.find(connection);
  if (found == records_.end()) return;
  note_failure(found->second);
  records_.erase(found);
}

std::string Journal::describe_handshake(std::optional<link::ConnectionNumber> connection) const {
  const auto found = connection ? records_.find(*connection) : records_.end();
  const bool is_there = found != records_.end() && found->second.opened;
  if (!is_there && !failed_) return "";
  const Record& record = is_there ? found->second : *failed_;
  std::string text = record.refused ? fmt::format("refused: {}\n", view::escape(record.address))
                                    : fmt::format("{}{}, {}\n", is_there ? "" : "failed: ", view::escape(record.url),
                                                  view::escape(record.address));
  if (record.sent_head.empty() && record.received_head.empty()) return text + "  there was no handshake\n";
  if (record.refused) return text + indented(record.received_head) + indented(record.sent_head);
  return text + indented(record.sent_head) + indented(record.received_head);
}

void Journal::keep(link::ConnectionNumber connection, const link::Connecting& attempt) {
  Record& record = records_[connection];
  note_failure(record);
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
  record.status = opened.open.status;
  if (opened.open.headers != nullptr) record.headers = *opened.open.headers;
  record.opened = poller_.now();
}

void Journal::keep(link::ConnectionNumber connection, const link::Received& received) {
  Record& record = records_[connection];
  Traffic& traffic = record.received;
  ++traffic.messages;
  traffic.bytes += received.message.data.size();
  Entry entry{.connection = connection, .opcode = received.message.type};
  if (record.asked) entry.latency = poller_.now() - *std::exchange(record.asked, std::nullopt);
  keep_whole(std::move(entry), received.message.data);
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
    transcript_.answer_pings(connection, pong->payload);
  }
  if (pong != nullptr) {
    keep_whole({.connection = connection, .opcode = ws::Opcode::pong, .latency = pong->round_trip}, pong->payload);
  } else if (const auto* ping = std::get_if<ws::Ping>(&heard.event)) {
    keep_whole({.connection = connection, .opcode = ws::Opcode::ping}, ping->payload);
  } else if (const auto* close = std::get_if<ws::CloseReceived>(&heard.event)) {
    const bool has_code = close->code != ws::close_code::no_status;
    keep_whole({.connection = connection,
                .opcode = ws::Opcode::close,
                .code = has_code ? std::optional(close->code) : std::nullopt},
               base::as_bytes(close->reason));
  }
}

const Entry& Journal::keep_entry(Entry entry, base::Bytes payload) {
  entry.time = std::chrono::system_clock::now();
  const Entry& added = transcript_.add(std::move(entry), payload);
  if (transcript_.take_overflow()) {
    const std::string words = "the transcript has 64 MiB: its oldest entries go";
    next_.report(0, link::Warned{words});
  }
  return added;
}

// --- the recording

base::Result<std::size_t> Journal::record(const std::string& path, const link::Use& use) {
  const auto about = use.kind == link::Use::Kind::one ? records_.find(use.connection) : records_.end();
  auto recording = Recording::begin(path, about != records_.end() ? about->second.url : "");
  if (!recording) return std::move(recording).error();
  for (const Entry& entry : transcript_.entries()) {
    if (auto added = recording->add(entry, base::as_bytes(entry.payload)); !added) return std::move(added).error();
  }
  recording_ = std::move(*recording);
  return transcript_.entries().size();
}

std::string Journal::stop_recording() {
  const std::string path = recording_ ? recording_->path() : "";
  recording_.reset();
  return path;
}

void Journal::record(const Entry& entry, base::Bytes payload) {
  if (!recording_) return;
  const auto added = recording_->add(entry, payload);
  if (added) return;
  const std::string words = added.error().message + ": the recording ends here";
  recording_.reset();
  next_.report(0, link::Warned{words});
}

void Journal::keep(link::ConnectionNumber connection, const link::Sent& sent) {
  Record& about = records_[connection];
  Traffic& traffic = about.sent;
  ++traffic.messages;
  traffic.bytes += sent.data.size();
  about.asked = poller_.now();
  const Entry* entry = nullptr;
  if (sent.type == ws::Opcode::continuation) {
    entry = transcript_.go_on(connection, sent.data);
  } else {
    entry = &keep_entry({.connection = connection, .direction = wire::Direction::out, .opcode = sent.type}, sent.data);
  }
  if (sent.finished && entry != nullptr) record(*entry, base::as_bytes(entry->payload));
}

void Journal::keep(link::ConnectionNumber connection, const link::HeadSeen& seen) {
  Record& record = records_[connection];
  (seen.direction == wire::Direction::out ? record.sent_head : record.received_head) =
      view::describe_head(seen.direction, seen.head.text);
  if (record.refused) failed_ = record;
}

void Journal::keep(link::ConnectionNumber connection, const link::Refused& refusal) {
  Record& record = records_[connection];
  record.address = refusal.refused.peer;
  record.refused = true;
  failed_ = record;
}

// One of ours.
void Journal::keep_control(link::ConnectionNumber connection, const wire::Frame& frame) {
  Entry entry{.connection = connection, .direction = wire::Direction::out, .opcode = ws::Opcode{frame.opcode}};
  base::Bytes payload = frame.payload;
  switch (entry.opcode) {
    case ws::Opcode::close:
      if (payload.size() >= 2) {  // one byte, which only /frame and /raw send, is no code
        entry.code = ws::CloseCode{base::load_big_endian<std::uint16_t>(payload.data())};
        payload = payload.subspan(2);
      }
      break;
    case ws::Opcode::ping:
      entry.unanswered = true;
      break;
    case ws::Opcode::pong:
      break;
    default:
      return;  // what /frame sends need not be anything
  }
  keep_whole(std::move(entry), payload);
}

void Journal::keep(link::ConnectionNumber connection, const link::FrameSeen& seen) {
  if ((seen.frame.opcode & 8U) == 0) {
    Record& record = records_[connection];
    (seen.direction == wire::Direction::out ? record.sent : record.received).wire_bytes += seen.frame.length;
  } else if (seen.direction == wire::Direction::out) {
    keep_control(connection, seen.frame);
  }
}

}  // namespace wscope::report
