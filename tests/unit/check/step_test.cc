#include "check/step.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace wscope::check;

namespace {

Step only(std::string_view program) {
  const auto steps = parse_program(program);
  REQUIRE_MESSAGE(steps.ok(), (steps ? "" : steps.error().message));
  REQUIRE(steps->size() == 1);
  return steps->front();
}

}  // namespace

TEST_CASE("steps stand between bars") {
  const auto steps = parse_program(" ask | ping hello |failed 1002 1003");
  REQUIRE(steps.ok());
  REQUIRE(steps->size() == 3);
  CHECK((*steps)[0].verb == Verb::ask);
  CHECK((*steps)[1].verb == Verb::frame);
  CHECK((*steps)[1].text == "hello");
  CHECK((*steps)[2].numbers == std::vector<std::uint16_t>{1002, 1003});
  CHECK(parse_program("")->empty());
}

TEST_CASE("a frame may be any") {
  const Step frame = only("frame b fin=0 rsv=5 mask=0102ff00 len=70000 form=64 a=b c");
  CHECK(frame.header.opcode == 11);
  CHECK(!frame.header.fin);
  CHECK(frame.header.rsv == 5);
  CHECK(frame.mask_given);
  REQUIRE(frame.header.mask);
  CHECK((*frame.header.mask)[2] == std::byte{0xff});
  CHECK(frame.header.length == 70000);
  CHECK(frame.length_given);
  CHECK(frame.header.form == ws::LengthForm::bits_64);
  CHECK(frame.text == "a=b c");
  CHECK(only("text mask=no x").mask_given);
  CHECK(!only("text mask=no x").header.mask);
  CHECK(only("binary x").header.opcode == 2);
}

TEST_CASE("a Close has a code if it is given") {
  CHECK(!only("close").length_given);
  const Step close = only("close 4000 good bye");
  CHECK(close.length_given);
  CHECK(close.count == 4000);
  CHECK(close.text == "good bye");
}

TEST_CASE("other steps have counts, times and texts") {
  CHECK(only("bytewise 20").time == std::chrono::milliseconds(20));
  CHECK(only("ended 2000 5000").other_time == std::chrono::seconds(5));
  CHECK(only("soon 1000 between").text == "between");
  CHECK(only("fragments /3 text abc").length_given);
  CHECK(only("fragments 4 binary abc").count == 4);
  const Step repeated = only("repeated 50 pong a");
  CHECK(repeated.verb == Verb::repeated);
  CHECK(repeated.count == 50);
  CHECK(repeated.header.opcode == 10);
}

TEST_CASE("what is no step is an error that quotes it") {
  for (const char* program : {"hello", "ask now", "frame", "frame g", "frame 1 rsv=8", "frame 1 mask=zz", "close x",
                              "close 70000", "cut", "cut x", "failed x", "bytewise", "fragments 0 text x",
                              "fragments 2", "repeated 2 ask", "repeated 2", "ended x", "| |"}) {
    CAPTURE(program);
    const auto steps = parse_program(program);
    REQUIRE(!steps.ok());
    CHECK(steps.error().message.starts_with("no step: "));
  }
}

TEST_CASE("payloads are texts, bytes, or made up") {
  CHECK(*read_payload("a\\n\\x00b") == std::string("a\n\0b", 4));
  CHECK(*read_payload("hex:ff 00") == std::string("\xff\0", 2));
  CHECK(read_payload("fill:300")->size() == 300);
  CHECK(read_payload("fill:300:binary")->size() == 300);
  CHECK(*read_payload("fill:0") == "");
  CHECK(!read_payload("hex:f").ok());
  CHECK(!read_payload("fill:x").ok());
  CHECK(!read_payload("\\q").ok());
}
