#include "check/evidence_log.h"

#include <doctest/doctest.h>

#include <chrono>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

namespace {

const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string upgrade = "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n";

struct Log {
  EvidenceLog log{Role::server, "ws://a/", {}};
  Heard heard{Role::server};

  void sent(const std::string& bytes) { log.sent(base::as_bytes(bytes), {}); }
  void received(const std::string& bytes) {
    log.received(base::as_bytes(bytes), {});
    heard.receive(base::as_bytes(bytes), {});
  }
  std::string text() {
    static const Row row{"x.y", "S M", "5.5", "a frame", "failed, 1002"};
    static const Case about{nullptr, &row, "x.y", ""};
    Result result;
    result.about = &about;
    result.verdict = Verdict::fail;
    result.seen = "still alive";
    log.end(result, heard, {});
    return log.take_text();
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a connection is told as a recording, from its heads to what came of it") {
  Log log;
  log.sent(request);
  log.received(upgrade);
  log.sent(test::frame(1, "hel", false));
  log.sent(test::frame(0, "lo"));
  log.received(test::frame(9, "x"));
  log.received(test::close_frame(1002, "bad"));
  const std::string text = log.text();
  CHECK(text.starts_with(
      R"({"event":"recording","time":"1970-01-01T00:00:00.000000Z","conn":0,"version":1,"by":"wscope )"));
  CHECK(has(text, R"("conn":1,"dir":"out","line":"GET / HTTP/1.1","headers":[["Host","a"]]})"));
  CHECK(has(text, R"({"event":"open",)"));
  CHECK(has(text, R"("dir":"out","opcode":1,"fin":false,"rsv":0,"masked":false,"length":3,"hex":"010368656c"})"));
  CHECK(has(text, R"("dir":"out","data":"hello"})"));
  CHECK(has(text, R"({"event":"ping","time":"1970-01-01T00:00:00.000000Z","conn":1,"dir":"in","data":"x"})"));
  CHECK(has(text, R"("dir":"in","code":1002,"name":"protocol error","reason":"bad"})"));
  CHECK(has(text, R"("code":1002,"reason":"bad","clean":false,"initiator":"remote"})"));
  CHECK(text.ends_with(
      "\"ok\":false,\"expected\":\"failed, 1002\",\"elapsed_ms\":0.000,\"message\":\"still alive, for a frame\"}\n"));
}

TEST_CASE("what is not as it should be is told as bytes") {
  Log log;
  log.sent("GET / HTTP/1.1\nHost: a\n\n");
  log.received(upgrade);
  log.sent(test::frame(1, "\xff"));
  log.sent(test::frame(1, "x", true, 2));
  log.sent(std::string("\x82\x7e\x01\x00zz", 6));
  log.received("\x81");
  const std::string text = log.text();
  CHECK(has(text, R"("line":"GET / HTTP/1.1","headers":[["Host","a"]],"hex":"474554202f20485454502f312e310a)"));
  CHECK(has(text, R"("hex":"8101ff"})"));
  CHECK(!has(text, R"("event":"text")"));
  CHECK(has(text, R"("opcode":2,"fin":true,"rsv":0,"masked":false,"length":256,"hex":"827e01007a7a"})"));
  CHECK(has(text, R"({"event":"cut","time":"1970-01-01T00:00:00.000000Z","conn":1,"dir":"in","hex":"81"})"));
}

TEST_CASE("secrets are not told") {
  Log log;
  log.sent("GET / HTTP/1.1\nAuthorization: Bearer abc\n\n");
  const std::string text = log.text();
  CHECK(has(text, R"(["Authorization","***"])"));
  CHECK(!has(text, "abc"));
  CHECK(!has(text, "hex"));
}

TEST_CASE("a refusal is told with its body, and what follows on the connection") {
  Log log;
  log.sent(request);
  log.received("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
  log.sent("GET /b HTTP/1.1\r\n\r\n");
  log.received("HTTP/1.1 204 No Content\r\n\r\n");
  const std::string text = log.text();
  CHECK(has(text, R"("line":"GET /b HTTP/1.1")"));
  CHECK(has(text, R"("line":"HTTP/1.1 204 No Content")"));
  CHECK(has(text, R"({"event":"error")"));
  CHECK(has(text, R"("status":400,)"));
  CHECK(has(text, R"("body":"no"})"));
}

TEST_CASE("of what is large not all is kept") {
  Log log;
  log.sent(request);
  log.received(upgrade);
  for (int i = 0; i < 40; ++i) log.sent(test::frame(2, std::string(100000, 'x')));
  const std::string text = log.text();
  CHECK(text.size() > (std::size_t{4} << 20));
  CHECK(text.size() < (std::size_t{5} << 20));
  CHECK(has(text, R"({"event":"expect")"));
}
