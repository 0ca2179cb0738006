#include "view/wire_text.h"

#include <doctest/doctest.h>

#include <cstring>

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace wscope;
using view::describe_frame;
using view::describe_head;
using view::WallTime;
using wire::Direction;

namespace {

const WallTime time_of_test(1'795'165'921'123'456us);

// A frame as it is read from `bytes`: of its header, only a length of one byte and a masking key of zeros.
struct ReadFrame {
  explicit ReadFrame(std::string_view from, std::size_t kept_payload = SIZE_MAX) : bytes(from) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
    const std::size_t header = at(1) >= 0x80 ? 6 : 2;
    frame.opcode = at(0) & 15;
    frame.fin = at(0) >= 0x80;
    frame.rsv = at(0) >> 4 & 7;
    frame.length = at(1) & 0x7f;
    if (header == 6) frame.mask.emplace();
    REQUIRE(bytes.size() == header + frame.length);
    if (kept_payload < frame.length) bytes.resize(header + kept_payload);
    frame.bytes = base::as_bytes(bytes);
    frame.payload = frame.bytes.subspan(header);
  }

  std::string bytes;
  wire::Frame frame;
};

std::string describe(std::string_view bytes, std::size_t kept_payload = SIZE_MAX) {
  return describe_frame(Direction::in, ReadFrame(bytes, kept_payload).frame, time_of_test);
}

// The first line without the time.
std::string header(std::string_view bytes) {
  const std::string text = describe(bytes);
  return text.substr(16, text.find('\n') - 16);
}

// What stands behind the hex dump.
std::string words(std::string_view bytes, std::size_t kept_payload = SIZE_MAX) {
  const std::string text = describe(bytes, kept_payload);
  const std::size_t dump_end = text.rfind("|\n");
  REQUIRE(dump_end != std::string::npos);
  return text.substr(dump_end + 2);
}

}  // namespace

