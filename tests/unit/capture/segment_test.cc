#include "capture/segment.h"

#include <doctest/doctest.h>

#include <string>
#include <variant>

#include "unit/capture/packets.h"

using namespace wscope;
using namespace std::string_literals;
using capture::find_segment;
using capture::NoSegment;
using capture::Packet;
using capture::Segment;
using test::Tcp;

namespace {

const Tcp hello{1, 40000, 2, 80, 0x01020304, 0xfffefdfc, "A", "hello"};

Packet packet_of(std::uint16_t link_type, const std::string& bytes, std::size_t captured = SIZE_MAX) {
  Packet packet;
  packet.link_type = link_type;
  packet.bytes = base::as_bytes(bytes).first(std::min(captured, bytes.size()));
  packet.original_length = static_cast<std::uint32_t>(bytes.size());
  return packet;
}

Segment segment_in(std::uint16_t link_type, const std::string& bytes, std::size_t captured = SIZE_MAX) {
  const auto found = find_segment(packet_of(link_type, bytes, captured));
  REQUIRE(std::holds_alternative<Segment>(found));
  return std::get<Segment>(found);
}

NoSegment reason_for(std::uint16_t link_type, const std::string& bytes, std::size_t captured = SIZE_MAX) {
  const auto found = find_segment(packet_of(link_type, bytes, captured));
  REQUIRE(std::holds_alternative<NoSegment>(found));
  return std::get<NoSegment>(found);
}

void check_hello(std::uint16_t link_type, const std::string& bytes) {
  CAPTURE(link_type);
  CHECK(capture::is_known_link_type(link_type));
  const Segment segment = segment_in(link_type, bytes);
  CHECK(base::as_text(segment.payload) == "hello");
  CHECK(segment.length == 5);
  CHECK(segment.source.port == 40000);
  CHECK(segment.destination.port == 80);
  CHECK(segment.sequence == 0x01020304);
  CHECK(segment.acknowledgment == 0xfffefdfc);
  CHECK((segment.ack && !segment.syn && !segment.fin && !segment.rst));
  // However little was captured, nothing beyond that is looked at.
  for (std::size_t captured = 0; captured < bytes.size(); ++captured) {
    const std::string exact = bytes.substr(0, captured);
    Packet packet = packet_of(link_type, exact);
    packet.original_length = static_cast<std::uint32_t>(bytes.size());
    const auto found = find_segment(packet);
    if (captured + 5 <= bytes.size() && std::holds_alternative<Segment>(found)) {
      CHECK(std::get<Segment>(found).length == 5);
      CHECK(std::get<Segment>(found).payload.size() + bytes.size() - captured >= 5);
    } else if (const auto* reason = std::get_if<NoSegment>(&found)) {
      CHECK(*reason == NoSegment::cut_off);
    }
  }
}

}  // namespace

TEST_CASE("all link types, with IPv4 and IPv6") {
  for (const std::string& ip : {test::v4(hello), test::v6(hello)}) {
    const bool is_v6 = ip[0] == '\x60';
    const std::string type = test::big(is_v6 ? 0x86dd : 0x0800, 2);
    check_hello(1, test::ethernet(ip));
    check_hello(1, test::ethernet(ip, "\x81\x00\x00\x05"s));
    check_hello(1, test::ethernet(ip, "\x88\xa8\x00\x05\x81\x00\x00\x06"s));
    check_hello(1, test::ethernet(ip, "\x91\x00\x00\x05"s));
    check_hello(101, ip);
    check_hello(is_v6 ? 229 : 228, ip);
    check_hello(113, std::string(14, '\0') + type + ip);
    check_hello(113, std::string(14, '\0') + "\x81\x00\x00\x05"s + type + ip);
    check_hello(276, type + std::string(18, '\0') + ip);
    for (const unsigned family : is_v6 ? std::vector<unsigned>{24, 28, 30, 10} : std::vector<unsigned>{2}) {
      check_hello(0, test::little(family, 4) + ip);
      check_hello(0, test::big(family, 4) + ip);
      check_hello(108, test::big(family, 4) + ip);
    }
  }
}

TEST_CASE("addresses and flags") {
  const Segment four = segment_in(101, test::v4(Tcp{1, 5, 2, 6, 0, 0, "SAFR"}));
  CHECK((four.ack && four.syn && four.fin && four.rst));
  CHECK(capture::to_text(four.source) == "10.0.0.1:5");
  CHECK(capture::to_text(four.destination) == "10.0.0.2:6");
  CHECK(capture::to_text(segment_in(101, test::v6(Tcp{1, 5, 2, 6})).source) == "[fd00::1]:5");
}

TEST_CASE("padding is none of the payload, and what was not captured is counted") {
  CHECK(base::as_text(segment_in(1, test::ethernet(test::v4(hello)) + std::string(10, '\0')).payload) == "hello");
  CHECK(base::as_text(segment_in(1, test::ethernet(test::v6(hello)) + std::string(10, '\0')).payload) == "hello");
  const std::string whole = test::v4(hello);
  const Segment cut = segment_in(101, whole, whole.size() - 3);
  CHECK(base::as_text(cut.payload) == "he");
  CHECK(cut.length == 5);
}

