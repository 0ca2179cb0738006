#include "check/transcript.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;

TEST_CASE("heads and frames of both sides are written down, and what is not whole") {
  check::Transcript transcript;
  transcript.sent(base::as_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), {});
  transcript.received(base::as_bytes("HTTP/1.1 101 OK\r\n\r\n"), {});
  transcript.received(base::as_bytes(test::frame(9, "hello") + "\x81"), {});
  transcript.end();
  const std::string text = transcript.take_text();
  CAPTURE(text);
  CHECK(text.find("> GET / HTTP/1.1\n> Host: x\n") == 0);
  CHECK(text.find("< HTTP/1.1 101 OK\n") != std::string::npos);
  CHECK(text.find("< PING fin len=5") != std::string::npos);
  CHECK(text.find("< not whole\n") != std::string::npos);
  CHECK(transcript.take_text().empty());
}
