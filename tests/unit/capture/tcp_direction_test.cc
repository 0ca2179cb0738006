#include "capture/tcp_direction.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope;
using capture::Segment;
using capture::TcpDirection;
using Kind = TcpDirection::Piece::Kind;

namespace {

constexpr TcpDirection::Limits limits{1000, 8};

Segment segment_of(std::uint32_t sequence, std::string_view payload) {
  Segment segment;
  segment.sequence = sequence;
  segment.payload = base::as_bytes(payload);
  segment.length = static_cast<std::uint32_t>(payload.size());
  return segment;
}

// What comes out, as text: holes as #.
std::string text_of(const TcpDirection::Pieces& pieces) {
  std::string text;
  for (const TcpDirection::Piece& piece : pieces) {
    if (piece.kind == Kind::differs) {
      text += "!" + std::to_string(piece.size);
    } else {
      text += piece.kind == Kind::hole ? std::string(piece.size, '#') : std::string(base::as_text(piece.bytes));
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a direction begins with its first segment, or where it is told to") {
  TcpDirection direction;
  CHECK_FALSE(direction.has_begun());
  TcpDirection::Pieces pieces;
  direction.receive(segment_of(100, "ab"), {}, limits, pieces);
  CHECK(direction.first_sequence() == 100);
  TcpDirection told;
  told.begin(98);
  told.receive(segment_of(100, "ab"), {}, limits, pieces);
  CHECK(told.early() == 2 + 64);
  told.acknowledge(100, {}, pieces);
  CHECK(told.early() == 0);
  CHECK(text_of(pieces) == "ab##ab");
}

TEST_CASE("views of what waited stay until they are settled, also when it is released") {
  TcpDirection direction;
  direction.begin(0);
  TcpDirection::Pieces pieces;
  for (std::uint32_t i = 40; i > 0; --i) direction.receive(segment_of(i, "x"), {}, {100'000, 8}, pieces);
  REQUIRE(pieces.empty());
  direction.receive(segment_of(0, "a"), {}, limits, pieces);
  direction.release();
  CHECK(text_of(pieces) == "a" + std::string(40, 'x'));
  direction.settle();
}

TEST_CASE("it compares with the last bytes that went out, and with no more") {
  TcpDirection direction;
  direction.begin(0);
  TcpDirection::Pieces pieces;
  std::string sent;
  for (std::uint32_t i = 0; i < 100; ++i) {
    direction.receive(segment_of(i, "x"), {}, limits, pieces);
    sent += 'x';
  }
  CHECK(text_of(pieces) == sent);
  pieces.clear();
  direction.receive(segment_of(92, "yyyyyyyy"), {}, limits, pieces);
  CHECK(text_of(pieces) == "!8");
  pieces.clear();
  direction.receive(segment_of(0, "yyyyyyyy"), {}, limits, pieces);  // forgotten
  CHECK(pieces.empty());
  const std::string last = std::string(49, 'x') + "yz";
  direction.receive(segment_of(50, last), {}, limits, pieces);
  CHECK(text_of(pieces) == "!1z");
}

TEST_CASE("behind a FIN there is nothing") {
  TcpDirection direction;
  direction.begin(0);
  TcpDirection::Pieces pieces;
  Segment last = segment_of(2, "cd");
  last.fin = true;
  direction.receive(last, {}, limits, pieces);
  direction.receive(segment_of(3, "Xefgh"), {}, limits, pieces);
  CHECK_FALSE(direction.has_ended());
  direction.receive(segment_of(0, "ab"), {}, limits, pieces);
  CHECK(direction.has_ended());
  CHECK(text_of(pieces) == "!1abcd");
  CHECK(direction.early() == 0);
  direction.acknowledge(100, {}, pieces);
  direction.finish({}, pieces);
  CHECK(text_of(pieces) == "!1abcd");
}

TEST_CASE("a number that no window reaches acknowledges nothing") {
  TcpDirection direction;
  direction.begin(0);
  TcpDirection::Pieces pieces;
  direction.acknowledge(0x7fffffff, {}, pieces);
  direction.acknowledge(0xfffffff0, {}, pieces);
  CHECK(pieces.empty());
  direction.acknowledge(0x40000000, {}, pieces);
  REQUIRE(pieces.size() == 1);
  CHECK(pieces[0].size == 0x40000000);
}
