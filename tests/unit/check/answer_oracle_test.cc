// Of the opening handshake.
#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using check::Result;
using check::Verdict;
using test::FakeServer;

namespace {

FakeServer answering(const std::string& answer) {
  FakeServer server;
  server.answer = [answer](const std::string& request) { return answer.empty() ? test::upgrade(request) : answer; };
  return server;
}

std::string status(const std::string& line, const std::string& fields = "") {
  return "HTTP/1.1 " + line + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
}

Verdict verdict_of(const std::string& answer, std::string_view program) {
  return answering(answer).run(program).verdict;
}

}  // namespace

TEST_CASE("a refusal is a 4xx, or else worth a warning; a 101 is none") {
  CHECK(verdict_of(status("400 Bad Request"), "ask | refused") == Verdict::pass);
  CHECK(verdict_of(status("426 Upgrade Required"), "ask | refused") == Verdict::pass);
  CHECK(verdict_of(status("500 Error"), "ask | refused") == Verdict::warn);
  CHECK(verdict_of(status("200 OK"), "ask | refused") == Verdict::warn);
  CHECK(verdict_of("END", "ask | refused") == Verdict::warn);
  CHECK(verdict_of("SSH-2.0\r\n", "ask | refused") == Verdict::warn);
  CHECK(verdict_of("", "ask | refused") == Verdict::fail);
  CHECK(verdict_of("HTTP/1.1 4", "ask | refused") == Verdict::fail);  // nothing more comes
  CHECK(verdict_of(status("404 Not Found"), "ask | refused 400") == Verdict::warn);
  CHECK(verdict_of(status("501 Not Implemented"), "ask | refused 400 501") == Verdict::pass);
  CHECK(verdict_of(status("404 Not Found"), "ask | refused 4 505") == Verdict::pass);
}

TEST_CASE("where no 101 may come, anything else may") {
  CHECK(verdict_of("", "ask | not-opened") == Verdict::fail);
  CHECK(verdict_of(status("200 OK"), "ask | not-opened") == Verdict::pass);
  CHECK(verdict_of("END", "ask | not-opened") == Verdict::pass);
}

TEST_CASE("where it may be refused, the case goes on behind a 101") {
  CHECK(verdict_of(status("400 Bad Request"), "ask | may-refuse | ignored") == Verdict::pass);
  CHECK(verdict_of(status("500 Error"), "ask | may-refuse | ignored") == Verdict::warn);
  CHECK(verdict_of("", "ask | may-refuse | ignored") == Verdict::pass);
  CHECK(verdict_of("END", "ask | may-refuse | ignored") == Verdict::warn);
}

TEST_CASE("the answer is told") {
  const Result told =
      answering("HTTP/1.1 100 Continue\r\n\r\n" + status("200 OK", "Content-Type: text/plain\r\n")).run("ask | told");
  CHECK(told.verdict == Verdict::info);
  CHECK(told.seen == "100, then 200 OK, text/plain");
  CHECK(answering("END").run("ask | either").seen == "closed without an answer");
}

TEST_CASE("a 101 has what it needs") {
  CHECK(verdict_of("", "ask | basic") == Verdict::pass);
  const std::string no_upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n";
  CHECK(answering(no_upgrade).run("ask | basic").seen == "101 without Upgrade: websocket");
  const std::string wrong =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: x, upgrade\r\nSec-WebSocket-Accept: "
      "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  CHECK(answering(wrong).run("ask | basic").seen == "101 with a wrong Sec-WebSocket-Accept");
  CHECK(verdict_of(wrong, "ask | open") == Verdict::pass);  // one fault, one case
  CHECK(verdict_of(wrong, "set Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | ask | open | reply accept") ==
        Verdict::pass);
}

TEST_CASE("an answer that does not end is not waited for without end") {
  FakeServer server = answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(server.run("ask | refused").verdict == Verdict::pass);
  CHECK(server.took() < std::chrono::seconds(1));
}
