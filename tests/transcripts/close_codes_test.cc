// Which close codes may travel, in both directions (RFC 6455 section 7.4, IANA's registry).
#include <doctest/doctest.h>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::Status;

struct CodeRange {
  unsigned from;
  unsigned to;
  bool may_travel;
};
// Without a gap.
constexpr CodeRange ranges[] = {{0, 999, false},     {1000, 1003, true}, {1004, 1006, false}, {1007, 1014, true},
                                {1015, 2999, false}, {3000, 4999, true}, {5000, 65535, false}};

std::string close_payload(unsigned code, std::string_view reason) {
  return std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)}.append(reason);
}

TEST_CASE("K17 K18 every close code is sent or refused as its range says") {
  unsigned next = 0;
  for (const CodeRange& range : ranges) {
    CHECK(range.from == next);
    for (unsigned code = range.from; code <= range.to; ++code) {
      CAPTURE(code);
      Endpoint endpoint(Role::server);
      const Status status = endpoint->close(start, ws::CloseCode{static_cast<std::uint16_t>(code)});
      CHECK(status == (range.may_travel ? Status::ok : Status::bad_code));
      const std::string sent = endpoint.take_output();
      CHECK(sent == (range.may_travel ? make_frame(Role::server, 0x88, close_payload(code, "")) : ""));
      CHECK((endpoint->state() == ws::State::open) == !range.may_travel);
    }
    next = range.to + 1;
  }
  CHECK(next == 65536);
}

TEST_CASE("every close code received is an event or a violation as its range says") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    for (const CodeRange& range : ranges) {
      for (unsigned code = range.from; code <= range.to; ++code) {
        CAPTURE(code);
        Endpoint endpoint(role);
        endpoint.receive_frame(0x88, close_payload(code, "bye"));
        const Story expected = {range.may_travel ? Seen{"Close", close_text(code, "bye")} : Seen{"FAIL", "1002"}};
        CHECK(endpoint.story() == expected);
      }
    }
  }
}

TEST_CASE("a bad code counts before a bad reason") {
  Endpoint endpoint(Role::client);
  endpoint.receive_frame(0x88, close_payload(1005, "\xff"));
  CHECK(endpoint.story() == Story{{"FAIL", "1002"}});
}

TEST_CASE("a Close without a code is 1005, and is answered without a code") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x88, "");
    CHECK(endpoint.story() == Story{{"Close", "1005 "}});
    CHECK(endpoint.take_output() == make_frame(role, 0x88, ""));
  }
}

}  // namespace
}  // namespace wscope::test
