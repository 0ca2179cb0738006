#include "view/json_events.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <utility>

#include "base/base64.h"
#include "base/utf8.h"
#include "talk/json.h"
#include "talk/json_reader.h"
#include "view/json.h"
#include "view/wire_text.h"
#include "ws/frame.h"

namespace wscope::view {
namespace {

// The keys that are read as well as written.
constexpr std::string_view event_key = "event";
constexpr std::string_view type_key = "type";  // in place of "event", of a line that somebody else writes
constexpr std::string_view connection_key = "conn";
constexpr std::string_view except_key = "except";
constexpr std::string_view direction_key = "dir";
constexpr std::string_view data_key = "data";
constexpr std::string_view base64_key = "base64";
constexpr std::string_view code_key = "code";
constexpr std::string_view reason_key = "reason";
constexpr std::string_view file_key = "file";  // of a test, and of all else

constexpr const EventRow* find_event(std::string_view name) noexcept {
  for (const EventRow& row : event_table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

// A name that is in the table, or else it does not compile.
struct EventName {
  consteval EventName(const char* in_table)
      : text(find_event(in_table)->name) {}  // NOLINT(google-explicit-constructor)
  std::string_view text;
};

constexpr EventName recording_event = "recording";

JsonObject begin_event(EventName name, const Stamp& stamp, std::string& out) {
  JsonObject event(out);
  event.word(event_key, name.text).time("time", stamp.time);
  if (stamp.connection) event.number(connection_key, *stamp.connection);
  return event;
}

JsonObject begin_event(EventName name, const Stamp& stamp, wire::Direction direction, std::string& out) {
  JsonObject event = begin_event(name, stamp, out);
  event.word(direction_key, direction == wire::Direction::in ? "in" : "out");
  return event;
}

void add_payload(base::Bytes payload, JsonObject& event) {
  if (base::is_utf8(payload)) {
    event.text(data_key, base::as_text(payload));
  } else {
    event.base64(base64_key, payload);
  }
}

void add_text(std::string_view key, std::string_view value_or_none, JsonObject& event) {
  if (value_or_none.empty()) {
    event.null(key);
  } else {
    event.text(key, value_or_none);
  }
}

// Other than none, an empty text is one.
void add_optional(std::string_view key, const std::optional<std::string>& value, JsonObject& event) {
  if (value) {
    event.text(key, *value);
  } else {
    event.null(key);
  }
}

void add_time(std::string_view key, const std::optional<base::Duration>& took, JsonObject& event) {
  if (took) {
    event.milliseconds(key, milliseconds(*took));
  } else {
    event.null(key);
  }
}

std::string_view initiator(const ws::CloseRecord& record) noexcept {
  if (record.clean()) return record.received_first ? "remote" : "local";
  if (record.received) return "remote";
  return record.sent ? "local" : "none";
}

}  // namespace

std::string_view name_of(base::ErrorKind kind) noexcept {
  switch (kind) {
    case base::ErrorKind::usage:
      return "usage";
    case base::ErrorKind::io:
      return "io";
    case base::ErrorKind::dns:
      return "dns";
    case base::ErrorKind::connect:
      return "connect";
    case base::ErrorKind::tls:
      return "tls";
    case base::ErrorKind::http:
      return "http";
    case base::ErrorKind::protocol:
      return "protocol";
    case base::ErrorKind::timeout:
      return "timeout";
    case base::ErrorKind::lost:
    case base::ErrorKind::closed:
    case base::ErrorKind::expectation:
    case base::ErrorKind::not_now:
      break;
  }
  return "";
}

void append_recording(const Stamp& stamp, std::string_view by, std::string_view url, std::string& out) {
  JsonObject event = begin_event("recording", stamp, out);
  event.number("version", 1).text("by", by);
  add_text("url", url, event);
  event.end();
}

void append_listening(const Stamp& stamp, const ListeningView& listening, std::string& out) {
  JsonObject event = begin_event("listening", stamp, out);
  event.text("url", listening.url).text("address", listening.address).number("port", listening.port);
  if (!listening.pin.empty()) event.text("pin", listening.pin);
  event.end();
}

void append_connecting(const Stamp& stamp, const std::string& url, const std::string& address, std::string& out) {
  begin_event("connecting", stamp, out).text("url", url).text("address", address).end();
}

void append_head(const Stamp& stamp, wire::Direction direction, std::string_view head, std::string& out) {
  const HeadParts parts = take_apart(head);
  JsonObject event = begin_event("head", stamp, direction, out);
  event.text("line", parts.start_line).headers("headers", parts.fields).end();
}

void append_tls(const Stamp& stamp, const tls::Session& session, std::string& out) {
  JsonObject event = begin_event("tls", stamp, out);
  event.text("version", session.version).text("cipher", session.cipher);
  add_text("alpn", session.protocol, event);
  add_text("pin", session.pin, event);
  event.objects("chain", session.chain, [](JsonObject& object, const tls::CertificateView& certificate) {
    object.text("subject", certificate.subject).text("issuer", certificate.issuer);
    object.strings("names", certificate.names);
    object.text("not_before", certificate.not_before).text("not_after", certificate.not_after);
  });
  event.end();
}

void append_timing(const Stamp& stamp, const Timing& timing, std::string& out) {
  JsonObject event = begin_event("timing", stamp, out);
  add_time("dns_ms", timing.dns, event);
  add_time("tcp_ms", timing.tcp, event);
  add_time("proxy_ms", timing.proxy, event);
  add_time("tls_ms", timing.tls, event);
  add_time("upgrade_ms", timing.upgrade, event);
  event.end();
}

void append_open(const Stamp& stamp, const OpenView& open, std::string& out) {
  JsonObject event = begin_event("open", stamp, out);
  event.text("url", open.url);
  if (!open.target.empty()) event.text("target", open.target);
  add_text("protocol", open.subprotocol, event);
  event.list("extensions", open.extensions).number("status", static_cast<std::uint64_t>(open.status));
  http::Headers headers = open.headers != nullptr ? *open.headers : http::Headers();
  if (!open.with_secrets) headers = without_secrets(headers);
  event.headers("headers", headers).text("peer", open.peer).end();
}

void append_refused(const Stamp& stamp, const RefusedView& refused, std::string& out) {
  JsonObject event = begin_event("refused", stamp, out);
  event.text("peer", refused.peer).number("status", static_cast<std::uint64_t>(refused.status));
  add_optional("origin", refused.origin, event);
  add_optional("host", refused.host, event);
  event.text("message", refused.message).end();
}

void append_message(const Stamp& stamp, wire::Direction direction, ws::Opcode type, base::Bytes data,
                    std::string& out) {
  if (type == ws::Opcode::text) {
    begin_event("text", stamp, direction, out).text(data_key, base::as_text(data)).end();
  } else {
    begin_event("binary", stamp, direction, out).base64(base64_key, data).end();
  }
}

void append_ping(const Stamp& stamp, wire::Direction direction, base::Bytes payload, std::string& out) {
  JsonObject event = begin_event("ping", stamp, direction, out);
  add_payload(payload, event);
  event.end();
}

void append_pong(const Stamp& stamp, wire::Direction direction, base::Bytes payload,
                 std::optional<base::Duration> round_trip, std::string& out) {
  JsonObject event = begin_event("pong", stamp, direction, out);
  add_payload(payload, event);
  if (round_trip) event.milliseconds("rtt_ms", milliseconds(*round_trip));
  event.end();
}

void append_close(const Stamp& stamp, wire::Direction direction, ws::CloseCode code, std::string_view reason,
                  std::string& out) {
  JsonObject event = begin_event("close", stamp, direction, out);
  event.number(code_key, code.value).word("name", ws::name(code)).text(reason_key, reason).end();
}

void append_frame(const Stamp& stamp, wire::Direction direction, const wire::Frame& frame, std::string& out) {
  JsonObject event = begin_event("frame", stamp, direction, out);
  event.number("opcode", frame.opcode).boolean("fin", frame.fin).number("rsv", frame.rsv);
  event.boolean("masked", frame.mask.has_value()).number("length", frame.length).hex("hex", frame.bytes).end();
}

void append_fail(const Stamp& stamp, ws::CloseCode code, std::string_view message, std::string& out) {
  begin_event("fail", stamp, out).number("code", code.value).text("message", message).end();
}

void append_incomplete(const Stamp& stamp, wire::Direction direction, const ws::Incomplete& message, std::string& out) {
  begin_event("incomplete", stamp, direction, out)
      .word("type", ws::name(message.type))
      .number("length", message.length)
      .end();
}

void append_closed(const Stamp& stamp, const ws::CloseRecord& record, std::string& out) {
  JsonObject event = begin_event("closed", stamp, out);
  const ws::Close cause = record.cause();
  event.number("code", cause.code.value).text("reason", cause.reason);
  event.boolean("clean", record.clean()).word("initiator", initiator(record)).end();
}

void append_error(const Stamp& stamp, const base::Error& error, int exit_status,
                  const std::optional<RefusalView>& refusal, std::string& out) {
  const std::string_view kind = name_of(error.kind);
  if (kind.empty()) return;
  JsonObject event = begin_event("error", stamp, out);
  event.word("kind", kind).text("message", error.message).number("exit", static_cast<std::uint64_t>(exit_status));
  if (refusal) {
    assert(refusal->head != nullptr);
    event.number("status", static_cast<std::uint64_t>(refusal->head->status));
    event.headers("headers", without_secrets(refusal->head->headers)).text("body", refusal->body);
  }
  event.end();
}

void append_expect(const Stamp& stamp, const ExpectView& expect, std::string& out) {
  JsonObject event = begin_event("expect", stamp, out);
  event.boolean("ok", !expect.why).text("expected", expect.what);
  event.milliseconds("elapsed_ms", milliseconds(expect.elapsed));
  if (expect.why) event.text("message", *expect.why);
  event.end();
}

void append_reply(const Stamp& stamp, std::uint64_t rule, std::string& out) {
  begin_event("reply", stamp, out).number("rule", rule).end();
}

void append_capture(const Stamp& stamp, std::string_view name, std::optional<std::string_view> value,
                    std::string& out) {
  begin_event("capture", stamp, out).text("name", name).json("value", value.value_or("\"***\"")).end();
}

void append_test(const Stamp& stamp, const TestView& test, std::string& out) {
  JsonObject event = begin_event("test", stamp, out);
  event.text(file_key, test.file).text("name", test.name).word("result", test.result);
  event.milliseconds("elapsed_ms", milliseconds(test.elapsed));
  if (test.message) event.text("message", *test.message);
  event.end();
}

void add_place(std::string_view file, std::optional<std::uint64_t> line, std::string& out) {
  constexpr std::string_view end = "}\n";
  assert(out.ends_with(end));
  std::string keys;
  JsonObject place(keys);
  place.text(file_key, file);
  if (line) place.number("line", *line);
  place.end();
  out.replace(out.size() - end.size(), end.size(), "," + keys.substr(1));
}

// --- what is read

namespace {

// Nothing if it is none.
std::optional<std::uint64_t> whole_number(std::string_view value) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole ? std::optional(number) : std::nullopt;
}

base::Error complaint(std::string message) { return {base::ErrorKind::io, std::move(message)}; }

base::Error complaint_of(std::string_view key, const char* what) {
  return complaint("has a \"" + std::string(key) + "\" " + what);
}

// A line, of whose members those that are read are at hand, as they are written; of equal keys the first.
class Object {
 public:
  explicit Object(std::string_view text) {
    for (talk::JsonItems items(text); items.next();) {
      for (Member& member : members_) {
        if (!member.value.empty() || !items.has_key(member.key)) continue;
        member.value = items.value();
        break;
      }
    }
  }

  // Nothing if there is no such key.
  [[nodiscard]] base::Result<std::optional<std::string>> text(std::string_view key) const {
    const std::string_view value = find(key);
    if (value.empty()) return std::optional<std::string>();
    if (talk::type_of(value) != talk::JsonType::string) return complaint_of(key, "that is not a string");
    if (!talk::has_whole_pairs(value)) return complaint_of(key, "with half a surrogate pair");
    return std::optional(talk::unescape_json(value));
  }

  [[nodiscard]] base::Result<std::optional<std::uint64_t>> number(std::string_view key) const {
    const std::string_view value = find(key);
    if (value.empty()) return std::optional<std::uint64_t>();
    if (const auto number = whole_number(value)) return number;
    return complaint_of(key, "that is not a whole number");
  }

  // Of one number or a list of them.
  [[nodiscard]] base::Result<std::optional<std::vector<std::uint64_t>>> numbers(std::string_view key) const {
    const std::string_view value = find(key);
    if (value.empty()) return std::optional<std::vector<std::uint64_t>>();
    std::vector<std::uint64_t> numbers;
    const bool is_list = talk::type_of(value) == talk::JsonType::array;
    for (talk::JsonItems items(value); !is_list || items.next();) {
      const auto number = whole_number(is_list ? items.value() : value);
      if (!number) return complaint_of(key, "that is neither a whole number nor a list of them");
      numbers.push_back(*number);
      if (!is_list) break;
    }
    return std::optional(std::move(numbers));
  }

  // Whether it is that text.
  [[nodiscard]] bool has(std::string_view key, std::string_view wanted) const {
    const auto found = text(key);
    return found && *found == wanted;
  }

 private:
  struct Member {
    std::string_view key;
    std::string_view value{};
  };

  [[nodiscard]] std::string_view find(std::string_view key) const noexcept {
    for (const Member& member : members_) {
      if (member.key == key) return member.value;
    }
    return {};
  }

  std::array<Member, 9> members_{{{event_key},
                                  {type_key},
                                  {connection_key},
                                  {except_key},
                                  {direction_key},
                                  {data_key},
                                  {base64_key},
                                  {code_key},
                                  {reason_key}}};
};

// The payload of "data" or "base64"; without either, an empty one.
base::Result<void> read_payload(const Object& object, std::string& payload) {
  auto data = object.text(data_key);
  if (!data) return data.error();
  const auto encoded = object.text(base64_key);
  if (!encoded) return encoded.error();
  const bool has_data = data->has_value();
  payload = std::move(*data).value_or("");
  if (has_data || !*encoded) return {};
  const auto bytes = base::base64_decode(**encoded);
  if (!bytes) return complaint_of(base64_key, "that is none");
  payload = base::as_text(*bytes);
  return {};
}

base::Result<wire::Instruction> read_close(const Object& object, std::string& storage) {
  auto reason = object.text(reason_key);
  if (!reason) return reason.error();
  storage = std::move(*reason).value_or("");
  const auto code = object.number(code_key);
  if (!code) return code.error();
  constexpr std::uint64_t none = ws::close_code::no_status.value;  // as it is printed
  if (code->value_or(none) == none) {
    if (storage.empty()) return wire::Instruction(wire::SendClose{});
    return complaint("has a reason without a \"code\"");
  }
  const ws::CloseCode close_code{static_cast<std::uint16_t>(**code)};
  if (**code > UINT16_MAX || !close_code.may_appear_in_frame())
    return complaint("has a close code that may not be sent");
  if (storage.size() > ws::max_control_payload - 2) return complaint("has a reason of more than 123 bytes");
  return wire::Instruction(wire::SendClose{close_code, storage});
}

// Nothing of what cannot be sent, known or not.
std::optional<ws::Opcode> opcode_of(std::string_view event) noexcept {
  const EventRow* row = find_event(event);
  return row != nullptr ? row->sends : std::nullopt;
}

base::Result<wire::Instruction> read_instruction(ws::Opcode type, const Object& object, std::string& storage) {
  if (type == ws::Opcode::close) return read_close(object, storage);
  if (auto read = read_payload(object, storage); !read) return std::move(read).error();
  const base::Bytes payload = base::as_bytes(storage);
  if (ws::is_control(type) && payload.size() > ws::max_control_payload)
    return complaint("has a payload of more than 125 bytes");
  if (type == ws::Opcode::ping) return wire::Instruction(wire::SendPing{payload});
  if (type == ws::Opcode::pong) return wire::Instruction(wire::SendPong{payload});
  if (type == ws::Opcode::text && !base::is_utf8(payload)) return complaint("has text that is not UTF-8");
  return wire::Instruction(ws::Piece{.opcode = type, .payload = payload, .known_utf8 = true});
}

base::Result<std::optional<ToSend>> read_object(const Object& object, std::string& storage) {
  const auto event = object.text(event_key);
  if (!event) return event.error();
  if (*event && !opcode_of(**event)) return std::optional<ToSend>();  // its "type" may be that of a message
  auto type = object.text(type_key);
  if (type && !*type) type = event;
  if (!type) return type.error();
  if (!*type) return complaint("has no \"type\"");
  const auto opcode = opcode_of(**type);
  if (!opcode) return complaint("asks for something that cannot be sent");
  const auto instruction = read_instruction(*opcode, object, storage);
  if (!instruction) return instruction.error();
  auto only = object.numbers(connection_key);
  if (!only) return only.error();
  auto except = object.numbers(except_key);
  if (!except) return except.error();
  std::optional<ToSend> to_send(std::in_place);
  to_send->instruction = *instruction;
  if (*only) to_send->recipients.only.emplace(std::move(**only));
  if (*except) to_send->recipients.except = std::move(**except);
  return to_send;
}

// Whether it is of what was sent: an answer to a Ping is made anew.
bool was_sent(const Object& object) {
  const auto event = object.text(event_key);
  return event && *event && object.has(direction_key, "out") && opcode_of(**event) != ws::Opcode::pong;
}

base::Result<Object> parse(std::string_view line) {
  const std::string_view text = talk::trim_json(line);
  if (!text.starts_with('{') || !talk::is_json(text)) return complaint("is not a JSON object");
  return Object(text);
}

}  // namespace

bool Recipients::include(std::uint64_t connection) const noexcept {
  const auto has = [connection](const std::vector<std::uint64_t>& list) {
    return std::find(list.begin(), list.end(), connection) != list.end();
  };
  return (!only || has(*only)) && !has(except);
}

base::Result<std::optional<ToSend>> read_event(std::string_view line, std::string& storage) {
  const auto object = parse(line);
  if (!object) return object.error();
  return read_object(*object, storage);
}

base::Result<std::optional<ToSend>> EventReader::read(std::string_view line, std::string& storage) {
  const auto object = parse(line);
  if (!object) return object.error();
  if (std::exchange(is_first_, false)) is_recording_ = object->has(event_key, recording_event.text);
  if (is_recording_ && !was_sent(*object)) return std::optional<ToSend>();
  return read_object(*object, storage);
}

}  // namespace wscope::view
