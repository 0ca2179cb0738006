#include "check/answer_draft.h"

#include <doctest/doctest.h>

using namespace wscope::check;
using wscope::http::RequestHead;

namespace {

RequestHead request() {
  RequestHead head{"GET", "/case", {}, {}};
  head.headers = {
      {"Host", "here:1"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, {"Sec-WebSocket-Protocol", "chat, talk"}};
  return head;
}

// The answer after the steps of this program.
std::string after(std::string_view program, int status = 101) {
  AnswerDraft draft;
  const auto steps = parse_program(program);
  for (const Step& step : *steps) CHECK(draft.change(step));
  return draft.text(request(), status, false);
}

bool has(const std::string& text, std::string_view line) {
  return text.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the answer begins as the right one") {
  CHECK(after("") ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n");
}

TEST_CASE("its fields are set, added and dropped") {
  CHECK(has(after("set Sec-WebSocket-Accept: \\x20{accept}\\x20"),
            "Sec-WebSocket-Accept:  s3pPLMBiTxaQ9kYGzzhZRbK+xOo= "));
  CHECK(has(after("set Sec-WebSocket-Accept: {other-case}"), "Sec-WebSocket-Accept: S3PplmbItXAq9KygZZHzrBk+XoO="));
  CHECK(has(after("set Sec-WebSocket-Protocol: {protocol}, x"), "Sec-WebSocket-Protocol: chat, x"));
  CHECK(!has(after("drop upgrade"), "Upgrade: websocket"));
  const std::string twice = after("also Sec-WebSocket-Accept: {accept}");
  CHECK(twice.find("Accept") != twice.rfind("Accept"));
  CHECK(has(after("lower"), "upgrade: websocket"));
  CHECK(after("filler 70000").size() > 70000);
}

TEST_CASE("something may stand in front of it, and behind") {
  CHECK(after("before HTTP/1.1 103 Early Hints\\r\\n\\r\\n")
            .starts_with("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 "));
  CHECK(after("body hello").ends_with("\r\n\r\nhello"));
  CHECK(after("line HTTP/1.1 101").starts_with("HTTP/1.1 101\r\n"));
}

TEST_CASE("a refusal has what its status calls for") {
  CHECK(has(after("", 404), "Content-Length: 0"));
  CHECK(has(after("", 404), "Connection: close"));
  CHECK(!has(after("", 404), "Upgrade: websocket"));
  CHECK(has(after("", 426), "Upgrade: websocket"));
  CHECK(has(after("", 401), "WWW-Authenticate: Basic realm=\"wscope\""));
  CHECK(has(after("", 301), "Location: ws://here:1/case?redirected=1"));
}

TEST_CASE("the extension that was agreed on is in it") {
  AnswerDraft draft;
  draft.agree("permessage-deflate");
  CHECK(has(draft.text(request(), 101, false), "Sec-WebSocket-Extensions: permessage-deflate"));
}

TEST_CASE("other steps are not about the answer") {
  AnswerDraft draft;
  CHECK(!draft.change({.verb = Verb::frame}));
  CHECK(!draft.change({.verb = Verb::method, .text = "POST"}));
}
