#include "decode/hex_form.h"

#include <doctest/doctest.h>

#include "decoding.h"

using namespace wscope;
using namespace std::string_literals;
using decode::InputKind;
using test::Decoded;

namespace {

// "Hello", masked, in two lines of a dump with a Ping behind it.
const std::string frames = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";

Decoded hex(std::string_view input) { return test::decode(InputKind::hex, input); }

const std::string expected = test::decode(InputKind::raw, frames).text;

}  // namespace

TEST_CASE("digits in every usual shape") {
  for (const std::string_view shape : {
           "818537fa213d7f9f4d5158898537fa213d7f9f4d5158\n",
           "818537FA213D7F9F4D51 58898537FA213D7F9F4D5158",
           "81 85 37 fa 21 3d 7f 9f 4d 51 58\r\n89 85 37 fa 21 3d 7f 9f 4d 51 58\r\n",
           "81:85:37:fa:21:3d:7f:9f:4d:51:58:89:85:37:fa:21:3d:7f:9f:4d:51:58",
           "8185 37fa 213d 7f9f 4d51 5889 8537 fa21 3d7f 9f4d 5158",
           "0x81,0x85,0x37,0xfa,0x21,0x3d,0x7f,0x9f,0x4d,0x51,0x58,0x89,0x85,0x37,0xfa,0x21,0x3d,0x7f,0x9f,0x4d,0x51,"
           "0x58",
           "0x818537fa213d7f9f4d5158898537fa213d7f9f4d5158",
           "\\x81\\x85\\x37\\xfa\\x21\\x3d\\x7f\\x9f\\x4d\\x51\\x58\\x89\\x85\\x37\\xfa\\x21\\x3d\\x7f\\x9f\\x4d\\x51\\"
           "x58",
           "b'\\x81\\x857\\xfa!=\\x7f\\x9fMQX\\x89\\x857\\xfa!=\\x7f\\x9fMQX'",
           "data = b\"\\x81\\x857\\xfa!=\\x7f\\x9fMQX\" \\\n  b\"\\x89\\x857\\xfa!=\\x7f\\x9fMQX\"",
           "bytes.fromhex(\"81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21 3d 7f 9f 4d 51 58\")",
           "<Buffer 81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21 3d 7f 9f 4d 51 58>",
           "# a comment: abc\n81 85 37 fa 21 3d 7f 9f 4d 51 58 // abc\n/* a\nb */ 89 85 37 fa 21 3d 7f 9f 4d 51 58",
           "const unsigned char frame[] = {\n  0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,\n"
           "  0x89, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,\n};\n",
       }) {
    CAPTURE(shape);
    const Decoded decoded = hex(shape);
    CHECK(decoded.error == "");
    CHECK(decoded.text == expected);
  }
}

TEST_CASE("dumps with offsets, whoever has made them") {
  for (const std::string_view shape : {
           // xxd, and with other groups
           "00000000: 8185 37fa 213d 7f9f 4d51 5889 8537 fa21  ..7.!=..MQX..7.!\n"
           "00000010: 3d7f 9f4d 5158                           =..MQX\n",
           "00000000: 81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21  ..7.!=..MQX..7.!\n"
           "00000010: 3d 7f 9f 4d 51 58                                =..MQX\n",
           "00000000: 818537fa213d7f9f4d515889 8537fa213d7f9f4d5158\n",
           // hexdump -C
           "00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58 89 85 37 fa 21  |..7.!=..MQX..7.!|\n"
           "00000010  3d 7f 9f 4d 51 58                                 |=..MQX|\n"
           "00000016\n",
           // od -t x1, od -A x -t x1z, od -A d -t x1
           "0000000 81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21\n0000020 3d 7f 9f 4d 51 58\n0000026\n",
           "000000 81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21  >..7.!=..MQX..7.!<\n"
           "000010 3d 7f 9f 4d 51 58                                >=..MQX<\n000016\n",
           "0000000 81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21\n0000016 3d 7f 9f 4d 51 58\n0000022\n",
           // Wireshark, old and new
           "0000   81 85 37 fa 21 3d 7f 9f  4d 51 58 89 85 37 fa 21   ..7.!=..MQX..7.!\n"
           "0010   3d 7f 9f 4d 51 58                                  =..MQX\n",
           "0000   81 85 37 fa 21 3d 7f 9f 4d 51 58 89 85 37 fa 21   ..7.!=..MQX..7.!\n"
           "0010   3d 7f 9f 4d 51 58                                 =..MQX\n",
           // tcpdump -X
           "\t0x0000:  8185 37fa 213d 7f9f 4d51 5889 8537 fa21  ..7.!=..MQX..7.!\n"
           "\t0x0010:  3d7f 9f4d 5158                           =..MQX\n",
           // a part of a dump
           "00000100: 8185 37fa 213d 7f9f 4d51 5889 8537 fa21  ..7.!=..MQX..7.!\n"
           "00000110: 3d7f 9f4d 5158                           =..MQX\n",
       }) {
    CAPTURE(shape);
    const Decoded decoded = hex(shape);
    CHECK(decoded.error == "");
    CHECK(decoded.text == expected);
  }
}

