#include "ws/violation.h"

#include <doctest/doctest.h>

#include <set>

#include "unit/ws/connection_machine.h"
#include "ws/frame.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::frame;
using wscope::test::Machine;

namespace {

Machine open_client() { return {Options{}, Agreement{}}; }

// How a client fails when it is given this.
Failed failure(Machine& client, std::string_view input) {
  static std::vector<std::byte> memory;  // that the views point into
  memory = test::block(input);
  REQUIRE(client->receive(memory) == Status::ok);
  while (const auto event = client->next_event(test::start)) {
    if (const auto* failed = std::get_if<Failed>(&*event)) return *failed;
  }
  FAIL("it does not");
  return {};
}

}  // namespace

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
      case Violation::too_much_held:
        expected = close_code::try_again_later;
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

TEST_CASE("an illegal Close is told with its code and reason") {
  Machine client = open_client();
  const Failed code = failure(client, frame(0x88,
                                            "\x03\xee"
                                            "exit status 3"));
  CHECK(code.violation == Violation::close_code_invalid);
  CHECK(code.evidence.code.value == 1006);
  CHECK(code.reason == "exit status 3");
  CHECK(code.said);

  Machine other = open_client();
  const Failed reason = failure(other, frame(0x88,
                                             "\x03\xe8"
                                             "bye \xc3\x28"));
  CHECK(reason.violation == Violation::close_reason_not_utf8);
  CHECK(reason.evidence.code.value == 1000);
  CHECK(reason.evidence.offset == 4);
  CHECK(base::as_text(base::Bytes(reason.evidence.bytes).first(reason.evidence.byte_count)) == "\xc3\x28");
  CHECK(reason.reason == "bye \xc3\x28");
}

TEST_CASE("what ended a connection that we failed is what we sent, then or before") {
  Machine client = open_client();
  CHECK(failure(client, frame(0x83, "")).evidence.opcode == 3);
  CHECK(client->closing().failed);
  CHECK(client->closing().code() == close_code::abnormal);
  CHECK(client->closing().cause() == Close{close_code::protocol_error, "reserved opcode"});

  Machine closing = open_client();
  CHECK(closing->close(test::start, close_code::going_away, "bye") == Status::ok);
  CHECK_FALSE(failure(closing, frame(0x83, "")).said);
  CHECK(closing->closing().cause() == Close{close_code::going_away, "bye"});

  Machine lost = open_client();
  lost.end();
  CHECK(lost->closing().cause() == Close{close_code::abnormal, ""});
}

TEST_CASE("the end of the stream settles what was not quite known yet") {
  Machine client = open_client();
  CHECK(client.receive("HT").empty());
  CHECK(client.end() == test::Strings{"failed 1002 reserved bit set without an extension that uses it", "closed 1006"});
  Machine other = open_client();
  CHECK(other.receive("HTTP/1.1") == test::Strings{"failed 1002 HTTP response where a frame should be"});
}

TEST_CASE("what was cut off by the end is told, unless we failed the connection") {
  const auto end = [](Machine& client, std::string_view input) {
    auto memory = test::block(input);
    REQUIRE(client->receive(memory) == Status::ok);
    while (client->next_event(test::start)) {
    }
    client->receive_eof(test::start);
    Closed closed;
    while (const auto event = client->next_event(test::start)) closed = std::get<Closed>(*event);
    REQUIRE(closed.record != nullptr);
    return closed;
  };
  for (const std::string& close : {frame(0x88, "\x03\xe8"), std::string()}) {
    Machine client = open_client();
    const Closed closed = end(client, frame(0x01, "Hel") + close);
    REQUIRE(closed.receiving.has_value());
    CHECK(closed.receiving->type == Opcode::text);
    CHECK(closed.receiving->length == 3);
    CHECK_FALSE(closed.sending.has_value());
  }
  Machine broken = open_client();
  CHECK_FALSE(end(broken, frame(0x01, "Hel") + frame(0x83, "")).receiving.has_value());

  Machine sender = open_client();
  CHECK(sender->send_binary(base::as_bytes("abc"), false) == Status::ok);
  CHECK(sender->send_continuation(base::as_bytes("de"), false) == Status::ok);
  const Closed ours = end(sender, frame(0x88, ""));
  REQUIRE(ours.sending.has_value());
  CHECK(ours.sending->type == Opcode::binary);
  CHECK(ours.sending->length == 5);
}
