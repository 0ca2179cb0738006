#include "decode/judge.h"

#include <doctest/doctest.h>

#include "decoding.h"
#include "wire/frame_writer.h"

using namespace wscope;
using namespace std::string_literals;
using test::bytes;

namespace {

struct Frame {
  std::uint8_t opcode = 1;
  bool fin = true;
  std::string payload{};
  ws::Rsv rsv = 0;
  bool masked = false;
  std::optional<std::uint64_t> length{};
  std::optional<ws::LengthForm> form{};
};

std::string stream(std::initializer_list<Frame> frames) {
  std::string out;
  for (const Frame& frame : frames) {
    wire::Header header;
    header.opcode = frame.opcode;
    header.fin = frame.fin;
    header.rsv = frame.rsv;
    if (frame.masked) header.mask = ws::MaskKey{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    header.length = frame.length.value_or(frame.payload.size());
    header.form = frame.form.value_or(ws::shortest_form(header.length));
    wire::append_frame(header, base::as_bytes(frame.payload), out);
  }
  return out;
}

// All that is wrong, one a line: "RFC 6455 5.5 at 0+1: what".
std::string judge_pieces(test::Pieces pieces, const decode::DirectionDecoder::Options& options) {
  std::string out;
  decode::DirectionDecoder decoder(options);
  const auto take = [&] {
    while (const auto event = decoder.next_event()) {
      const auto* frame = std::get_if<decode::DecodedFrame>(&*event);
      if (frame == nullptr) continue;
      for (const decode::Finding& finding : frame->findings) {
        out += std::string(finding.section) + " at " + std::to_string(finding.offset) + "+" +
               std::to_string(finding.size) + ": " + finding.message + "\n";
      }
    }
  };
  std::uint64_t offset = 0;
  for (base::Bytes piece : pieces) {
    while (!piece.empty()) {
      const std::size_t taken = decoder.receive(piece, offset);
      take();
      piece = piece.subspan(taken);
      offset += taken;
    }
  }
  decoder.receive_eof();
  take();
  return out;
}

std::string judge(const std::string& input, std::optional<ws::Role> sender = ws::Role::server,
                  const std::optional<ws::DeflateParameters>& deflate = {}) {
  std::string whole;
  test::for_each_split(base::as_bytes(input), [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    const std::string found = judge_pieces(pieces, {sender, deflate});
    if (name == "whole") whole = found;
    CHECK(found == whole);
  });
  return whole;
}

}  // namespace

TEST_CASE("nothing is wrong with what an endpoint may send") {
  CHECK(judge(stream({{.payload = "Hello"},
                      {.opcode = 2, .payload = std::string(70000, '\xff')},
                      {.opcode = 9, .payload = std::string(125, 'p')},
                      {.opcode = 1, .fin = false, .payload = "lo \xe2\x82"},
                      {.opcode = 10},
                      {.opcode = 0, .fin = false},
                      {.opcode = 0, .payload = "\xac"},
                      {.opcode = 8,
                       .payload = "\x03\xe8"
                                  "bye"},
                      {.opcode = 9}})) == "");
}

TEST_CASE("opcodes and reserved bits") {
  CHECK(judge(stream({{.opcode = 3}})) == "RFC 6455 5.2 at 0+1: frame with the reserved opcode 3\n");
  CHECK(judge(stream({{}, {.rsv = 5}})) ==
        "RFC 6455 5.2 at 2+1: text frame with RSV1 and RSV3, which nothing agreed on uses here\n");
  CHECK(judge(stream({{.rsv = 6}, {.opcode = 9, .rsv = 4}}), ws::Role::server, ws::DeflateParameters()) ==
        "RFC 7692 6 at 0+1: text frame with RSV2, which nothing agreed on uses here\n"
        "RFC 7692 6 at 2+1: ping frame with RSV1, which nothing agreed on uses here\n");
}

TEST_CASE("control frames") {
  CHECK(judge(stream({{.opcode = 9, .fin = false}})) == "RFC 6455 5.5 at 0+1: ping frame without FIN\n");
  CHECK(judge(stream({{.opcode = 10, .payload = std::string(126, 'x')}})) ==
        "RFC 6455 5.5 at 1+3: pong frame of more than 125 bytes\n");
  CHECK(judge(stream({{.opcode = 8, .payload = "x"}})) ==
        "RFC 6455 5.5.1 at 2+1: close frame with a payload of one byte\n");
  CHECK(judge(stream({{.opcode = 8, .payload = "\x03\xee"}})) ==
        "RFC 6455 7.4.1 at 2+2: Close with the code 1006 (abnormal close), which may not be sent\n");
  CHECK(judge(stream({{.opcode = 8, .payload = "\x13\x88why"}})) ==
        "RFC 6455 7.4.2 at 2+2: Close with the code 5000 (unknown), which may not be sent; its reason is \"why\"\n");
  CHECK(judge(stream({{.opcode = 8,
                       .payload = "\x03\xe8"
                                  "a\xff"}})) ==
        "RFC 6455 5.5.1 at 5+1: Close 1000 (OK) with a reason that is not UTF-8: byte ff at offset 1\n");
}

TEST_CASE("the order of fragments, and what is behind a Close") {
  CHECK(judge(stream({{.opcode = 0}})) == "RFC 6455 5.4 at 0+1: continuation frame without a message\n");
  CHECK(judge(stream({{.fin = false}, {.opcode = 2}, {.opcode = 0}})) ==
        "RFC 6455 5.4 at 2+1: binary frame inside a fragmented message\n"
        "RFC 6455 5.4 at 4+1: continuation frame without a message\n");
  CHECK(judge(stream({{.opcode = 8}, {.opcode = 10}, {.opcode = 1}})) ==
        "RFC 6455 5.5.1 at 4+1: text frame behind a Close\n");
}

TEST_CASE("masks by role, which the first frame tells if nobody else does") {
  const std::string both = stream({{.masked = true}, {}});
  CHECK(judge(both, ws::Role::client) == "RFC 6455 5.1 at 7+1: unmasked text frame from a client\n");
  CHECK(judge(both, ws::Role::server) == "RFC 6455 5.1 at 1+1: masked text frame from a server\n");
  CHECK(judge(both, std::nullopt) == "RFC 6455 5.1 at 7+1: unmasked text frame from a client\n");
}

TEST_CASE("the form of a length") {
  CHECK(judge(stream({{.payload = "ab", .form = ws::LengthForm::bits_16}})) ==
        "RFC 6455 5.2 at 1+3: text frame of 2 bytes whose length is not in its shortest form\n");
  CHECK(judge(stream({{.opcode = 2, .masked = true, .form = ws::LengthForm::bits_64}}), ws::Role::client) ==
        "RFC 6455 5.2 at 1+9: binary frame of 0 bytes whose length is not in its shortest form\n");
}

TEST_CASE("a length whose highest bit is set is told once the frame ends, or what there is of it") {
  const std::string input = stream({{.length = std::uint64_t{1} << 63U, .form = ws::LengthForm::bits_64}}) + "abc";
  CHECK(test::decode(decode::InputKind::raw, input).findings == 1);
}

TEST_CASE("text that is not UTF-8, wherever it is cut") {
  CHECK(judge(stream({{.payload = "ab\xff"
                                  "c\xff"}})) == "RFC 6455 8.1 at 4+1: text that is not UTF-8: byte ff at offset 2\n");
  CHECK(judge(stream({{.fin = false, .payload = "a\xe2\x82"}, {.opcode = 9}, {.opcode = 0, .payload = "(b"}})) ==
        "RFC 6455 8.1 at 9+1: text that is not UTF-8: bytes e2 82 28 at offset 1\n");
  CHECK(judge(stream({{.payload = "a\xe2\x82"}})) ==
        "RFC 6455 8.1 at 4+1: text that ends inside a character: bytes e2 82 at offset 1\n");
  CHECK(judge(stream({{.fin = false, .payload = "\xf0\x9f"}, {.opcode = 0}})) ==
        "RFC 6455 8.1 at 5+1: text that ends inside a character: bytes f0 9f at offset 0\n");
  CHECK(judge(stream({{.payload = "\xed\xa0\x80", .masked = true}, {.payload = "\xff", .masked = true}}),
              ws::Role::client) ==
        "RFC 6455 8.1 at 7+1: text that is not UTF-8: bytes ed a0 at offset 0\n"
        "RFC 6455 8.1 at 15+1: text that is not UTF-8: byte ff at offset 0\n");
}

TEST_CASE("a long text is judged to its end") {
  std::string text(100000, 'x');
  CHECK(judge(stream({{.payload = text}})).empty());
  text.back() = '\xc0';
  CHECK(judge(stream({{.payload = text, .masked = true}}), ws::Role::client) ==
        "RFC 6455 8.1 at 100013+1: text that is not UTF-8: byte c0 at offset 99999\n");
}

TEST_CASE("compressed messages") {
  const ws::DeflateParameters agreed;
  const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  const std::string again = "\xf2\x00\x11\x00\x00"s;
  CHECK(judge(stream({{.payload = hello, .rsv = 4}, {.payload = again, .rsv = 4}}), ws::Role::server, agreed) == "");
  CHECK(judge(stream({{.payload = "\xff\xff", .rsv = 4}, {.payload = again, .rsv = 4}}), ws::Role::server, agreed) ==
        "RFC 7692 7.2.2 at 2+1: message of 2 compressed bytes that cannot be inflated\n");
  CHECK(judge(stream({{.payload = hello.substr(0, 3), .rsv = 4}}), ws::Role::server, agreed) ==
        "RFC 7692 7.2.2 at 2+1: message of 3 compressed bytes that ends too early\n");
  // A stored block with ff in it.
  CHECK(judge(stream({{.payload = "\x00\x01\x00\xfe\xff\xff\x00"s, .rsv = 4}}), ws::Role::server, agreed) ==
        "RFC 6455 8.1 at 2+1: text that is not UTF-8: byte ff at offset 0\n");
  CHECK(judge(stream({{.payload = "\xff", .rsv = 4}})) ==
        "RFC 6455 5.2 at 0+1: text frame with RSV1, which nothing agreed on uses here\n");
}
