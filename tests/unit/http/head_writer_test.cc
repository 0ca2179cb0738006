#include "http/head_writer.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope::http;
using wscope::base::as_bytes;
using wscope::base::ErrorKind;

namespace {

RequestHead get(std::string target) { return {"GET", std::move(target), {}, {}}; }

RequestHead with_field(std::string name, std::string value) {
  RequestHead head = get("/");
  head.headers.add(std::move(name), std::move(value));
  return head;
}

template <typename Head>
std::string fault(const Head& head) {
  const auto text = write_head(head);
  if (text) return "none";
  return text.error().kind == ErrorKind::usage ? text.error().message : "wrong kind of error";
}

}  // namespace

TEST_CASE("a request head is written line by line") {
  RequestHead head = get("/chat?a=b");
  head.headers = {{"Host", "h:81"}, {"X", ""}, {"x", "a\tb \xc3\xa4"}};
  CHECK(*write_head(head) == "GET /chat?a=b HTTP/1.1\r\nHost: h:81\r\nX: \r\nx: a\tb \xc3\xa4\r\n\r\n");
  CHECK(*write_head(RequestHead{"OPTIONS", "*", {1, 0}, {}}) == "OPTIONS * HTTP/1.0\r\n\r\n");
}

TEST_CASE("a response head is written line by line") {
  const ResponseHead head{101, "Switching Protocols", {}, {{"Upgrade", "websocket"}}};
  CHECK(*write_head(head) == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
  CHECK(*write_head(ResponseHead{599, "", {1, 0}, {}}) == "HTTP/1.0 599 \r\n\r\n");
}

TEST_CASE("nothing can be injected through a header") {
  CHECK(fault(with_field("X", "a\r\nY: b")) == "the value of header X holds a control character");
  CHECK(fault(with_field("X", "a\nb")) == "the value of header X holds a control character");
  CHECK(fault(with_field("X", std::string(1, '\0'))) == "the value of header X holds a control character");
  CHECK(fault(with_field("X", "\x7f")) == "the value of header X holds a control character");
  for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4"}) {
    CHECK(fault(with_field(name, "v")) == "a header name is empty or holds a character not allowed there");
  }
}

TEST_CASE("nothing can be injected through a start line") {
  CHECK(fault(RequestHead{"GET /", "/", {}, {}}) == "the request method is not a token");
  CHECK(fault(RequestHead{"", "/", {}, {}}) == "the request method is not a token");
  for (const char* target : {"", "/ HTTP/1.1", "/\r\nX: y", "/\xc3\xa4", "/\x7f"}) {
    CHECK(fault(get(target)) == "the request target is empty or holds a character not allowed there");
  }
  CHECK(fault(ResponseHead{200, "OK\r\nX: y", {}, {}}) == "the reason phrase holds a control character");
}

TEST_CASE("numbers that do not fit their digits are refused") {
  CHECK(fault(ResponseHead{99, "", {}, {}}) == "the response status is not in 100 to 599");
  CHECK(fault(ResponseHead{600, "", {}, {}}) == "the response status is not in 100 to 599");
  CHECK(fault(ResponseHead{200, "", {10, 0}, {}}) == "an HTTP version has one digit on each side");
  CHECK(fault(RequestHead{"GET", "/", {1, 10}, {}}) == "an HTTP version has one digit on each side");
}

TEST_CASE("a chunk has its size before it, and an empty one is not written") {
  CHECK(write_chunk(as_bytes("hello")) == "5\r\nhello\r\n");
  CHECK(write_chunk(as_bytes(std::string(0xabc, 'x'))).starts_with("abc\r\nxxx"));
  CHECK(write_chunk({}) == "");
  CHECK(last_chunk == "0\r\n\r\n");
}
