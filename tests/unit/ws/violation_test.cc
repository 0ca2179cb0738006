#include "ws/violation.h"

#include <doctest/doctest.h>

#include <set>

#include "ws/frame.h"

using namespace wscope::ws;

TEST_CASE("every violation has the close code that the RFCs give it") {
  for (unsigned number = 0; number <= static_cast<unsigned>(Violation::ping_timeout); ++number) {
    CAPTURE(number);
    const auto violation = static_cast<Violation>(number);
    CloseCode expected = close_code::protocol_error;
    switch (violation) {
      case Violation::close_reason_not_utf8:
      case Violation::text_not_utf8:
      case Violation::inflate_failed:
      case Violation::inflate_truncated:
        expected = close_code::invalid_payload;
        break;
      case Violation::frame_too_big:
      case Violation::message_too_big:
        expected = close_code::message_too_big;
        break;
      case Violation::ping_timeout:
        expected = close_code::internal_error;
        break;
      default:
        break;
    }
    CHECK(close_code_for(violation) == expected);
    CHECK(close_code_for(violation).may_appear_in_frame());
  }
}

TEST_CASE("every violation has words of its own that fit a close reason") {
  std::set<std::string_view> words;
  for (unsigned number = 0; number <= static_cast<unsigned>(Violation::ping_timeout); ++number) {
    const auto text = describe(static_cast<Violation>(number));
    CHECK(!text.empty());
    CHECK(text.size() <= max_control_payload - 2);
    words.insert(text);
  }
  CHECK(words.size() == static_cast<std::size_t>(Violation::ping_timeout) + 1);
  CHECK(describe(Violation::reserved_opcode) == "reserved opcode");
  CHECK(describe(Violation::ping_timeout) == "keepalive ping timeout");
}
