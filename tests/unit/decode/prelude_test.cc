#include "decode/prelude.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using namespace std::string_literals;
using decode::Prelude;
using decode::read_meaning;

namespace {

Prelude recognize(std::string_view text) { return decode::recognize(base::as_bytes(text)); }

}  // namespace

TEST_CASE("what a stream is shows as soon as it can be nothing else") {
  CHECK(recognize("") == Prelude::undecided);
  CHECK(recognize("\x81") == Prelude::frames);
  CHECK(recognize("G") == Prelude::undecided);
  CHECK(recognize("GET ") == Prelude::undecided);
  CHECK(recognize("GET /") == Prelude::head);
  CHECK(recognize("GET h") == Prelude::head);
  CHECK(recognize("GET \x01") == Prelude::frames);
  CHECK(recognize("HTTP/1") == Prelude::undecided);
  CHECK(recognize("HTTP/1.1") == Prelude::head);
  CHECK(recognize("PRI * HT") == Prelude::http2);
  CHECK(recognize("\x16\x03\x01\x02\x00"s) == Prelude::undecided);
  CHECK(recognize("\x16\x03\x01\x02\x00\x01"s) == Prelude::tls);
  CHECK(recognize("\x16\x03\x01\x02\x00\x07"s) == Prelude::frames);
}

TEST_CASE("a head tells a role, and what was agreed on") {
  const auto response = read_meaning(
      "HTTP/1.1 101 OK\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n\r\n");
  CHECK(response.sender == ws::Role::server);
  REQUIRE(response.deflate.has_value());
  CHECK(response.deflate->server_max_window_bits == 10);
  const auto request = read_meaning(
      "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8"
      "\r\n\r\n");
  CHECK(request.sender == ws::Role::client);
  CHECK(request.deflate == ws::DeflateParameters());
  CHECK_FALSE(read_meaning("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n").deflate.has_value());
  CHECK(read_meaning("HTTP/1.1 100 Continue\r\n\r\n").is_interim);
}

TEST_CASE("a head without frames behind it says what it is") {
  const auto refused = read_meaning("HTTP/1.1 404 No\x1b\r\n\r\n");
  REQUIRE(refused.foreign.has_value());
  CHECK(refused.foreign->what.find('\x1b') == std::string::npos);
  CHECK(read_meaning("GET / HTTP/1.1\r\n\r\n").foreign.has_value());
  CHECK(read_meaning("HTTP/1.1 x\r\n\r\n").foreign.has_value());
}
