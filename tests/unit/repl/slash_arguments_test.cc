#include "repl/slash_arguments.h"

#include <doctest/doctest.h>

#include <string>

#include "folder.h"
#include "unit/ws/bytes.h"
#include "wire/frame_writer.h"

using namespace wscope;
using test::frame;
using test::masked_frame;
using ws::Role;

namespace {

using namespace std::literals;

constexpr std::size_t most = 1 << 20;

base::Result<repl::FrameArguments> parse(std::string_view text) { return repl::parse_frame(text, most); }

/// What an endpoint in this role makes of it.
std::string frame_of(std::string_view text, Role role = Role::server) {
  CAPTURE(text);
  auto frame = parse(text);
  REQUIRE(frame.ok());
  if (frame->masked_by_role && role == Role::client) test::FixedRandom().fill(frame->header.mask.emplace());
  std::string bytes;
  wire::append_frame(frame->header, base::as_bytes(frame->payload), bytes);
  return bytes;
}

/// The message of an error of kind usage.
template <typename T>
std::string complaint(const base::Result<T>& result) {
  REQUIRE(!result.ok());
  CHECK(result.error().kind == base::ErrorKind::usage);
  return result.error().message;
}

}  // namespace

TEST_CASE("a frame is as an endpoint in its role sends it") {
  CHECK(frame_of("text hi") == frame(0x81, "hi"));
  CHECK(frame_of("text hi", Role::client) == masked_frame(0x81, "hi"));
  CHECK(frame_of("ping") == frame(0x89, ""));
  CHECK(frame_of("ping", Role::client) == "\x89\x80\x37\xfa\x21\x3d");
}

TEST_CASE("an opcode is a name or a number") {
  const struct {
    std::string name;
    unsigned first;
  } rows[] = {{"cont", 0x80}, {"continuation", 0x80}, {"text", 0x81}, {"binary", 0x82}, {"close", 0x88},
              {"ping", 0x89}, {"pong", 0x8a},         {"0", 0x80},    {"3", 0x83},      {"15", 0x8f}};
  for (const auto& row : rows) CHECK(frame_of(row.name + " x") == frame(row.first, "x"));
  CHECK(complaint(parse("")) == "wants an opcode");
  for (const char* none : {"16", "-1", "TEXT", "fin=0", "1x"}) {
    CHECK(complaint(parse(none)) == "\"" + std::string(none) + "\" is no opcode");
  }
}

TEST_CASE("bits of the first byte are what they are told to be") {
  CHECK(frame_of("text fin=0 a") == frame(0x01, "a"));
  CHECK(frame_of("text fin=1 a") == frame(0x81, "a"));
  CHECK(frame_of("text rsv=4 a") == frame(0xc1, "a"));
  CHECK(frame_of("text rsv=2 a") == frame(0xa1, "a"));
  CHECK(frame_of("text rsv=7 fin=0 a") == frame(0x71, "a"));
}

TEST_CASE("a mask is chosen, left out or put where none belongs") {
  CHECK(frame_of("text mask=no hi", Role::client) == frame(0x81, "hi"));
  CHECK(frame_of("text mask=37fa213d hi", Role::server) == masked_frame(0x81, "hi"));
  CHECK(frame_of("text mask=00000000 hi", Role::client) == "\x81\x82\0\0\0\0hi"sv);
}

TEST_CASE("a length may lie, in a form that it need not have") {
  CHECK(frame_of("text len=200 hi") == "\x81\x7e\x00\xc8hi"sv);
  CHECK(frame_of("text len=1 hi") == "\x81\x01hi");
  CHECK(frame_of("text len=200 hi", Role::client) == "\x81\xfe\x00\xc8\x37\xfa\x21\x3d"s + test::masked("hi"));
  CHECK(frame_of("text len=18446744073709551615") == "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff");
  CHECK(frame_of("text width=16 hi") == "\x81\x7e\x00\x02hi"sv);
  CHECK(frame_of("text width=64 hi") == "\x81\x7f\0\0\0\0\0\0\0\x02hi"sv);
  CHECK(frame_of("text width=7 len=127 hi") == "\x81\x7fhi");
}

TEST_CASE("a long frame has the shortest length that will do") {
  for (const std::size_t size : {125U, 126U, 65'535U, 65'536U}) {
    const std::string payload(size, 'x');
    CHECK(frame_of("binary " + payload) == frame(0x82, payload));
  }
}

TEST_CASE("a payload is text to the end of the line, or bytes in another form") {
  CHECK(frame_of("text two  words") == frame(0x81, "two  words"));
  CHECK(frame_of("text a fin=0") == frame(0x81, "a fin=0"));
  CHECK(frame_of("text x=y fin=0") == frame(0x81, "x=y fin=0"));
  CHECK(frame_of("binary hex:00FFa0") == frame(0x82, "\x00\xff\xa0"sv));
  CHECK(frame_of("binary base64:AP+g") == frame(0x82, "\x00\xff\xa0"sv));
  const test::Folder folder;
  const std::string path = folder.file("some bytes", "\x01\x02\n"sv);
  CHECK(frame_of("binary rsv=1 @" + path) == frame(0x92, "\x01\x02\n"));
}

