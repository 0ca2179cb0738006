#include "view/json_events.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using namespace wscope;
using base::as_bytes;
using wire::Direction;

namespace {

const view::Stamp stamp{view::WallTime(1'795'165'921'123'456us), 7};

// What an event appends behind what is there, without what all events begin with and the end of the line.
template <typename Append>
std::string event(std::string_view name, Append&& append) {
  std::string out = "earlier\n";
  append(out);
  const std::string begin =
      "earlier\n{\"event\":\"" + std::string(name) + "\",\"time\":\"2026-11-20T09:12:01.123456Z\",\"conn\":7,";
  REQUIRE(out.substr(0, begin.size()) == begin);
  REQUIRE(out.substr(out.size() - 2) == "}\n");
  return out.substr(begin.size(), out.size() - begin.size() - 2);
}

std::string message(Direction direction, ws::Opcode type, std::string_view data) {
  return event(ws::name(type),
               [&](std::string& out) { view::append_message(stamp, direction, type, as_bytes(data), out); });
}

std::string ping(Direction direction, std::string_view payload) {
  return event("ping", [&](std::string& out) { view::append_ping(stamp, direction, as_bytes(payload), out); });
}

std::string pong(Direction direction, std::string_view payload, std::optional<base::Duration> round_trip) {
  return event("pong",
               [&](std::string& out) { view::append_pong(stamp, direction, as_bytes(payload), round_trip, out); });
}

std::string close(Direction direction, ws::CloseCode code, std::string_view reason) {
  return event("close", [&](std::string& out) { view::append_close(stamp, direction, code, reason, out); });
}

std::string closed(const ws::CloseRecord& record) {
  return event("closed", [&](std::string& out) { view::append_closed(stamp, record, out); });
}

std::string error(base::ErrorKind kind, int exit_status) {
  return event("error", [&](std::string& out) {
    view::append_error(stamp, {kind, "it \"failed\"", "a hint"}, exit_status, std::nullopt, out);
  });
}

}  // namespace

TEST_CASE("where there is just one connection, none has a number") {
  std::string out;
  view::append_message({.time = stamp.time, .connection = std::nullopt}, Direction::in, ws::Opcode::text, {}, out);
  CHECK(out == R"({"event":"text","time":"2026-11-20T09:12:01.123456Z","dir":"in","data":""})"
               "\n");
}

TEST_CASE("a whole line: text that came in") {
  std::string out;
  view::append_message(stamp, Direction::in, ws::Opcode::text, as_bytes("say \"hi\"\n"), out);
  CHECK(out == R"({"event":"text","time":"2026-11-20T09:12:01.123456Z","conn":7,"dir":"in","data":"say \"hi\"\n"})"
               "\n");
}

TEST_CASE("text") {
  CHECK(message(Direction::in, ws::Opcode::text, "Grüße 😀") == R"("dir":"in","data":"Grüße 😀")");
  CHECK(message(Direction::out, ws::Opcode::text, "") == R"("dir":"out","data":"")");
}

