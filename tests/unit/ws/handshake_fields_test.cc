#include "ws/handshake_fields.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

http::Headers given(const http::Headers& fields) {
  http::Headers headers;
  for (const http::Field& field : fields) ws::add_given(headers, field);
  return headers;
}

}  // namespace

TEST_CASE("a field is made unless it is given or left out") {
  CHECK(ws::is_made("Host", {{"X", ""}}, {"Y"}));
  CHECK_FALSE(ws::is_made("Host", {{"HOST", ""}}, {}));
  CHECK_FALSE(ws::is_made("Host", {}, {"host"}));
}

TEST_CASE("what means nothing when it is repeated is there once, with its last value") {
  for (const char* name : {"Host", "Origin", "Authorization", "User-Agent", "Sec-WebSocket-Key", "Sec-WebSocket-Accept",
                           "Sec-WebSocket-Version"}) {
    CHECK(given({{name, "1"}, {"X", "y"}, {http::in_lower_case(name), "2"}}) == http::Headers{{name, "2"}, {"X", "y"}});
  }
}

TEST_CASE("a list is there once, with all its values") {
  for (const char* name : {"Upgrade", "Connection", "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"}) {
    CHECK(given({{name, "1"}, {"X", "y"}, {http::in_lower_case(name), "2"}}) ==
          http::Headers{{name, "1, 2"}, {"X", "y"}});
  }
  CHECK(given({{"Cookie", "a=b"}, {"Cookie", "c=d"}}) == http::Headers{{"Cookie", "a=b; c=d"}});
  CHECK(given({{"Cookie", ""}, {"Cookie", "c=d"}, {"Cookie", ""}}) == http::Headers{{"Cookie", "c=d"}});
}

TEST_CASE("anything else is as often there as it is given") {
  const http::Headers fields = {{"A", "1"}, {"a", "2"}, {"Set-Cookie", "x"}, {"Set-Cookie", "y"}};
  CHECK(given(fields) == fields);
}
