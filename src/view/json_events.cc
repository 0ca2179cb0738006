#include "view/json_events.h"

#include <cassert>

#include "base/utf8.h"
#include "view/json.h"
#include "view/wire_text.h"

namespace wscope::view {
namespace {

JsonObject begin_event(std::string_view name, const Stamp& stamp, std::string& out) {
  JsonObject event(out);
  event.word("event", name).time("time", stamp.time).number("conn", stamp.connection);
  return event;
}

JsonObject begin_event(std::string_view name, const Stamp& stamp, wire::Direction direction, std::string& out) {
  JsonObject event = begin_event(name, stamp, out);
  event.word("dir", direction == wire::Direction::in ? "in" : "out");
  return event;
}

void add_payload(base::Bytes payload, JsonObject& event) {
  if (base::is_utf8(payload)) {
    event.text("data", base::as_text(payload));
  } else {
    event.base64("base64", payload);
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

// Empty for what is not an error to programs.
std::string_view name(base::ErrorKind kind) noexcept {
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

}  // namespace

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
  add_text("protocol", open.subprotocol, event);
  event.list("extensions", open.extensions).number("status", static_cast<std::uint64_t>(open.status));
  const http::Headers headers = open.headers != nullptr ? without_secrets(*open.headers) : http::Headers();
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
    begin_event("text", stamp, direction, out).text("data", base::as_text(data)).end();
  } else {
    begin_event("binary", stamp, direction, out).base64("base64", data).end();
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
  event.number("code", code.value).word("name", ws::name(code)).text("reason", reason).end();
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
  const std::string_view kind = name(error.kind);
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

}  // namespace wscope::view
