#include "decode/report.h"

#include <doctest/doctest.h>

#include "decoding.h"

using namespace wscope;
using namespace std::string_literals;
using decode::InputKind;
using test::bytes;
using test::Decoded;

namespace {

const std::string masked_hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";

Decoded raw(std::string_view input, const decode::Report::Options& options = {}) {
  return test::decode(InputKind::raw, input, options);
}

}  // namespace

TEST_CASE("the examples of RFC 6455 section 5.7") {
  CHECK(raw("\x81\x05Hello").text ==
        "< TEXT fin len=5\n"
        "  0000  81 05 48 65 6c 6c 6f                              |..Hello|\n"
        "        \"Hello\"\n");
  CHECK(raw(masked_hello).text ==
        "> TEXT fin len=5 mask=37fa213d\n"
        "  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|\n"
        "        \"Hello\"\n");
  CHECK(raw("\x01\x03Hel\x80\x02lo").text ==
        "< TEXT len=3\n"
        "  0000  01 03 48 65 6c                                    |..Hel|\n"
        "< CONT fin len=2\n"
        "  0005  80 02 6c 6f                                       |..lo|\n");
  CHECK(raw("\x89\x05Hello").frames == 1);
  CHECK(raw("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58").findings == 0);
  const std::string long_one = "\x82\x7e\x01\x00"s + std::string(256, 'x');
  CHECK(raw(long_one).text.find("\n        … 4 more bytes\n") != std::string::npos);
  const std::string longest = "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s + std::string(65536, 'x');
  CHECK(raw(longest + "\x8a\x00"s).frames == 2);
}

