#include "decode/capture_form.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "decoding.h"
#include "unit/capture/packets.h"

using namespace wscope;
using namespace std::string_literals;
using decode::InputKind;
using test::Decoded;
using test::Talk;
using test::Tcp;

namespace {

using Form = decode::Report::Form;

const std::string request = "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string response = "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";

Talk talk_open(const std::string& extensions = {}) {
  Talk talk;
  talk.opens();
  talk.says(request);
  talk.answers(response.substr(0, response.size() - 2) + extensions + "\r\n");
  return talk;
}

Decoded decode_file(const std::string& file, Form form = Form::dump, const decode::DecodePlan& plan = {}) {
  decode::Report::Options options;
  options.form = form;
  options.counts = plan.counts;
  options.deflate = plan.deflate;
  return test::decode(InputKind::pcap, file, options, plan);
}

Decoded decode_talk(const Talk& talk, Form form = Form::dump, const decode::DecodePlan& plan = {}) {
  return decode_file(test::file_of(talk.segments), form, plan);
}

bool has(const Decoded& decoded, const std::string& text) {
  CAPTURE(decoded.text);
  return decoded.text.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("both directions of a connection, with their heads, by time") {
  Talk talk = talk_open();
  talk.says(hello);
  talk.answers("\x81\x02hi");
  talk.closes();
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.error == "");
  CHECK(decoded.frames == 2);
  CHECK(decoded.findings == 0);
  CHECK(decoded.incomplete == 0);
  CHECK(decoded.text.starts_with("[0] 10.0.0.1:40000 > 10.0.0.2:80\n> GET /chat HTTP/1.1\n"));
  CHECK(has(decoded, "< HTTP/1.1 101 S\n"));
  const std::size_t out = decoded.text.find("> TEXT fin len=5 mask=37fa213d\n");
  const std::size_t in = decoded.text.find("< TEXT fin len=2\n");
  CHECK(out < in);
  CHECK(in != std::string::npos);
}

TEST_CASE("offsets in dumps are those of the file") {
  Talk talk = talk_open();
  talk.says(hello);
  const std::string file = test::file_of(talk.segments);
  const Decoded decoded = decode_file(file, Form::json);
  CHECK(has(decoded, "\"offset\":" + std::to_string(file.find(hello))));
}

TEST_CASE("roles are those of the handshake: a frame of the server that is masked is a violation") {
  Talk talk = talk_open();
  talk.answers(hello);
  talk.says("\x81\x02hi");
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.findings == 2);
  CHECK(has(decoded, "violation of RFC 6455 5.1"));
}

TEST_CASE("compressed messages are inflated from the handshake on, without one only if that is given") {
  Talk talk = talk_open("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  talk.answers("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s);
  CHECK(has(decode_talk(talk), "(deflated, 5 B as text)"));
  Talk late;
  late.answers("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s);
  decode::DecodePlan plan;
  plan.port = 80;
  const Decoded without = decode_talk(late, Form::dump, plan);
  CHECK(without.lacks_agreement);
  CHECK(without.findings == 1);
  plan.deflate.emplace();
  CHECK(has(decode_talk(late, Form::dump, plan), "(deflated, 5 B as text)"));
  CHECK(decode_talk(late).error == "no WebSocket in it: 1 TCP stream (1 other)");
}

TEST_CASE("a hole inside a payload: what is behind it goes on") {
  Talk talk = talk_open();
  talk.answers(
      "\x82\x0a"
      "abc");
  (void)talk.from_server("defg");
  talk.answers("hij\x81\x02hi");
  talk.says("");
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.frames == 2);
  CHECK(decoded.findings == 0);
  CHECK(has(decoded, "4 bytes of it missing"));
  CHECK(has(decoded, "< TEXT fin len=2\n"));
}

TEST_CASE("a hole over a header ends its direction, and not the other") {
  Talk talk = talk_open();
  talk.answers(
      "\x82\x03"
      "abc");
  (void)talk.from_server(
      "\x82\x03"
      "abc");
  talk.answers("\x81\x02hi");
  talk.says(hello);
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.frames == 2);
  CHECK(has(decoded, "[0] < 5 bytes missing at "));
  CHECK(has(decoded, "what follows cannot be read"));
  CHECK(has(decode_talk(talk, Form::json), "\"event\":\"hole\""));
}

