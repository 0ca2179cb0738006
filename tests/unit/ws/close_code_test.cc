#include "ws/close_code.h"

#include <doctest/doctest.h>

using namespace wscope::ws;

TEST_CASE("exactly the codes of section 7.4 may appear in a frame") {
  for (unsigned value = 0; value <= 0xffff; ++value) {
    const bool registered = (value >= 1000 && value <= 1014) && value != 1004 && value != 1005 && value != 1006;
    const bool expected = registered || (value >= 3000 && value < 5000);
    CAPTURE(value);
    REQUIRE(CloseCode{static_cast<std::uint16_t>(value)}.may_appear_in_frame() == expected);
  }
}

TEST_CASE("codes have the names of the registry") {
  constexpr struct {
    std::uint16_t value;
    std::string_view name;
  } rows[] = {
      {0, "unknown"},
      {999, "unknown"},
      {1000, "OK"},
      {1001, "going away"},
      {1002, "protocol error"},
      {1003, "unsupported data"},
      {1004, "unknown"},
      {1005, "no status"},
      {1006, "abnormal close"},
      {1007, "invalid frame payload data"},
      {1008, "policy violation"},
      {1009, "message too big"},
      {1010, "mandatory extension"},
      {1011, "internal error"},
      {1012, "service restart"},
      {1013, "try again later"},
      {1014, "bad gateway"},
      {1015, "TLS handshake failure"},
      {1016, "unknown"},
      {2999, "unknown"},
      {3000, "registered"},
      {3999, "registered"},
      {4000, "private use"},
      {4999, "private use"},
      {5000, "unknown"},
      {65535, "unknown"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.value);
    CHECK(name(CloseCode{row.value}) == row.name);
  }
}

TEST_CASE("a record says in which order both sides closed") {
  const Close normal{close_code::normal, "bye"};
  const Close empty;
  CloseRecord record;
  CHECK(describe(record) == "no close frame received or sent");
  CHECK(record.code() == close_code::abnormal);
  CHECK_FALSE(record.clean());

  record.sent = normal;
  CHECK(describe(record) == "sent 1000 (OK) bye; no close frame received");
  CHECK(record.code() == close_code::abnormal);
  CHECK_FALSE(record.clean());

  record.received = empty;
  CHECK(describe(record) == "sent 1000 (OK) bye; then received 1005 (no status)");
  CHECK(record.code() == close_code::no_status);
  CHECK(record.clean());

  record.received_first = true;
  CHECK(describe(record) == "received 1005 (no status); then sent 1000 (OK) bye");

  record.sent.reset();
  CHECK(describe(record) == "received 1005 (no status); no close frame sent");
  CHECK_FALSE(record.clean());
}
