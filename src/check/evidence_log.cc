#include "check/evidence_log.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/utf8.h"
#include "check/report.h"
#include "http/headers.h"
#include "view/hexdump.h"
#include "view/json.h"
#include "view/json_events.h"
#include "view/wire_text.h"
#include "wire/agreement.h"
#include "wire/header_parser.h"

namespace wscope::check {
namespace {

constexpr std::size_t longest_control = 125;

view::Stamp stamp(view::WallTime time) { return {time, 1}; }

std::string_view name_of(wire::Direction direction) noexcept { return direction == wire::Direction::in ? "in" : "out"; }

// Whether whoever knows the first line and the fields knows all of it.
bool is_usual(std::string_view head, const view::HeadParts& parts) {
  std::string usual = parts.start_line + "\r\n";
  for (const auto& [name, value] : parts.fields) usual += name + ": " + value + "\r\n";
  return head == usual + "\r\n";
}

bool has_secrets(const view::HeadParts& parts) {
  return std::any_of(parts.fields.begin(), parts.fields.end(), [](const auto& field) {
    return http::is_secret_field(field.name) || http::equals_ignoring_case(field.name, "Location");
  });
}

void add_hex(base::Bytes bytes, std::string& out) {
  out.resize(out.size() - 2);  // "}\n"
  out += ",\"hex\":\"";
  view::append_hex(bytes, out);
  out += "\"}\n";
}

}  // namespace

EvidenceLog::EvidenceLog(Role role, std::string url, view::WallTime begun) : role_(role), url_(std::move(url)) {
  view::append_recording({begun, 0}, "wscope " WSCOPE_VERSION, url_, text_);
}

void EvidenceLog::add(wire::Direction direction, base::Bytes bytes, view::WallTime time) {
  if (bytes.empty()) return;
  // A request on a connection that went on with HTTP.
  if (direction == wire::Direction::out && std::exchange(refused_, false)) {
    for (Side& one : sides_) one.reader.expect_head();
  }
  Side& way = side(direction);
  while (!bytes.empty()) {
    bytes = bytes.subspan(way.reader.receive(bytes));
    if (const auto event = way.reader.next_event()) add_event(direction, *event, time);
  }
}

void EvidenceLog::add_event(wire::Direction direction, const wire::Reader::Event& event, view::WallTime time) {
  if (const auto* head = std::get_if<wire::Head>(&event)) add_head(direction, head->text, time);
  if (const auto* frame = std::get_if<wire::Frame>(&event)) add_frame(direction, *frame, time);
  if (const auto* cut = std::get_if<wire::Cut>(&event)) add_cut(direction, cut->bytes, time);
}

void EvidenceLog::add_head(wire::Direction direction, std::string_view head, view::WallTime time) {
  side(direction).has_head = true;
  if (is_full()) return;
  const view::HeadParts parts = view::take_apart(head);
  view::append_head(stamp(time), direction, head, text_);
  if (!is_usual(head, parts) && !has_secrets(parts)) add_hex(base::as_bytes(head), text_);
  const bool is_answer = (direction == wire::Direction::in) == (role_ == Role::server);
  if (!is_answer) return;
  const std::string_view line = parts.start_line;
  const std::string_view status = line.substr(std::min(line.find(' ') + 1, line.size()));
  if (status.starts_with("101")) return add_open(head, time);
  refused_ = role_ == Role::server && !status.starts_with("1");
}

void EvidenceLog::add_open(std::string_view head, view::WallTime time) {
  opened_ = true;
  const view::HeadParts parts = view::take_apart(head);
  const std::string extensions = parts.fields.joined("Sec-WebSocket-Extensions").value_or("");
  const std::string* const protocol = parts.fields.find("Sec-WebSocket-Protocol");
  view::OpenView open;
  open.url = url_;
  open.extensions = extensions;
  if (protocol != nullptr) open.subprotocol = *protocol;
  open.headers = &parts.fields;
  open.outgoing = role_ == Role::server;
  view::append_open(stamp(time), open, text_);
  const auto agreed = wire::agreed_deflate(head);
  if (!agreed) return;
  const bool are_client = role_ == Role::server;
  side(wire::Direction::out).reader.inflate(are_client ? ws::Role::client : ws::Role::server, *agreed);
  side(wire::Direction::in).reader.inflate(are_client ? ws::Role::server : ws::Role::client, *agreed);
}

void EvidenceLog::add_frame(wire::Direction direction, const wire::Frame& frame, view::WallTime time) {
  if (is_full()) return;
  view::append_frame(stamp(time), direction, frame, text_);
  if (frame.opcode <= 2) return add_data(direction, frame, time);
  if (!frame.fin || frame.rsv != 0 || frame.length > longest_control) return;
  if (frame.opcode == 8) add_close(direction, frame, time);
  if (frame.opcode == 9) view::append_ping(stamp(time), direction, frame.payload, text_);
  if (frame.opcode == 10) view::append_pong(stamp(time), direction, frame.payload, std::nullopt, text_);
}

// Only a message of which all is known is one.
void EvidenceLog::add_data(wire::Direction direction, const wire::Frame& frame, view::WallTime time) {
  Side& way = side(direction);
  if (frame.opcode != 0) {
    way.whole = !way.within;
    way.within = true;
    way.binary = frame.opcode == 2;
    way.compressed = (frame.rsv & ws::rsv1) != 0;
    way.message.clear();
  }
  if (!way.within) return;
  const base::Bytes data = frame.inflated ? frame.inflated->kept : frame.payload;
  const std::uint64_t size = frame.inflated ? frame.inflated->size : frame.length;
  const ws::Rsv expected = way.compressed && frame.opcode != 0 ? ws::rsv1 : ws::Rsv{0};
  if (data.size() != size || frame.rsv != expected || way.compressed != frame.inflated.has_value()) way.whole = false;
  way.message += base::as_text(data);
  if (!frame.fin) return;
  way.within = false;
  const base::Bytes whole = base::as_bytes(way.message);
  if (!way.whole || (!way.binary && !base::is_utf8(whole))) return;
  view::append_message(stamp(time), direction, way.binary ? ws::Opcode::binary : ws::Opcode::text, whole, text_);
}

void EvidenceLog::add_close(wire::Direction direction, const wire::Frame& frame, view::WallTime time) {
  if (frame.payload.size() == 1) return;
  ws::Close close;
  if (frame.payload.size() >= 2) {
    close.code.value = base::load_big_endian<std::uint16_t>(frame.payload.data());
    close.reason = base::as_text(frame.payload.subspan(2));
  }
  if (!base::is_utf8(base::as_bytes(close.reason))) return;
  view::append_close(stamp(time), direction, close.code, close.reason, text_);
  Side& way = side(direction);
  if (way.close) return;
  if (direction == wire::Direction::in) received_first_ = !side(wire::Direction::out).close;
  way.close = std::move(close);
}

void EvidenceLog::add_cut(wire::Direction direction, base::Bytes bytes, view::WallTime time) {
  if (bytes.empty() || is_full()) return;
  if (!side(direction).has_head) return add_head(direction, base::as_text(bytes), time);
  const std::size_t header = wire::header_size(bytes);
  if (opened_ && bytes.size() >= header) {
    wire::Frame frame;
    static_cast<wire::Header&>(frame) = wire::parse_header(bytes);
    frame.bytes = bytes;
    return view::append_frame(stamp(time), direction, frame, text_);
  }
  view::JsonObject event(text_);
  event.word("event", "cut").time("time", time).number("conn", 1).word("dir", name_of(direction));
  event.hex("hex", bytes).end();
}

void EvidenceLog::add_end(const Heard& heard, view::WallTime time) {
  const auto& answer = heard.answer();
  if (opened_) {
    const ws::CloseRecord record{.received = side(wire::Direction::in).close,
                                 .sent = side(wire::Direction::out).close,
                                 .received_first = received_first_};
    return view::append_closed(stamp(time), record, text_);
  }
  if (!answer || answer->is_101()) return;
  constexpr int refused = 6;
  const view::RefusalView refusal{&answer->head, answer->body};
  view::append_error(stamp(time), {base::ErrorKind::http, answer->words()}, refused,
                     answer->flaw.empty() ? std::optional(refusal) : std::nullopt, text_);
}

void EvidenceLog::end(const Result& result, const Heard& heard, view::WallTime time) {
  for (const wire::Direction direction : {wire::Direction::out, wire::Direction::in}) {
    wire::Reader& reader = side(direction).reader;
    reader.receive_eof();
    if (const auto event = reader.next_event()) add_event(direction, *event, time);
  }
  add_end(heard, time);
  const bool passed = result.verdict == Verdict::pass;
  view::append_expect(stamp(time),
                      {.what = result.about->row->passes,
                       .elapsed = result.elapsed,
                       .why = passed ? std::nullopt : std::optional(seen_words(result))},
                      text_);
}

}  // namespace wscope::check
