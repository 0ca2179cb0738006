// The server's end of a case, on a clock of its own.
#include <doctest/doctest.h>

#include "fake_client.h"

using namespace wscope;
using namespace std::string_literals;
using check::Result;
using check::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::client_close;
using test::client_frame;
using test::FakeClient;
using test::request_of_client;

namespace {

const std::string deflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

std::string hang_up(const std::string&) { return "END"; }

}  // namespace

TEST_CASE("a client is answered rightly, and the case goes on behind that") {
  FakeClient client;
  CHECK(client.run("ping hello | ponged hello").verdict == Verdict::pass);
  CHECK(client.answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(client.answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
  CHECK(client.answer.find("Extensions") == std::string::npos);
  CHECK(client.took < seconds(1));
  CHECK(client.run("text fill:1000 | echoed").verdict == Verdict::pass);
}

TEST_CASE("frames to a client have no mask unless the case is about that") {
  FakeClient client;
  bool masked = false;
  client.on_frame = [&masked](const wire::Frame& frame) {
    masked = masked || frame.mask.has_value();
    return test::proper_client(frame);
  };
  static_cast<void>(client.run("ping hello | ponged hello"));
  CHECK(!masked);
  static_cast<void>(client.run("text mask=yes hello | closed"));
  CHECK(masked);
}

TEST_CASE("a client that does not offer the extension is left out, and let go") {
  FakeClient client;
  client.marks = "C Md";
  const Result result = client.run("compressed text hello | echoed");
  CHECK(result.verdict == Verdict::skip);
  CHECK(result.seen == "permessage-deflate is not offered");
  CHECK(client.answer.starts_with("HTTP/1.1 101"));
}

TEST_CASE("one that does is agreed with, and what it compresses is read") {
  FakeClient client;
  client.marks = "C Md";
  client.request = request_of_client(deflate);
  // "Hello", as RFC 7692 section 7.2.3.1 has it.
  client.on_frame = [](const wire::Frame& frame) {
    if (frame.opcode != 1) return test::proper_client(frame);
    return client_frame(1, "\xf2\x48\xcd\xc9\xc9\x07\0"s.substr(0, 7), true, 4);
  };
  CHECK(client.run("compressed text Hello | echoed").verdict == Verdict::pass);
  CHECK(client.answer.find("Sec-WebSocket-Extensions: permessage-deflate\r\n") != std::string::npos);
  CHECK(client.run("compressed text Hallo | echoed").verdict == Verdict::fail);
}

TEST_CASE("what a case says of a server's handshake is another agreement for a client") {
  FakeClient client;
  client.marks = "C Md";
  client.request = request_of_client(deflate);
  static_cast<void>(
      client.run("offer permessage-deflate; server_no_context_takeover | ask | open | reply agreed snct | "
                 "ping hello | ponged hello"));
  CHECK(client.answer.find("permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n") !=
        std::string::npos);
}

TEST_CASE("a wrong answer has to be rejected") {
  const std::string program = "asked | set Sec-WebSocket-Accept: x | answer | rejected";
  FakeClient client;
  const Result opened = client.run(program);
  CHECK(opened.verdict == Verdict::fail);
  CHECK(opened.seen == "it opened: it answers a Ping");
  CHECK(client.answer.find("Sec-WebSocket-Accept: x\r\n") != std::string::npos);
  client.on_answer = hang_up;
  CHECK(client.run(program).verdict == Verdict::pass);
  client.on_answer = [](const std::string&) { return client_close(1002); };
  CHECK(client.run(program).verdict == Verdict::pass);
  client.on_answer = [](const std::string&) { return client_close(1000); };
  CHECK(client.run(program).verdict == Verdict::fail);
  client.on_answer = [](const std::string&) { return std::string(); };
  client.on_frame = [](const wire::Frame&) { return std::string(); };
  const Result hangs = client.run(program);
  CHECK(hangs.verdict == Verdict::fail);
  CHECK(client.took >= seconds(3));
}

TEST_CASE("a refusal is no opening, and ends what we send") {
  FakeClient client;
  client.on_answer = hang_up;
  CHECK(client.run("asked | answer 404 | fin | rejected").verdict == Verdict::pass);
  CHECK(client.answer.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(client.answer.find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(client.half_closed);
  client.on_answer = [](const std::string&) { return client_frame(1, "hello"); };
  const Result opened = client.run("asked | answer 404 | rejected");
  CHECK(opened.verdict == Verdict::fail);
  CHECK(opened.seen == "it opened: it sends messages");
}

TEST_CASE("a client waits for the answer") {
  FakeClient client;
  CHECK(client.run("asked | silent 500 | answer | ignored").verdict == Verdict::pass);
  CHECK(client.answered_after >= milliseconds(500));
  client.request = request_of_client() + client_frame(9, "early");
  const Result early = client.run("asked | silent 500 | answer | ignored");
  CHECK(early.verdict == Verdict::fail);
  CHECK(early.seen == "11 bytes before it was answered");
}

TEST_CASE("a redirect is followed or not") {
  FakeClient client;
  client.on_answer = hang_up;
  CHECK(client.run("asked | answer 301 | fin | tell-redirect").seen == "not followed");
  CHECK(client.answer.find("Location: ws://here/case?redirected=1\r\n") != std::string::npos);
  client.others = 1;
  const Result followed = client.run("asked | answer 307 | tell-redirect");
  CHECK(followed.seen == "followed");
  CHECK(followed.verdict == Verdict::info);
}

TEST_CASE("a client may be told to take or to leave an answer") {
  FakeClient client;
  const std::string program = "asked | answer | may-reject | text hello | echoed";
  CHECK(client.run(program).verdict == Verdict::pass);
  client.on_answer = hang_up;
  CHECK(client.run(program).verdict == Verdict::pass);
  CHECK(client.run("asked | answer | tell-open").seen == "it failed the connection");
  client.on_answer = [](const std::string&) { return std::string(); };
  CHECK(client.run("asked | answer | tell-open").seen == "open");
}

TEST_CASE("a server ends TCP once both have said Close") {
  FakeClient client;
  CHECK(client.run("close 1000 | closes").verdict == Verdict::pass);
  CHECK(client.took < milliseconds(100));
}