TEST_CASE("bytes that came again as others are named") {
  Talk talk = talk_open();
  talk.answers("\x81\x02hi");
  Tcp again = talk.segments.back();
  again.payload = "\x81\x02HI";
  talk.segments.push_back(again);
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.frames == 1);
  CHECK(has(decoded, "[0] < 2 bytes captured again with other values at "));
}

TEST_CASE("what cannot be read is said, and without any WebSocket that is all") {
  Talk talk;
  talk.opens();
  talk.says("\x16\x03\x01\x02\x00"s);
  const Decoded decoded = decode_talk(talk);
  CHECK(decoded.text == "stream 0: TLS, cannot be read\n");
  CHECK(decoded.error == "no WebSocket in it: 1 TCP stream (1 TLS)");
  CHECK(decoded.remarks.empty());
  const Decoded event = decode_talk(talk, Form::json);
  CHECK(has(event, "{\"event\":\"unreadable\",\"time\":"));
  CHECK(has(event, "\"conn\":0,\"message\":\"TLS, cannot be read\"}\n"));
  CHECK(decode_file(test::Pcap().header()).error == "no WebSocket in it: no packets");
  Talk open = talk_open();
  open.segments.insert(open.segments.end(), talk.segments.begin(), talk.segments.end());
  CHECK(decode_talk(open, Form::dump, {.stream = 0}).error == "");
}

TEST_CASE("of many streams that cannot be read sixteen are named") {
  std::vector<Tcp> all = talk_open().segments;
  for (int i = 0; i < 20; ++i) {
    Talk talk;
    talk.client_port = static_cast<std::uint16_t>(50'000 + i);
    talk.says("\x16\x03\x01\x02\x00"s);
    all.insert(all.end(), talk.segments.begin(), talk.segments.end());
  }
  const Decoded decoded = decode_file(test::file_of(all));
  CHECK(decoded.error == "");
  CHECK(has(decoded, "stream 16: TLS"));
  CHECK_FALSE(has(decoded, "stream 17: TLS"));
  CHECK(has(decoded, "4 more streams cannot be read\n"));
  const Decoded events = decode_file(test::file_of(all), Form::json);
  CHECK(events.remarks == std::vector<std::string>{"4 more streams cannot be read"});
}

TEST_CASE("what is no WebSocket as far as is known is counted beside what is") {
  Talk strange;
  strange.client_port = 50'000;
  strange.opens();
  strange.says("\x81\x02hi"s);
  std::vector<Tcp> all = talk_open().segments;
  all.insert(all.end(), strange.segments.begin(), strange.segments.end());
  CHECK(
      has(decode_file(test::file_of(all)), "1 connection of something else, or without an opening handshake: --port"));
}

TEST_CASE("fragments of IP and other link types are named beside what is read") {
  std::string file = test::file_of(talk_open().segments);
  file += test::Pcap().packet(test::v4_header(1, 2, 8, 6, 0x2000) + "12345678");
  const Decoded decoded = decode_file(file);
  CHECK(has(decoded, "1 IP fragment with TCP: they are not joined\n"));
  const test::PcapNg ng;
  std::string other = ng.section() + ng.interface(101) + ng.interface(105) + ng.enhanced("?", 0, 1);
  for (const Tcp& segment : talk_open().segments) other += ng.enhanced(test::v4(segment));
  CHECK(has(decode_file(other), "packets of link type 105 (802.11) are not read\n"));
}

TEST_CASE("a file that is damaged or cut off: what came before is there") {
  Talk talk = talk_open();
  talk.says(hello);
  const std::string file = test::file_of(talk.segments);
  const Decoded damaged = decode_file(file + std::string(16, '\xff'));
  CHECK(damaged.frames == 1);
  CHECK(damaged.error == "byte " + std::to_string(file.size()) + ": a packet of 4294967295 bytes");
  const Decoded cut = decode_file(file.substr(0, file.size() - 3));
  CHECK(cut.error == "");
  CHECK(cut.frames == 0);
  CHECK(cut.incomplete == 1);
  CHECK(has(cut, "the capture ends inside a packet: it needs at least 3 more bytes\n"));
}

TEST_CASE("numbers instead of frames") {
  Talk talk = talk_open();
  talk.says(hello);
  const Decoded decoded = decode_talk(talk, Form::dump, {.counts = true});
  CHECK(decoded.text.starts_with("  "));
  CHECK(has(decoded, "> text"));
}