TEST_CASE("a frame is its header, its bytes and its text") {
  wire::Frame frame;
  frame.opcode = 1;
  frame.mask.emplace();
  std::memcpy(frame.mask->data(), "\x37\xfa\x21\x3d", 4);
  frame.length = 5;
  frame.bytes = base::as_bytes("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  frame.payload = base::as_bytes("Hello");
  CHECK(describe_frame(Direction::out, frame, time_of_test) ==
        view::time_of_day(time_of_test) +
            " > TEXT fin len=5 mask=37fa213d\n"
            "  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|\n"
            "        \"Hello\"\n");
  CHECK(describe("\x82\x01\xff") == view::time_of_day(time_of_test) +
                                        " < BINARY fin len=1\n"
                                        "  0000  82 01 ff                                          |...|\n");
}

TEST_CASE("time, direction, kind and header of a frame have their colours") {
  const ReadFrame read("\x81\x01x");
  const auto first_line = [&](Direction direction) {
    const std::string text = describe_frame(direction, read.frame, time_of_test, view::Style(true));
    CHECK(text.find("\x1b[36m81 01\x1b[0m 78 ") != std::string::npos);
    return text.substr(0, text.find('\n'));
  };
  const std::string time = "\x1b[2m" + view::time_of_day(time_of_test) + "\x1b[0m ";
  CHECK(first_line(Direction::in) == time + "\x1b[34m<\x1b[0m \x1b[1mTEXT\x1b[0m fin len=1");
  CHECK(first_line(Direction::out) == time + "\x1b[32m>\x1b[0m \x1b[1mTEXT\x1b[0m fin len=1");
}

TEST_CASE("opcodes have their names, unknown ones their numbers") {
  CHECK(header("\x80\x00"s) == "< CONT fin len=0");
  CHECK(header("\x81\x00"s) == "< TEXT fin len=0");
  CHECK(header("\x82\x00"s) == "< BINARY fin len=0");
  CHECK(header("\x83\x00"s) == "< OPCODE-3 fin len=0");
  CHECK(header("\x88\x00"s) == "< CLOSE fin len=0");
  CHECK(header("\x89\x00"s) == "< PING fin len=0");
  CHECK(header("\x8a\x00"s) == "< PONG fin len=0");
  CHECK(header("\x8f\x00"s) == "< OPCODE-15 fin len=0");
}

TEST_CASE("bits are named if they are set") {
  CHECK(header("\x01\x00"s) == "< TEXT len=0");
  CHECK(header("\xc1\x00"s) == "< TEXT fin rsv1 len=0");
  CHECK(header("\x32\x00"s) == "< BINARY rsv2 rsv3 len=0");
  CHECK(header("\xf2\x80\x00\x00\x00\x00"s) == "< BINARY fin rsv1 rsv2 rsv3 len=0 mask=00000000");
}

TEST_CASE("a length of 64 bits is written in full") {
  wire::Frame frame;
  frame.opcode = 2;
  frame.length = UINT64_MAX;
  frame.bytes = base::as_bytes("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff");
  CHECK(describe_frame(Direction::in, frame, time_of_test).substr(16) ==
        "< BINARY fin len=18446744073709551615\n"
        "  0000  82 7f ff ff ff ff ff ff  ff ff                    |..........|\n"
        "        … 18446744073709551615 more bytes\n");
}

TEST_CASE("what was left out is counted") {
  CHECK(words("\x82\x05Hello", 2) == "        … 3 more bytes\n");
  CHECK(words("\x82\x05Hello", 4) == "        … 1 more byte\n");
  CHECK(words("\x82\x05Hello", 5).empty());
}

TEST_CASE("a text in one frame is quoted, and safe for a terminal") {
  CHECK(words("\x81\x00"s) == "        \"\"\n");
  CHECK(words("\x81\x07"s
              "Gr\u00fc\u00dfe") == "        \"Grüße\"\n");
  CHECK(words("\x81\x05\x1b[2J\n") == "        \"\\x1b[2J\\x0a\"\n");
  CHECK(words("\x81\x82\x00\x00\x00\x00hi"s) == "        \"hi\"\n");
}

TEST_CASE("a text that was cut off ends in an ellipsis, between code points") {
  CHECK(words("\x81\x05Hello", 4) == "        … 1 more byte\n        \"Hell\"…\n");
  CHECK(words("\x81\x05"
              "a\u00fc\u00fc",
              4) == "        … 1 more byte\n        \"aü\"…\n");
  CHECK(words("\x81\x05Hello", 0) == "        … 5 more bytes\n");
}

TEST_CASE("there are no words for a piece of a text, nor for what is not UTF-8 or not inflated") {
  CHECK(words("\x01\x02hi").empty());
  CHECK(words("\x80\x02hi").empty());
  CHECK(words("\x82\x02hi").empty());
  CHECK(words("\x83\x02hi").empty());
  CHECK(words("\xc1\x02hi").empty());
  CHECK(words("\xc8\x02\x03\xe8").empty());
  CHECK(words("\x81\x02h\xc3").empty());
  CHECK(words("\x81\x03h\xff?", 2) == "        … 1 more byte\n");
}

TEST_CASE("a compressed frame says how much it is inflated, and what") {
  ReadFrame read("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s);
  read.frame.inflated = wire::InflatedPayload{ws::Opcode::text, 5, base::as_bytes("Hello")};
  CHECK(describe_frame(Direction::in, read.frame, time_of_test) ==
        view::time_of_day(time_of_test) +
            " < TEXT fin rsv1 len=7 (deflated, 5 B as text)\n"
            "  0000  c1 07 f2 48 cd c9 c9 07  00                       |...H.....|\n"
            "        \"Hello\"\n");
  ReadFrame masked("\xc2\x81\x00\x00\x00\x00\x00"s);
  masked.frame.inflated = wire::InflatedPayload{ws::Opcode::binary, 0, {}};
  CHECK(describe_frame(Direction::out, masked.frame, time_of_test) ==
        view::time_of_day(time_of_test) +
            " > BINARY fin rsv1 len=1 mask=00000000 (deflated, 0 B as binary)\n"
            "  0000  c2 81 00 00 00 00 00                              |.......|\n");
}

TEST_CASE("of a compressed text every frame is in words, and what is no UTF-8 is written out") {
  const auto say = [](std::string_view frame, ws::Opcode type, std::uint64_t size, std::string_view kept) {
    ReadFrame read(frame);
    read.frame.inflated = wire::InflatedPayload{type, size, base::as_bytes(kept)};
    const std::string text = describe_frame(Direction::in, read.frame, time_of_test);
    return text.substr(16, text.find('\n') - 16) + "|" + text.substr(text.rfind("|\n") + 2);
  };
  using ws::Opcode;
  CHECK(say("\x41\x01x", Opcode::text, 2, "a\xc3") == "< TEXT rsv1 len=1 (deflated, 2 B as text)|        \"a\\xc3\"\n");
  CHECK(say("\x80\x03xyz", Opcode::text, 9, "\x1b[2J\u202e\n") ==
        "< CONT fin len=3 (deflated, 9 B as text)|        \"\\x1b[2J\\u{202e}\\x0a\"…\n");
  CHECK(say("\x80\x03xyz", Opcode::binary, 9, "bytes") == "< CONT fin len=3 (deflated, 9 B as binary)|");
  CHECK(say("\x80\x03xyz", Opcode::text, 9, "a\xc3") == "< CONT fin len=3 (deflated, 9 B as text)|        \"a\"…\n");
  CHECK(say("\x80\x03xyz", Opcode::text, 9, "") == "< CONT fin len=3 (deflated, 9 B as text)|");
  CHECK(say("\xc1\x01\x00"s, Opcode::text, 0, "") == "< TEXT fin rsv1 len=1 (deflated, 0 B as text)|        \"\"\n");
}

TEST_CASE("a close is its code, its name and its reason") {
  CHECK(words("\x88\x05\x03\xe8"
              "bye") == "        1000 (OK) \"bye\"\n");
  CHECK(words("\x88\x02\x0f\xa0") == "        4000 (private use)\n");
  CHECK(words("\x88\x04\x03\xed\x1b\xff") == "        1005 (no status) \"\\x1b\\xff\"\n");
  CHECK(words("\x88\x00"s).empty());
  CHECK(words("\x88\x01\x03").empty());
  CHECK(words("\x88\x05\x03\xe8"
              "bye",
              3) == "        … 2 more bytes\n        1000 (OK) \"b\"…\n");
}

TEST_CASE("ping and pong are words if they can be read") {
  CHECK(words("\x89\x05Hello") == "        \"Hello\"\n");
  CHECK(words("\x8a\x03\u20ac") == "        \"€\"\n");
  CHECK(words("\x89\x00"s).empty());
  CHECK(words("\x89\x02\x01\x02").empty());
  CHECK(words("\x8a\x02\xc3\x28").empty());
}

TEST_CASE("each line of a head stands behind its direction") {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  CHECK(describe_head(Direction::out, head) == "> GET / HTTP/1.1\n> Host: x\n>\n");
  CHECK(describe_head(Direction::in, "HTTP/1.1 101 Switching Protocols\nA: b\n\n") ==
        "< HTTP/1.1 101 Switching Protocols\n< A: b\n<\n");
  CHECK(describe_head(Direction::in, "").empty());
}

TEST_CASE("a head is safe for a terminal") {
  CHECK(describe_head(Direction::in, "HTTP/1.1 101 \x1b[2J\r\nX: caf\xe9\rY\r\n\r\n") ==
        "< HTTP/1.1 101 \\x1b[2J\n< X: caf\\xe9\\x0dY\n<\n");
  CHECK(describe_head(Direction::in, "HTTP/1.1 101\r\n\x1b: x\r\n") == "< HTTP/1.1 101\n< \\x1b: x\n");
}

TEST_CASE("a head that was cut off ends in an ellipsis") {
  CHECK(describe_head(Direction::out, "GET / HTTP/1.1\r\nX: xxx") == "> GET / HTTP/1.1\n> X: xxx…\n");
  CHECK(describe_head(Direction::out, "GET / HTTP/1.1\r\nCookie: xxx") == "> GET / HTTP/1.1\n> Cookie: ***…\n");
}

TEST_CASE("the values of fields that hold secrets are not shown") {
  CHECK(describe_head(Direction::out,
                      "GET /Cookie: HTTP/1.1\r\nAuthorization: Basic x\r\nproxy-authorization:x\r\nCOOKIE: a=b\r\n"
                      "Set-Cookie : a=b\r\nX-Api-Key: c\r\nX-Trace: d\r\nSec-WebSocket-Key: e\r\n\r\n") ==
        "> GET /Cookie: HTTP/1.1\n> Authorization: ***\n> proxy-authorization: ***\n> COOKIE: ***\n"
        "> Set-Cookie : ***\n> X-Api-Key: ***\n> X-Trace: d\n> Sec-WebSocket-Key: e\n>\n");
}

TEST_CASE("the first line is no field, whatever it looks like") {
  CHECK(describe_head(Direction::out, "GET /token?key=a:b HTTP/1.1\r\n\r\n") == "> GET /token?key=a:b HTTP/1.1\n>\n");
  CHECK(describe_head(Direction::in, "\r\nHTTP/1.1 401 auth: no\r\n") == "<\n< HTTP/1.1 401 auth: no\n");
}

TEST_CASE("a folded line of a secret is one too") {
  CHECK(describe_head(Direction::in, "A\r\nSet-Cookie: a\r\n b\r\n\tc\r\nX: d\r\n e\r\n\r\n") ==
        "< A\n< Set-Cookie: ***\n<  ***\n<  ***\n< X: d\n<  e\n<\n");
}

TEST_CASE("a head is taken apart, secrets left out") {
  const view::HeadParts parts = view::take_apart(
      "HTTP/1.1 401 No\r\nSet-Cookie: a\r\n\tb\r\nX-A:  1 \r\nno field\r\nproxy-authorization: Basic x\r\nX-B: cu");
  CHECK(parts.start_line == "HTTP/1.1 401 No");
  CHECK(parts.fields ==
        http::Headers{{"Set-Cookie", "***"}, {"X-A", "1"}, {"proxy-authorization", "***"}, {"X-B", "cu"}});
  CHECK(view::take_apart("").start_line.empty());
  CHECK(view::take_apart("\r\n\r\nGET /: HTTP/1.1\r\n\r\n").start_line == "GET /: HTTP/1.1");
}

TEST_CASE("a frame that is looked at afterwards has its place, and marks") {
  const ReadFrame hello("\x81\x05Hello");
  const view::Mark marks[] = {{101, 1}};
  CHECK(describe_frame(Direction::in, hello.frame, view::FramePlace{.stream = "[3]", .offset = 100, .marks = marks}) ==
        "[3] < TEXT fin len=5\n"
        "  0064  81 05 48 65 6c 6c 6f                              |..Hello|\n"
        "           ^^\n"
        "        \"Hello\"\n");
  const ReadFrame cut("\x81\x05Hello", 2);
  CHECK(describe_frame(Direction::in, cut.frame, view::FramePlace{.complete = false}) ==
        "< TEXT fin len=5\n"
        "  0000  81 05 48 65                                       |..He|\n"
        "        \"He\"…\n");
}