TEST_CASE("text beside the bytes that looks like bytes is none") {
  CHECK(hex("00000000: 8902 6162                                .. ab cd\n").frames == 1);
  CHECK(hex("00000000: 8a06 6162 6364 6566  ab cd ef\n").frames == 1);
  CHECK(hex("0000   8a 06 61 62 63 64 65 66                           ab cd ef\n").frames == 1);
}

TEST_CASE("arrays as Wireshark copies them") {
  const Decoded one =
      hex("/* Frame (11 bytes) */\n\nstatic const unsigned char pkt1[11] = {\n"
          "0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, /* ..7.!*/.. */\n0x4d, 0x51, 0x58                    /* MQX "
          "*/\n};\n");
  CHECK(one.error == "");
  CHECK(one.frames == 1);
  CHECK(one.findings == 0);
  const Decoded both =
      hex("char peer0_0[] = { /* Packet 4 */\n0x89, 0x80, 0x01, 0x02, 0x03, 0x04 };\n"
          "char peer1_0[] = { /* Packet 6 */\n0x8a, 0x00 };\n");
  CHECK(both.frames == 2);
  CHECK(both.findings == 0);
}

TEST_CASE("a stream as Wireshark shows it has both directions") {
  const Decoded decoded =
      hex("00000000  89 80 01 02 03 04                                  ......\n"
          "    00000000  8a 00                                              ..\n"
          "00000006  89 80 01 02 03 04                                  ......\n"
          "    00000002  8a 00                                              ..\n");
  CHECK(decoded.error == "");
  CHECK(decoded.frames == 4);
  CHECK(decoded.findings == 0);
}

TEST_CASE("lines that are left out") {
  const std::string zeros(256, '\0');
  const std::string input = "\x82\x7e\x01\x00"s + zeros.substr(0, 12) + zeros.substr(0, 244);
  const std::string from_raw = test::decode(InputKind::raw, input).text;
  CHECK(hex("00000000  82 7e 01 00 00 00 00 00  00 00 00 00 00 00 00 00  |.~..............|\n"
            "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n"
            "00000100  00 00 00 00                                       |....|\n00000104\n")
            .text == from_raw);
  CHECK(hex("0000000 82 7e 01 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
            "0000020 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n*\n0000400 00 00 00 00\n0000404\n")
            .text == from_raw);
}

TEST_CASE("our own dumps have directions, heads and holes") {
  const Decoded decoded =
      hex("* Connected\n"
          "> GET / HTTP/1.1\n> Upgrade: websocket\n>\n"
          "< HTTP/1.1 101 Switching Protocols\n< Sec-WebSocket-Extensions: permessage-deflate\n<\n"
          "09:12:01.123456 > TEXT fin len=300 mask=00000000\n"
          "  0000  81 fe 01 2c 00 00 00 00  61 61                    |...,....aa|\n"
          "        … 298 more bytes\n"
          "        \"aa\"…\n"
          "09:12:01.123981 < TEXT fin rsv1 len=7 (deflated, 5 B as text)\n"
          "  0000  c1 07 f2 48 cd c9 c9 07  00                       |...H.....|\n"
          "        \"Hello\"\n");
  CHECK(decoded.error == "");
  CHECK(decoded.frames == 2);
  CHECK(decoded.findings == 0);
  CHECK(decoded.text.find("\"Hello\"") != std::string::npos);
  CHECK(decoded.text.find("298 bytes of it missing") != std::string::npos);
}

TEST_CASE("what we print can be read again") {
  const std::string wrong = frames + "\x09\x00\x88\x02\x03\xee\x81\x05Hel"s;
  const std::string printed = test::decode(InputKind::raw, wrong).text;
  const Decoded again = hex(printed);
  CHECK(again.error == "");
  CHECK(again.frames == 4);
  CHECK(again.findings == test::decode(InputKind::raw, wrong).findings);
  CHECK(hex(expected).text == expected);
}

TEST_CASE("what is wrong has a place") {
  CHECK(hex("81 85\n37 zz").error == "2:4: \"z\" is no hexadecimal digit");
  CHECK(hex("81 8").error == "1:4: a byte has two digits");
  CHECK(hex("81 8 5").error == "1:4: a byte has two digits");
  CHECK(hex("0x").error == "1:3: no digit behind the x");
  CHECK(hex("81 /* a").error == "1:8: a comment without end");
  CHECK(hex("b'\\x81").error == "1:7: a string without end");
  CHECK(hex("\\q").error == "1:2: \"q\" behind a backslash");
  CHECK(hex("00000000: 8185\n00000010: 37fa\n").error ==
        "2:1: the dump goes on at 00000010, where 2 is next: something is missing");
  CHECK(hex("00000000  81 85 zz\n").error == "1:17: \"z\" where a byte of two digits should be");
  CHECK(hex("0000000 8581 fa37\n").error == "1:1: words, whose bytes may stand in any order");
  CHECK(hex("00000000  81 85\n*\n00000003\n").error == "3:1: such an offset cannot follow the lines that are left out");
  CHECK(hex("81 \x01").error == "1:4: byte 0x01 is no hexadecimal digit");
}

TEST_CASE("a line without end takes no memory") {
  std::string digits = "827f000000000000c350";
  for (int i = 0; i < 50000; ++i) digits += "61";
  const Decoded decoded = hex(digits);
  CHECK(decoded.error == "");
  CHECK(decoded.frames == 1);
  CHECK(decoded.incomplete == 0);
}
