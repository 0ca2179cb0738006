#include "capture/endpoint.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace wscope;
using capture::Endpoint;

namespace {

std::string v6(std::initializer_list<unsigned> groups) {
  Endpoint endpoint{{}, 9001, true};
  std::size_t at = 0;
  for (const unsigned group : groups) {
    endpoint.address[at++] = static_cast<std::byte>(group >> 8);
    endpoint.address[at++] = static_cast<std::byte>(group & 0xff);
  }
  return capture::to_text(endpoint);
}

}  // namespace

TEST_CASE("addresses are written as people do") {
  Endpoint endpoint{{std::byte{127}, std::byte{0}, std::byte{0}, std::byte{255}}, 80, false};
  CHECK(capture::to_text(endpoint) == "127.0.0.255:80");
  CHECK(v6({0, 0, 0, 0, 0, 0, 0, 1}) == "[::1]:9001");
  CHECK(v6({0, 0, 0, 0, 0, 0, 0, 0}) == "[::]:9001");
  CHECK(v6({0x2001, 0xdb8, 0, 0, 1, 0, 0, 1}) == "[2001:db8::1:0:0:1]:9001");
  CHECK(v6({0x2001, 0xdb8, 0, 1, 1, 1, 1, 1}) == "[2001:db8:0:1:1:1:1:1]:9001");
  CHECK(v6({0xfe80, 0, 0, 0, 0, 0, 0, 0}) == "[fe80::]:9001");
  CHECK(v6({1, 2, 3, 4, 5, 6, 0, 0}) == "[1:2:3:4:5:6::]:9001");
  CHECK(v6({1, 0, 0, 4, 0, 0, 0, 8}) == "[1:0:0:4::8]:9001");
}
