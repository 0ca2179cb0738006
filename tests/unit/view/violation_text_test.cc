#include "view/violation_text.h"

#include <doctest/doctest.h>

#include <functional>

#include "view/escape.h"

using namespace wscope;
using ws::Evidence;
using ws::Violation;

namespace {

ws::Failed failed(Violation violation, const std::function<void(Evidence&)>& fill = {}) {
  ws::Failed result{violation, ws::close_code_for(violation), ws::describe(violation)};
  if (fill) fill(result.evidence);
  return result;
}

std::string words(Violation violation, const std::function<void(Evidence&)>& fill = {}) {
  return view::describe_violation(failed(violation, fill));
}

void put(Evidence& evidence, std::string_view bytes, std::uint64_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i) evidence.bytes[i] = static_cast<std::byte>(bytes[i]);
  evidence.byte_count = static_cast<std::uint8_t>(bytes.size());
  evidence.offset = offset;
}

}  // namespace

TEST_CASE("a frame header's fault names the frame") {
  CHECK(words(Violation::reserved_opcode, [](Evidence& seen) { seen.opcode = 11; }) ==
        "frame with the reserved opcode 11");
  CHECK(words(Violation::reserved_bits, [](Evidence& seen) {
          seen.opcode = 1;
          seen.rsv = 5;
        }) == "text frame with RSV1 and RSV3, which nothing agreed on uses here");
  const auto ping = [](Evidence& seen) {
    seen.opcode = 9;
    seen.limit = 125;
  };
  CHECK(words(Violation::fragmented_control, ping) == "ping frame without FIN");
  CHECK(words(Violation::control_too_long, ping) == "ping frame of more than 125 bytes");
  CHECK(words(Violation::masked_frame, ping) == "masked ping frame from a server");
  CHECK(words(Violation::unmasked_frame, ping) == "unmasked ping frame from a client");
  const auto binary = [](Evidence& seen) {
    seen.opcode = 2;
    seen.size = 1;
  };
  CHECK(words(Violation::length_not_minimal, binary) ==
        "binary frame of 1 byte whose length is not in its shortest form");
  CHECK(words(Violation::expected_continuation, binary) == "binary frame inside a fragmented message");
  CHECK(words(Violation::length_too_large, [](Evidence& seen) {
          seen.opcode = 2;
          seen.size = 0x8000000000000001;
        }) == "binary frame with the length 0x8000000000000001, whose highest bit is set");
}

TEST_CASE("an illegal Close is quoted") {
  ws::Failed close = failed(Violation::close_code_invalid, [](Evidence& seen) { seen.code = ws::CloseCode{1006}; });
  CHECK(view::describe_violation(close) == "Close with the code 1006 (abnormal close), which may not be sent");
  close.reason = "exit\x1b status\xff";
  CHECK(view::describe_violation(close) ==
        "Close with the code 1006 (abnormal close), which may not be sent; its reason is \"exit\\x1b status\\xff\"");
  CHECK(words(Violation::close_reason_not_utf8, [](Evidence& seen) {
          seen.code = ws::CloseCode{1000};
          put(seen, "\xc3\x28", 3);
        }) == "Close 1000 (OK) with a reason that is not UTF-8: bytes c3 28 at offset 3");
}

TEST_CASE("text that is not UTF-8 says where, and by which bytes") {
  CHECK(words(Violation::text_not_utf8, [](Evidence& seen) { put(seen, "\xff", 5); }) ==
        "text that is not UTF-8: byte ff at offset 5");
  CHECK(words(Violation::text_not_utf8, [](Evidence& seen) {
          put(seen, "\xe2\x82", 7);
          seen.cut = true;
        }) == "text that ends inside a character: bytes e2 82 at offset 7");
}

TEST_CASE("a size over a limit has both") {
  const auto size = [](Evidence& seen) {
    seen.size = 20;
    seen.limit = 10;
  };
  CHECK(words(Violation::frame_too_big, size) == "20 bytes, over the limit of 10");
  CHECK(words(Violation::message_too_big, [&](Evidence& seen) {
          size(seen);
          seen.fragmented = true;
        }) == "at least 20 bytes, over the limit of 10");
  CHECK(words(Violation::message_too_big, [&](Evidence& seen) {
          size(seen);
          seen.compressed = true;
        }) == "20 compressed bytes that inflate to more than the limit of 10");
  CHECK(words(Violation::inflate_failed, size) == "message of 20 compressed bytes that cannot be inflated");
}

TEST_CASE("every violation has words that are safe") {
  for (unsigned number = 0; number <= static_cast<unsigned>(Violation::ping_timeout); ++number) {
    const std::string text = words(static_cast<Violation>(number));
    CHECK(!text.empty());
    CHECK(view::escape(text) == text);
  }
  CHECK(words(Violation::http_response).find("HTTP response behind the 101") == 0);
}

TEST_CASE("the code that we sent is told, unless another one was sent before") {
  ws::Failed text = failed(Violation::text_not_utf8);
  CHECK(view::describe_answer(text) == "; we sent 1007");
  text.said = false;
  CHECK(view::describe_answer(text).empty());
}
