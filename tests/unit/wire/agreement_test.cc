#include "wire/agreement.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

TEST_CASE("a 101 tells what was agreed on for compression") {
  const auto agreed = [](const std::string& fields, const std::string& line = "HTTP/1.1 101 Switching Protocols") {
    return wire::agreed_deflate(line + "\r\n" + fields + "\r\n\r\n");
  };
  CHECK(agreed("sec-websocket-extensions: permessage-deflate") == ws::DeflateParameters{});
  CHECK(agreed("Sec-WebSocket-Extensions:\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10;"
               " client_no_context_takeover") ==
        ws::DeflateParameters{.client_no_context_takeover = true, .server_max_window_bits = std::uint8_t{10}});
  CHECK_FALSE(agreed("Upgrade: websocket").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: x-other").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: permessage-deflate, x-other").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: permessage-deflate; x=1").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: ;").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: permessage-deflate", "HTTP/1.1 200 OK").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: permessage-deflate", "GET / HTTP/1.1").has_value());
  CHECK_FALSE(agreed("Sec-WebSocket-Extensions: permessage-deflate", "SSH-2.0").has_value());
  CHECK_FALSE(wire::agreed_deflate("HTTP/1.1 101 x\r\nSec-WebSocket-Extensions: permessage-deflate\r\n").has_value());
}
