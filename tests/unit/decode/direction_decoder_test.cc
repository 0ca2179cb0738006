#include "decode/direction_decoder.h"

#include <doctest/doctest.h>

#include "support/split.h"

using namespace wscope;
using namespace std::string_literals;
using decode::DecodedFrame;
using decode::DirectionDecoder;

namespace {

// Of a stream that has one event, or of the first.
DirectionDecoder::Event first_event(DirectionDecoder& decoder, std::string_view input, std::uint64_t offset = 0) {
  base::Bytes rest = base::as_bytes(input);
  std::optional<DirectionDecoder::Event> event;
  while (!event) {
    REQUIRE(!rest.empty());
    const std::size_t taken = decoder.receive(rest, offset);
    rest = rest.subspan(taken);
    offset += taken;
    event = decoder.next_event();
  }
  return *event;
}

}  // namespace

TEST_CASE("a frame that stands together is not copied, and knows its offset") {
  DirectionDecoder decoder({});
  const std::string input = "\x81\x05Hello rest"s;
  const auto event = first_event(decoder, input, 1000);
  const auto& frame = std::get<DecodedFrame>(event);
  CHECK(frame.offset == 1000);
  CHECK(base::as_text(frame.frame.payload) == "Hello");
  CHECK(frame.frame.bytes.data() == base::as_bytes(input).data());
  CHECK(decoder.sender() == ws::Role::server);
}

TEST_CASE("only so much of a frame is kept, but all of a control frame") {
  const std::string text = "\x81\x7e\x01\x2c" + std::string(300, 'x') + "\x89\x7d" + std::string(125, 'p');
  test::for_each_split(base::as_bytes(text), [](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    DirectionDecoder decoder({.kept_bytes = 10});
    std::vector<std::size_t> kept;
    for (base::Bytes piece : pieces) {
      while (!piece.empty()) {
        piece = piece.subspan(decoder.receive(piece, 0));
        while (const auto event = decoder.next_event())
          kept.push_back(std::get<DecodedFrame>(*event).frame.bytes.size());
      }
    }
    CHECK(kept == std::vector<std::size_t>{10, 127});
  });
}

TEST_CASE("with nothing to be kept, the header is") {
  DirectionDecoder decoder({.kept_bytes = 0});
  const auto event = first_event(decoder, "\x89\x85\x01\x02\x03\x04Hello");
  CHECK(std::get<DecodedFrame>(event).frame.bytes.size() == 6);
}

TEST_CASE("an event that waits keeps what follows out") {
  DirectionDecoder decoder({});
  const std::string two = "\x89\x00\x8a\x00\x89\x00\x8a\x00"s;
  CHECK(decoder.receive(base::as_bytes(two), 0) == 2);
  CHECK(decoder.receive(base::as_bytes(two), 0) == 0);
  CHECK(decoder.next_event().has_value());
  CHECK_FALSE(decoder.next_event().has_value());
  CHECK(decoder.receive(base::as_bytes(two), 2) == 2);
}

TEST_CASE("holes in a payload are passed over, others end the direction") {
  DirectionDecoder decoder({});
  CHECK(decoder.receive(base::as_bytes("\x82\x0a"
                                       "abcdefgh"),
                        0) == 10);
  CHECK_FALSE(decoder.next_event().has_value());
  decoder.receive_hole(2, 10);
  auto event = decoder.next_event();
  REQUIRE(event.has_value());
  CHECK(std::get<DecodedFrame>(*event).lost == 2);
  CHECK(std::get<DecodedFrame>(*event).frame.payload.size() == 8);
  decoder.receive_hole(1, 12);
  event = decoder.next_event();
  REQUIRE(event.has_value());
  CHECK(std::get<decode::Lost>(*event).offset == 12);
  CHECK(decoder.receive(base::as_bytes("\x89\x00\x89\x00"s), 13) == 4);
  decoder.receive_eof();
  CHECK_FALSE(decoder.next_event().has_value());
}

TEST_CASE("the end is told once") {
  DirectionDecoder decoder({});
  CHECK(decoder.receive(base::as_bytes("\x82\x7e\x01"), 7) == 3);
  decoder.receive_eof();
  const auto event = decoder.next_event();
  REQUIRE(event.has_value());
  const auto& tail = std::get<decode::Tail>(*event);
  CHECK(tail.offset == 7);
  CHECK(tail.needs == 1);
  CHECK_FALSE(tail.frame.has_value());
  decoder.receive_eof();
  CHECK_FALSE(decoder.next_event().has_value());
}
