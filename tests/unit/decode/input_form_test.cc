#include "decode/input_form.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace std::string_literals;
using decode::InputKind;

namespace {

InputKind detect(std::string_view begin) {
  const auto kind = decode::detect(base::as_bytes(begin));
  REQUIRE(kind.ok());
  return *kind;
}

}  // namespace

TEST_CASE("an input is what it looks like") {
  CHECK(detect("81 05 48") == InputKind::hex);
  CHECK(detect("00000000: 8105  ..\n") == InputKind::hex);
  CHECK(detect("> TEXT fin len=5\n  0000  81   |.|\n        … 4 more bytes\n") == InputKind::hex);
  CHECK(detect("gQVIZWxsbw==") == InputKind::base64);
  CHECK(detect("  {\"event\":\"open\"}") == InputKind::json);
  CHECK(detect("{ 0x81, 0x05 };") == InputKind::hex);
  CHECK(detect("\x81\x05Hello") == InputKind::raw);
  CHECK(detect("\x01\x05Hello") == InputKind::raw);
  CHECK(detect("GET / HTTP/1.1\r\n") == InputKind::raw);
  CHECK(detect("HTTP/1.1 101 OK\r\n\r\n\x81\x05Hello") == InputKind::raw);
  CHECK(detect("") == InputKind::raw);
  CHECK(detect("\xd4\xc3\xb2\xa1\x02\x00") == InputKind::pcap);
  CHECK(detect("\x0a\x0d\x0d\x0a") == InputKind::pcap);
  CHECK(detect("{\"log\":{}}") == InputKind::har);
  CHECK(detect("\xef\xbb\xbf {\n  \"log\" : {") == InputKind::har);
  CHECK(detect("{\"event\":\"log\"}") == InputKind::json);
}

TEST_CASE("another text is none, and why") {
  const auto kind = decode::detect(base::as_bytes("81 85\nhello there!\n"));
  REQUIRE_FALSE(kind.ok());
  CHECK(kind.error().message == "2:1: \"h\" is no hexadecimal digit; nor is it base64, JSON or bytes");
}

TEST_CASE("of a long input, the end of what was looked at means nothing") {
  std::string digits;
  while (digits.size() < decode::looked_at) digits += "810";
  CHECK(detect(std::string_view(digits).substr(0, decode::looked_at)) == InputKind::hex);
}