TEST_CASE("binary") {
  CHECK(message(Direction::in, ws::Opcode::binary, "\xff\xfe!") == R"("dir":"in","base64":"//4h")");
  CHECK(message(Direction::out, ws::Opcode::binary, "text") == R"("dir":"out","base64":"dGV4dA==")");
}

TEST_CASE("ping") {
  CHECK(ping(Direction::in, "") == R"("dir":"in","data":"")");
  CHECK(ping(Direction::out, "é") == R"("dir":"out","data":"é")");
  CHECK(ping(Direction::in, "\xe9") == R"("dir":"in","base64":"6Q==")");
}

TEST_CASE("pong") {
  CHECK(pong(Direction::out, "x", std::nullopt) == R"("dir":"out","data":"x")");
  CHECK(pong(Direction::in, "x", 80'400ns) == R"("dir":"in","data":"x","rtt_ms":0.080)");
  CHECK(pong(Direction::in, "\xff", 2s + 345678ns) == R"("dir":"in","base64":"/w==","rtt_ms":2000.346)");
}

TEST_CASE("close") {
  CHECK(close(Direction::in, ws::close_code::no_status, "") ==
        R"("dir":"in","code":1005,"name":"no status","reason":"")");
  CHECK(close(Direction::out, ws::close_code::normal, "bye \"now\"") ==
        R"("dir":"out","code":1000,"name":"OK","reason":"bye \"now\"")");
  CHECK(close(Direction::in, {4999}, "ü") == R"("dir":"in","code":4999,"name":"private use","reason":"ü")");
}

TEST_CASE("frame") {
  const auto frame = [](const wire::Frame& wire_frame) {
    return event("frame", [&](std::string& out) { view::append_frame(stamp, Direction::out, wire_frame, out); });
  };
  wire::Frame wire_frame;
  wire_frame.opcode = 1;
  wire_frame.mask = ws::MaskKey{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
  wire_frame.length = 5;
  wire_frame.bytes = as_bytes("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  wire_frame.payload = as_bytes("Hello");
  CHECK(frame(wire_frame) ==
        R"("dir":"out","opcode":1,"fin":true,"rsv":0,"masked":true,"length":5,"hex":"818537fa213d7f9f4d5158")");

  wire_frame = {};
  wire_frame.opcode = 11;
  wire_frame.fin = false;
  wire_frame.rsv = 6;
  wire_frame.length = 0xffffffffffffffff;
  wire_frame.bytes = as_bytes("\x6b\x7f\xff\xff\xff\xff\xff\xff\xff\xff");
  CHECK(frame(wire_frame) ==
        R"("dir":"out","opcode":11,"fin":false,"rsv":6,"masked":false,"length":18446744073709551615,)"
        R"("hex":"6b7fffffffffffffffff")");
}

TEST_CASE("fail") {
  CHECK(event("fail", [](std::string& out) {
          view::append_fail(stamp, ws::close_code::invalid_payload, "text that is not UTF-8", out);
        }) == R"("code":1007,"message":"text that is not UTF-8")");
}

TEST_CASE("closed: who began") {
  const ws::Close bye{ws::close_code::normal, "bye"};
  const ws::Close away{ws::close_code::going_away, "so long"};
  CHECK(closed({bye, away, true}) == R"("code":1000,"reason":"bye","clean":true,"initiator":"remote")");
  CHECK(closed({bye, away, false}) == R"("code":1000,"reason":"bye","clean":true,"initiator":"local")");
  CHECK(closed({away, std::nullopt, true}) == R"("code":1001,"reason":"so long","clean":false,"initiator":"remote")");
  CHECK(closed({std::nullopt, bye, false}) == R"("code":1006,"reason":"","clean":false,"initiator":"local")");
  CHECK(closed({std::nullopt, ws::Close{ws::close_code::protocol_error, "why"}, false, true}) ==
        R"("code":1002,"reason":"why","clean":false,"initiator":"local")");
  CHECK(closed({}) == R"("code":1006,"reason":"","clean":false,"initiator":"none")");
  CHECK(closed({ws::Close{}, ws::Close{}, true}) == R"("code":1005,"reason":"","clean":true,"initiator":"remote")");
}

TEST_CASE("expect: what was asked for has come, or has not") {
  const auto expect = [](const view::ExpectView& view) {
    return event("expect", [&](std::string& out) { view::append_expect(stamp, view, out); });
  };
  CHECK(expect({"\"ack\"", std::chrono::milliseconds(3)}) == R"("ok":true,"expected":"\"ack\"","elapsed_ms":3.000)");
  CHECK(expect({"ack", {}, "expected ack: --eof close"}) ==
        R"("ok":false,"expected":"ack","elapsed_ms":0.000,"message":"expected ack: --eof close")");
}

TEST_CASE("reply: which rule answers") {
  CHECK(event("reply", [](std::string& out) { view::append_reply(stamp, 2, out); }) == R"("rule":2)");
}

TEST_CASE("capture: a value as JSON, unless it is a secret") {
  const auto capture = [](std::string_view name, std::optional<std::string_view> value) {
    return event("capture", [&](std::string& out) { view::append_capture(stamp, name, value, out); });
  };
  CHECK(capture("id", "1.50") == R"("name":"id","value":1.50)");
  CHECK(capture("list", "[ 1,\n \"a b\" ]") == R"("name":"list","value":[1,"a b"])");
  CHECK(capture("token", std::nullopt) == R"("name":"token","value":"***")");
}

TEST_CASE("test: what has come of a script") {
  const auto test = [](const view::TestView& view) {
    return event("test", [&](std::string& out) { view::append_test(stamp, view, out); });
  };
  CHECK(test({"a.ws", "log in", "passed", 1500us}) ==
        R"("file":"a.ws","name":"log in","result":"passed","elapsed_ms":1.500)");
  CHECK(test({"\"a\".ws", "x", "failed", {}, "a.ws:1:2: no\nmatch"}) ==
        R"("file":"\"a\".ws","name":"x","result":"failed","elapsed_ms":0.000,"message":"a.ws:1:2: no\nmatch")");
}

TEST_CASE("an event of a run says which file it is of, and which line") {
  const auto reply_of = [](std::string_view file, std::optional<std::uint64_t> line) {
    return event("reply", [&](std::string& out) {
      view::append_reply(stamp, 2, out);
      view::add_place(file, line, out);
    });
  };
  CHECK(reply_of("a \"b\".ws", std::nullopt) == R"("rule":2,"file":"a \"b\".ws")");
  CHECK(reply_of("a.ws", 7) == R"("rule":2,"file":"a.ws","line":7)");
}

TEST_CASE("error: each kind has its name") {
  using enum base::ErrorKind;
  CHECK(error(usage, 2) == R"("kind":"usage","message":"it \"failed\"","exit":2)");
  CHECK(error(io, 1) == R"("kind":"io","message":"it \"failed\"","exit":1)");
  CHECK(error(dns, 3) == R"("kind":"dns","message":"it \"failed\"","exit":3)");
  CHECK(error(base::ErrorKind::connect, 4) == R"("kind":"connect","message":"it \"failed\"","exit":4)");
  CHECK(error(tls, 5) == R"("kind":"tls","message":"it \"failed\"","exit":5)");
  CHECK(error(base::ErrorKind::http, 6) == R"("kind":"http","message":"it \"failed\"","exit":6)");
  CHECK(error(protocol, 7) == R"("kind":"protocol","message":"it \"failed\"","exit":7)");
  CHECK(error(timeout, 10) == R"("kind":"timeout","message":"it \"failed\"","exit":10)");
}

TEST_CASE("error: what other events and the exit status tell is none") {
  for (const auto kind :
       {base::ErrorKind::lost, base::ErrorKind::closed, base::ErrorKind::expectation, base::ErrorKind::not_now}) {
    std::string out = "earlier\n";
    view::append_error(stamp, {kind, "message"}, 8, std::nullopt, out);
    CHECK(out == "earlier\n");
  }
}

TEST_CASE("error: a refusal is part of it") {
  const auto refused = [](const http::ResponseHead& head, std::string_view body) {
    return event("error", [&](std::string& out) {
      view::append_error(stamp, {base::ErrorKind::http, "refused"}, 6, view::RefusalView{&head, body}, out);
    });
  };
  http::ResponseHead head;
  head.status = 403;
  CHECK(refused(head, "") == R"("kind":"http","message":"refused","exit":6,"status":403,"headers":[],"body":"")");
  head.headers.add("Content-Type", "text/html");
  head.headers.add("Via", "a");
  CHECK(refused(head, "<p class=\"x\">\r\n") ==
        R"("kind":"http","message":"refused","exit":6,"status":403,)"
        R"("headers":[["Content-Type","text/html"],["Via","a"]],"body":"<p class=\"x\">\r\n")");
  head.headers = {{"Set-Cookie", "a=s3cret"}, {"location", "http://u:s3cret@h/"}};
  CHECK(refused(head, "").find("s3cret") == std::string::npos);
  head.headers = {};
  CHECK(refused(head, "d\xe9sol\xe9") ==
        R"("kind":"http","message":"refused","exit":6,"status":403,"headers":[],"body":"désolé")");
}

TEST_CASE("listening") {
  CHECK(event("listening", [](std::string& out) {
          view::append_listening(stamp, {"ws://127.0.0.1:8080/", "127.0.0.1", 8080}, out);
        }) == R"("url":"ws://127.0.0.1:8080/","address":"127.0.0.1","port":8080)");
  CHECK(event("listening", [](std::string& out) {
          view::append_listening(stamp, {"wss://[::1]:1/", "::1", 1, "sha256//x="}, out);
        }) == R"("url":"wss://[::1]:1/","address":"::1","port":1,"pin":"sha256//x=")");
}

TEST_CASE("head: its first line and its fields, without secrets") {
  CHECK(event("head",
              [](std::string& out) {
                view::append_head(stamp, Direction::out,
                                  "GET /a HTTP/1.1\r\nHost: \"x\"\r\ncookie: a=b\r\n c=d\r\nX:1\r\nX:2\r\n\r\n", out);
              }) == R"("dir":"out","line":"GET /a HTTP/1.1",)"
                    R"("headers":[["Host","\"x\""],["cookie","***"],["X","1"],["X","2"]])");
}

TEST_CASE("tls: what was agreed on, and the chain of certificates") {
  const auto agreed = [](const tls::Session& session) {
    return event("tls", [&](std::string& out) { view::append_tls(stamp, session, out); });
  };
  tls::Session session{"TLSv1.3", "TLS_AES_256_GCM_SHA384", "", {}, ""};
  CHECK(agreed(session) ==
        R"("version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384","alpn":null,"pin":null,"chain":[])");
  session.protocol = "http/1.1";
  session.pin = "sha256//x=";
  session.chain = {{"CN=a", "CN=\"b\"", {"a.example", "::1"}, "2026-01-01 00:00:00 UTC", "2027-01-01 00:00:00 UTC"},
                   {"CN=\"b\"", "CN=c", {}, "x", "y"}};
  CHECK(agreed(session) == R"("version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384","alpn":"http/1.1",)"
                           R"("pin":"sha256//x=","chain":[{"subject":"CN=a","issuer":"CN=\"b\"",)"
                           R"("names":["a.example","::1"],"not_before":"2026-01-01 00:00:00 UTC",)"
                           R"("not_after":"2027-01-01 00:00:00 UTC"},{"subject":"CN=\"b\"","issuer":"CN=c",)"
                           R"("names":[],"not_before":"x","not_after":"y"}])");
}

TEST_CASE("timing: null for what there was not") {
  CHECK(event("timing", [](std::string& out) {
          view::append_timing(stamp, {.tcp = 1500us, .tls = 20ms, .upgrade = 1us}, out);
        }) == R"("dns_ms":null,"tcp_ms":1.500,"proxy_ms":null,"tls_ms":20.000,"upgrade_ms":0.001)");
}

TEST_CASE("refused: by whom it was asked, as far as that was said") {
  const auto refused = [](const view::RefusedView& what) {
    return event("refused", [&](std::string& out) { view::append_refused(stamp, what, out); });
  };
  CHECK(refused({"127.0.0.1:80", 403, "https://evil.example", "h:8080", "why"}) ==
        R"("peer":"127.0.0.1:80","status":403,"origin":"https://evil.example","host":"h:8080","message":"why")");
  CHECK(refused({"", 400, std::nullopt, std::nullopt, "\"why\""}) ==
        R"("peer":"","status":400,"origin":null,"host":null,"message":"\"why\"")");
  CHECK(refused({"", 403, "", "", ""}) == R"("peer":"","status":403,"origin":"","host":"","message":"")");
}

TEST_CASE("connecting") {
  CHECK(event("connecting", [](std::string& out) {
          view::append_connecting(stamp, "ws://localhost/chat", "[::1]:80", out);
        }) == R"("url":"ws://localhost/chat","address":"[::1]:80")");
}

TEST_CASE("open") {
  const auto opened = [](const view::OpenView& open) {
    return event("open", [&](std::string& out) { view::append_open(stamp, open, out); });
  };
  view::OpenView open;
  open.url = "ws://localhost/";
  open.peer = "127.0.0.1:80";
  CHECK(opened(open) ==
        R"("url":"ws://localhost/","protocol":null,"extensions":[],"status":101,"headers":[],"peer":"127.0.0.1:80")");
  open.target = "/a?b=\"c\"";
  CHECK(opened(open).starts_with(R"("url":"ws://localhost/","target":"/a?b=\"c\"","protocol":null,)"));
  open.target = {};
  const http::Headers headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
  open.subprotocol = "chat";
  open.extensions = "permessage-deflate; client_no_context_takeover, x";
  open.headers = &headers;
  CHECK(opened(open) == R"("url":"ws://localhost/","protocol":"chat",)"
                        R"("extensions":["permessage-deflate; client_no_context_takeover","x"],"status":101,)"
                        R"("headers":[["Upgrade","websocket"],["Connection","Upgrade"]],"peer":"127.0.0.1:80")");
  const http::Headers secrets = {{"authorization", "Basic x"}, {"Cookie", "a=b"}, {"X-Api-Key", "k"}, {"X", "1"}};
  open.headers = &secrets;
  CHECK(opened(open).find(R"("headers":[["authorization","***"],["Cookie","***"],["X-Api-Key","***"],["X","1"]])") !=
        std::string::npos);
  open.with_secrets = true;
  CHECK(opened(open).find(R"(["Cookie","a=b"])") != std::string::npos);
}

TEST_CASE("incomplete") {
  const std::string text = event("incomplete", [](std::string& out) {
    view::append_incomplete(stamp, Direction::out, {ws::Opcode::binary, 7}, out);
  });
  CHECK(text == R"("dir":"out","type":"binary","length":7)");
}