TEST_CASE("a total length of 0 is that of a segment that the network card has yet to cut") {
  std::string four = test::v4(hello);
  four[2] = four[3] = '\0';
  CHECK(base::as_text(segment_in(101, four).payload) == "hello");
  std::string six = test::v6(hello);
  six[4] = six[5] = '\0';
  CHECK(base::as_text(segment_in(101, six).payload) == "hello");
}

TEST_CASE("options of IP and TCP, and extension headers, are passed over") {
  std::string four = test::v4(hello);
  four[0] = '\x46';
  four.insert(20, 4, '\x01');
  four[3] = static_cast<char>(four.size());
  CHECK(base::as_text(segment_in(101, four).payload) == "hello");
  std::string options = test::v4(hello);
  options[20 + 12] = '\x60';
  options.insert(40, 4, '\x01');
  options[3] = static_cast<char>(options.size());
  CHECK(base::as_text(segment_in(101, options).payload) == "hello");
  const std::string tcp = test::tcp_header(hello) + hello.payload;
  const std::string chain = test::big(43, 1) + test::big(0, 1) + std::string(6, '\0') +      // hop by hop
                            test::big(60, 1) + test::big(1, 1) + std::string(14, '\0') +     // routing
                            test::big(51, 1) + test::big(0, 1) + std::string(6, '\0') +      // destination
                            test::big(44, 1) + test::big(2, 1) + std::string(14, '\0') +     // authentication
                            test::big(6, 1) + test::big(0, 1) + std::string(6, '\0') + tcp;  // fragment: all of it
  check_hello(101, test::v6_header(1, 2, chain.size(), 0) + chain);
}

TEST_CASE("what has no segment for us is named") {
  CHECK(reason_for(105, "x") == NoSegment::link_type);
  CHECK(reason_for(1, std::string(12, '\0') + "\x08\x06" + std::string(28, '\0')) == NoSegment::not_ip);
  CHECK(reason_for(0, "\x07\0\0\0"s) == NoSegment::not_ip);
  CHECK(reason_for(101, test::v4_header(1, 2, 8, 17) + "12345678") == NoSegment::udp);
  CHECK(reason_for(101, test::v6_header(1, 2, 8, 17) + "12345678") == NoSegment::udp);
  CHECK(reason_for(101, test::v4_header(1, 2, 8, 1) + "12345678") == NoSegment::not_tcp);
  const std::string tcp = test::tcp_header(hello) + hello.payload;
  CHECK(reason_for(101, test::v4_header(1, 2, tcp.size(), 6, 0x2000) + tcp) == NoSegment::fragment);
  CHECK(reason_for(101, test::v4_header(1, 2, tcp.size(), 6, 0x0010) + tcp) == NoSegment::fragment);
  CHECK(reason_for(101, test::v4_header(1, 2, tcp.size(), 17, 0x0010) + tcp) == NoSegment::udp);
  const auto fragment = [&](unsigned field) {
    const std::string all = test::big(6, 1) + test::big(0, 1) + test::big(field, 2) + std::string(4, '\0') + tcp;
    return test::v6_header(1, 2, all.size(), 44) + all;
  };
  CHECK(reason_for(101, fragment(1)) == NoSegment::fragment);
  CHECK(reason_for(101, fragment(8)) == NoSegment::fragment);
  CHECK(std::holds_alternative<Segment>(find_segment(packet_of(101, fragment(6)))));  // bits that are reserved
}

TEST_CASE("headers that contradict themselves are ill-formed") {
  CHECK(reason_for(101, "\x50" + std::string(40, '\0')) == NoSegment::ill_formed);
  std::string short_header = test::v4(hello);
  short_header[0] = '\x44';
  CHECK(reason_for(101, short_header) == NoSegment::ill_formed);
  std::string short_total = test::v4(hello);
  short_total[3] = '\x10';
  CHECK(reason_for(101, short_total) == NoSegment::ill_formed);
  std::string short_tcp = test::v4(hello);
  short_tcp[3] = '\x20';
  CHECK(reason_for(101, short_tcp) == NoSegment::ill_formed);
  std::string offset = test::v4(hello);
  offset[32] = '\x40';
  CHECK(reason_for(101, offset) == NoSegment::ill_formed);
  offset[32] = '\xf0';
  CHECK(reason_for(101, offset) == NoSegment::ill_formed);
  CHECK(reason_for(101, test::v6_header(1, 2, 4, 0) + "\x06\0\0\0"s) == NoSegment::ill_formed);
}

TEST_CASE("link types and reasons have names") {
  CHECK(capture::describe_link_type(105) == "link type 105 (802.11)");
  CHECK(capture::describe_link_type(9999) == "link type 9999");
  for (int i = 0; i < 7; ++i) CHECK_FALSE(capture::describe(static_cast<NoSegment>(i)).empty());
}