TEST_CASE("the examples of RFC 7692 section 7.2.3") {
  const auto inflated = [](std::string_view input, ws::DeflateParameters agreed = {}) {
    decode::Report::Options options;
    options.deflate = agreed;
    return raw(input, options);
  };
  CHECK(inflated("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s).text ==
        "< TEXT fin rsv1 len=7 (deflated, 5 B as text)\n"
        "  0000  c1 07 f2 48 cd c9 c9 07  00                       |...H.....|\n"
        "        \"Hello\"\n");
  CHECK(inflated("\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00"s).findings == 0);  // in fragments
  CHECK(inflated("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"s)
            .text.find("(deflated, 5 B as text)\n  0009  c1 05") != std::string::npos);  // with the window of the first
  CHECK(inflated("\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s).text.find("\"Hello\"") !=
        std::string::npos);  // without compression
  CHECK(inflated("\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s).text.find("\"Hello\"") != std::string::npos);  // BFINAL
  CHECK(inflated("\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s).text.find("\"Hello\"") !=
        std::string::npos);  // two blocks
}

TEST_CASE("what is wrong is marked") {
  CHECK(raw("\x09\x00\x88\x02\x03\xee"s).text ==
        "< PING len=0\n"
        "  0000  09 00                                             |..|\n"
        "        ^^\n"
        "        violation of RFC 6455 5.5 at 0: ping frame without FIN\n"
        "< CLOSE fin len=2\n"
        "  0002  88 02 03 ee                                       |....|\n"
        "              ^^ ^^\n"
        "        1006 (abnormal close)\n"
        "        violation of RFC 6455 7.4.1 at 4: Close with the code 1006 (abnormal close), which may not be sent\n");
}

TEST_CASE("an end that is missing") {
  CHECK(raw("\x81\x0cHello").text ==
        "< TEXT fin len=12\n"
        "  0000  81 0c 48 65 6c 6c 6f                              |..Hello|\n"
        "        \"Hello\"…\n"
        "        needs 7 more bytes\n");
  CHECK(raw("\x89\x00\x81\x7e\x01"s).text ==
        "< PING fin len=0\n"
        "  0000  89 00                                             |..|\n"
        "< incomplete header\n"
        "  0002  81 7e 01                                          |.~.|\n"
        "        needs at least 1 more byte\n");
  CHECK(raw("\x01\x02ok").text ==
        "< TEXT len=2\n"
        "  0000  01 02 6f 6b                                       |..ok|\n"
        "        the text message has no end: 2 bytes of it so far, and no frame with FIN\n");
  CHECK(raw("\x81").incomplete == 1);
  CHECK(raw("GET").incomplete == 1);
  CHECK(raw("GET / HTTP/1.1\r\nHost: a").text == "> GET / HTTP/1.1\n> Host: a…\n        the head has no end\n");
}

TEST_CASE("a head in front tells whose frames follow, and what was agreed on") {
  const std::string request =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
  CHECK(raw(request + masked_hello).findings == 0);
  CHECK(raw(request + "\xc1\x87\x00\x00\x00\x00\xf2\x48\xcd\xc9\xc9\x07\x00"s).findings == 0);
  const Decoded unmasked = raw(request + "\x81\x05Hello");
  CHECK(unmasked.findings == 1);
  CHECK(unmasked.text.find("unmasked text frame from a client") != std::string::npos);
  const std::string response =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
  const Decoded inflated = raw("HTTP/1.1 103 Early\r\n\r\n" + response + "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s);
  CHECK(inflated.findings == 0);
  CHECK(inflated.text.find("\"Hello\"") != std::string::npos);
  CHECK(inflated.text.starts_with("< HTTP/1.1 103 Early\n<\n< HTTP/1.1 101"));
}

TEST_CASE("what is no WebSocket is named") {
  CHECK(raw("HTTP/1.1 403 Forbidden\r\n\r\nno").foreign == "HTTP response 403 Forbidden");
  CHECK(raw("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").foreign == "HTTP request without an upgrade: GET /a");
  CHECK(raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc"s).foreign == "TLS, which cannot be read");
  CHECK(raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").foreign == "HTTP/2");
  CHECK(raw("").frames == 0);
}

TEST_CASE("JSON has frames, violations and a cut end") {
  decode::Report::Options options;
  options.form = decode::Report::Form::json;
  CHECK(raw("\x09\x01x\x81\x05He", options).text ==
        "{\"event\":\"frame\",\"time\":\"1970-01-01T00:00:00.000000Z\",\"conn\":1,\"dir\":\"in\",\"opcode\":9,"
        "\"fin\":false,\"rsv\":0,\"masked\":false,\"length\":1,\"hex\":\"090178\",\"offset\":0}\n"
        "{\"event\":\"violation\",\"time\":\"1970-01-01T00:00:00.000000Z\",\"conn\":1,\"dir\":\"in\","
        "\"section\":\"RFC 6455 5.5\",\"offset\":0,\"message\":\"ping frame without FIN\"}\n"
        "{\"event\":\"cut\",\"time\":\"1970-01-01T00:00:00.000000Z\",\"conn\":1,\"dir\":\"in\",\"offset\":3,"
        "\"hex\":\"81054865\",\"needs\":3}\n");
}

TEST_CASE("both directions of several connections, with holes") {
  std::string out;
  decode::Report::Options options;
  options.is_directed = options.is_numbered = true;
  decode::Report report(options, out);
  const decode::Place client{3, wire::Direction::out};
  const decode::Place server{3, wire::Direction::in};
  report.receive(client, base::as_bytes("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"), 0);
  report.receive(
      server,
      base::as_bytes("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"), 0);
  out.clear();
  report.receive(client, base::as_bytes("\xc1\x87\x00\x00\x00\x00\xf2\x48\xcd\xc9\xc9\x07\x00"s), 38);
  CHECK(out.starts_with("[3] > TEXT fin rsv1 len=7 mask=00000000 (deflated, 5 B as text)\n  0026  c1 87"));
  out.clear();
  report.receive(server,
                 base::as_bytes("\x81\x0a"
                                "ab"),
                 88);
  report.receive_hole(server, 5, 92);
  report.receive(server, base::as_bytes("cde\x89\x00"s), 97);
  CHECK(out ==
        "[3] < TEXT fin len=10\n"
        "  0058  81 0a 61 62                                       |..ab|\n"
        "        … 8 more bytes\n"
        "        \"ab\"…\n"
        "        5 bytes of it missing\n"
        "[3] < PING fin len=0\n"
        "  0064  89 00                                             |..|\n");
  out.clear();
  report.receive_hole(server, 100, 102);
  report.receive(server, base::as_bytes("\x89\x00"s), 202);
  report.receive_eof(server);
  report.receive_eof(client);
  CHECK(out == "[3] < 100 bytes missing at 102, with the header of a frame: what follows cannot be read\n");
  CHECK(report.frames() == 3);
  CHECK(report.findings() == 0);
}

TEST_CASE("a compressed message behind a hole is not judged, nor is what follows it") {
  std::string out;
  decode::Report::Options options;
  options.deflate.emplace();
  decode::Report report(options, out);
  const decode::Place place;
  report.receive(place, base::as_bytes("\xc1\x07\xf2\x48"s), 0);
  report.receive_hole(place, 5, 4);
  report.receive(place, base::as_bytes("\xc1\x05\xf2\x00\x11\x00\x00"s), 9);
  CHECK(report.frames() == 2);
  CHECK(report.findings() == 0);
}

TEST_CASE("without an agreement, compressed messages are what cannot be read") {
  const Decoded decoded = raw("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s);
  CHECK(decoded.findings == 1);
  CHECK(decoded.lacks_agreement);
}