TEST_CASE("what a frame cannot have is said") {
  const struct {
    std::string text;
    std::string words;
  } rows[] = {
      {"text fin=2", "fin is 0 or 1"},
      {"text fin=", "fin wants a number"},
      {"text rsv=8", "rsv is a number from 0 to 7"},
      {"text len=x", "len wants a number"},
      {"text width=8", "width is 7, 16 or 64"},
      {"text width=7 len=128", "such a length does not fit in 7 bits"},
      {"text width=16 len=65536", "such a length does not fit in 16 bits"},
      {"text mask=12", "mask wants no or 8 hexadecimal digits"},
      {"text mask=yes", "mask wants no or 8 hexadecimal digits"},
      {"text hex:0", "wants pairs of hexadecimal digits"},
      {"text base64:!", "base64: is not base64"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(complaint(parse(row.text)) == row.words);
  }
  const auto missing = parse("text @/nowhere/at/all");
  REQUIRE(!missing.ok());
  CHECK(missing.error().kind == base::ErrorKind::io);
}

TEST_CASE("bytes are hexadecimal digits, base64 or a file of bounded size") {
  CHECK(repl::parse_bytes("00ff", most).value() == "\x00\xff"sv);
  CHECK(repl::parse_bytes("hex:00ff", most).value() == "\x00\xff"sv);
  CHECK(repl::parse_bytes("base64:aGk=", most).value() == "hi");
  for (const char* text : {"00 ff", "00:ff", "0x00ff", "0X00 FF", "hex:00:ff", "hex:0x00ff"}) {
    CHECK(repl::parse_bytes(text, most).value() == "\x00\xff"sv);
  }
  for (const char* text : {"xy", "0x0", ":00", "00:", "00::ff", "0:0f:f"}) {
    CHECK(complaint(repl::parse_bytes(text, most)) == "wants pairs of hexadecimal digits");
  }
  const test::Folder folder;
  const std::string path = folder.file("f", "12345");
  CHECK(repl::parse_bytes("@" + path, 5).value() == "12345");
  CHECK(!repl::parse_bytes("@" + path, 4).ok());
}

TEST_CASE("data is text unless it is marked as bytes") {
  CHECK(repl::parse_data("hello", most).value() == "hello");
  CHECK(repl::parse_data("", most).value().empty());
  CHECK(repl::parse_data("00ff", most).value() == "00ff");
  CHECK(repl::parse_data("hex:00ff", most).value() == "\x00\xff"sv);
  CHECK(repl::parse_data("base64:aGk=", most).value() == "hi");
  CHECK(complaint(repl::parse_data("hex:0", most)) == "wants pairs of hexadecimal digits");
}

TEST_CASE("the payload of a Close may be a code and a reason") {
  CHECK(parse("close")->payload.empty());
  CHECK(parse("close 1000")->payload == "\x03\xe8");
  CHECK(parse("close 1005")->payload == "\x03\xed");
  CHECK(parse("close 65535 grüß  dich")->payload == "\xff\xffgrüß  dich");
  CHECK(parse("8 fin=0 1000 bye")->payload ==
        "\x03\xe8"
        "bye");
  CHECK(parse("close 65536")->payload == "65536");
  CHECK(parse("close bye")->payload == "bye");
  CHECK(parse("close hex:03e8")->payload == "\x03\xe8");
  CHECK(parse("ping 1000")->payload == "1000");
}

TEST_CASE("a Close says 1000 unless told otherwise, and no reason that does not fit") {
  const auto usual = repl::parse_close("");
  REQUIRE(usual.ok());
  CHECK(usual->code == ws::close_code::normal);
  CHECK(usual->reason.empty());
  for (const char* code : {"0", "999", "1005", "4999", "65535"}) {
    const auto any = repl::parse_close(code);
    REQUIRE(any.ok());
    CHECK(std::to_string(any->code->value) == code);
  }
  CHECK(repl::parse_close("4000 see  you").value().reason == "see  you");
  CHECK(repl::parse_close("4000 " + std::string(123, 'r')).value().reason.size() == 123);
  CHECK(complaint(repl::parse_close("4000 " + std::string(124, 'r'))) == "the reason has more than 123 bytes");
  CHECK(complaint(repl::parse_close("4000 \xff")) == "the reason is not UTF-8");
  CHECK(complaint(repl::parse_close("65536")) == "\"65536\" is no close code");
  CHECK(complaint(repl::parse_close("bye")) == "\"bye\" is no close code");
}

TEST_CASE("a text is cut into fragments of a size from one") {
  const auto fragments = repl::parse_fragment("2 a  b");
  REQUIRE(fragments.ok());
  CHECK(fragments->size == 2);
  CHECK(fragments->text == "a  b");
  CHECK(repl::parse_fragment("5").value().text.empty());
  for (const char* wrong : {"", "0 a", "x a", "-1 a"}) {
    CHECK(complaint(repl::parse_fragment(wrong)) == "SIZE is a number of bytes from 1");
  }
}

TEST_CASE("a switch is on, off, or the other way round") {
  CHECK(repl::parse_switch("on", false).value());
  CHECK(repl::parse_switch("on", true).value());
  CHECK(!repl::parse_switch("off", true).value());
  CHECK(repl::parse_switch("", false).value());
  CHECK(!repl::parse_switch("", true).value());
  CHECK(complaint(repl::parse_switch("ON", true)) == "wants on or off, not \"ON\"");
}

TEST_CASE("a number is digits and nothing else") {
  CHECK(repl::parse_number("18446744073709551615") == UINT64_MAX);
  for (const char* none : {"", " 1", "1 ", "+1", "-1", "0x1", "18446744073709551616"}) {
    CHECK(!repl::parse_number(none).has_value());
  }
}
