#include "capture/packet_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"
#include "unit/capture/packets.h"

using namespace wscope;
using namespace std::string_literals;
using capture::PacketReader;
using test::Pcap;
using test::PcapNg;

namespace {

struct Item {
  std::string bytes;
  std::int64_t nanoseconds = 0;
  std::uint16_t link_type = 0;
  std::uint32_t original = 0;
  std::uint64_t offset = 0;
  std::uint64_t number = 0;
  friend bool operator==(const Item&, const Item&) = default;
};

struct Read {
  std::vector<Item> items;
  std::string error;
  std::uint64_t missing = 0;
};

Read read_pieces(test::Pieces pieces) {
  PacketReader reader;
  Read read;
  for (const base::MutableBytes piece : pieces) {
    base::Bytes rest = piece;
    while (!rest.empty()) {
      const std::size_t taken = reader.receive(rest);
      REQUIRE(taken > 0);
      rest = rest.subspan(taken);
      while (const auto packet = reader.next_event()) {
        read.items.push_back({std::string(base::as_text(packet->bytes)),
                              packet->time.time_since_epoch() / std::chrono::nanoseconds(1), packet->link_type,
                              packet->original_length, packet->offset, packet->number});
      }
    }
    std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
  }
  reader.receive_eof();
  if (reader.error()) read.error = reader.error()->message;
  read.missing = reader.missing();
  return read;
}

// The same in every split.
Read read(const std::string& file) {
  Read whole;
  test::for_each_split(file, [&](test::Pieces pieces, const std::string& name) {
    const Read read = read_pieces(pieces);
    if (name == "whole") whole = read;
    CAPTURE(name);
    CHECK(read.items == whole.items);
    CHECK(read.error == whole.error);
    CHECK(read.missing == whole.missing);
  });
  for (const Item& item : whole.items) CHECK(file.substr(item.offset, item.bytes.size()) == item.bytes);
  return whole;
}

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

TEST_CASE("pcap of both byte orders and both units of time") {
  for (const bool big_endian : {false, true}) {
    for (const bool nanoseconds : {false, true}) {
      const Pcap pcap{big_endian, nanoseconds, 1};
      const Read seen = read(pcap.header() + pcap.packet("first", 7, 3) + pcap.packet("", 8, 0) +
                             pcap.packet("second", 4'000'000'000, 999'999, 3));
      CHECK(seen.error.empty());
      CHECK(seen.missing == 0);
      REQUIRE(seen.items.size() == 3);
      CHECK(seen.items[0] == Item{"first", 7 * second + (nanoseconds ? 3 : 3000), 1, 5, 40, 1});
      CHECK(seen.items[1].bytes.empty());
      CHECK(seen.items[1].nanoseconds == 8 * second);
      CHECK(seen.items[2].bytes == "sec");
      CHECK(seen.items[2].original == 6);
      CHECK(seen.items[2].number == 3);
      CHECK(seen.items[2].nanoseconds == 4'000'000'000 * second + (nanoseconds ? 999'999 : 999'999'000));
    }
  }
}

TEST_CASE("what of a link type speaks of checksums is not looked at") {
  CHECK(read(Pcap{false, false, 0x14000001}.header() + Pcap().packet("x")).items.at(0).link_type == 1);
}

TEST_CASE("pcapng: sections, interfaces, blocks and options") {
  for (const bool big_endian : {false, true}) {
    const PcapNg ng{big_endian};
    const PcapNg other{!big_endian};
    const std::string file =
        ng.section(ng.option(2, "a machine") + ng.option(0, "")) +
        ng.interface(1, ng.option(2, "eth0") + ng.option(9, "\x09") + ng.option(0, "")) +  // nanoseconds
        ng.interface(101) + ng.block(5, "statistics") + ng.enhanced("one", 5 * 1'000'000'000ULL + 1) +
        ng.enhanced("two!", 6'000'001, 1) + ng.simple("three") + ng.block(0x0bad, std::string(70000, 'x')) +
        ng.enhanced("four", 0, 0, 2) + other.section() + other.interface(113, other.option(9, "\x83")) +
        other.enhanced("five5", 12);
    const Read seen = read(file);
    CHECK(seen.error.empty());
    CHECK(seen.missing == 0);
    REQUIRE(seen.items.size() == 5);
    CHECK(seen.items[0].bytes == "one");
    CHECK(seen.items[0].nanoseconds == 5 * second + 1);
    CHECK(seen.items[0].link_type == 1);
    CHECK(seen.items[1].nanoseconds == 6 * second + 1000);
    CHECK(seen.items[1].link_type == 101);
    CHECK(seen.items[2].bytes == "three");
    CHECK(seen.items[2].link_type == 1);
    CHECK(seen.items[2].nanoseconds == seen.items[1].nanoseconds);  // it has none
    CHECK(seen.items[3].bytes == "fo");
    CHECK(seen.items[3].original == 4);
    CHECK(seen.items[4].bytes == "five5");
    CHECK(seen.items[4].link_type == 113);
    CHECK(seen.items[4].nanoseconds == second + second / 2);  // 12 eighths
  }
}

TEST_CASE("pcapng: an interface may count from another second, and a simple packet is as long as it lets it be") {
  const PcapNg ng{true};
  const std::string hour = test::big(3600, 8);
  CHECK(
      read(ng.section() + ng.interface(1, ng.option(14, hour)) + ng.enhanced("x", 1'000'000)).items.at(0).nanoseconds ==
      3601 * second);
  const Read seen = read(ng.section() + ng.interface(1, "", 2) + ng.block(3, test::big(5, 4) + "he"));
  REQUIRE(seen.items.size() == 1);
  CHECK(seen.items[0].bytes == "he");
  CHECK(seen.items[0].original == 5);
}

TEST_CASE("the obsolete packet block is read, too") {
  const PcapNg ng{true};
  const std::string body =
      test::big(1, 2) + test::big(0, 2) + test::big(2'000'000, 8) + test::big(2, 4) + test::big(9, 4) + "hi";
  const Read seen = read(ng.section() + ng.interface(1) + ng.interface(101) + ng.block(2, body));
  REQUIRE(seen.items.size() == 1);
  CHECK(seen.items[0].link_type == 101);
  CHECK(seen.items[0].nanoseconds == 2 * second);
  CHECK(seen.items[0].bytes == "hi");
  CHECK(seen.items[0].original == 9);
}

TEST_CASE("what is wrong is named with its byte, and what came before it is there") {
  const Pcap pcap;
  const PcapNg ng;
  const std::string good = pcap.header() + pcap.packet("good");
  const auto error_of = [](const std::string& file, std::size_t packets) {
    const Read seen = read(file);
    CHECK(seen.items.size() == packets);
    CHECK(seen.missing == 0);
    return seen.error;
  };
  CHECK(error_of("GET / HTTP/1.1\r\n\r\n", 0) == "byte 0: neither pcap nor pcapng: it begins with 47455420");
  CHECK(error_of("\xa1\xb2\xcd\x34"s + std::string(20, '\0'), 0).starts_with("byte 0: this is a modified pcap"));
  CHECK(error_of("\xd4\xc3\xb2\xa1\x09"s + std::string(19, '\0'), 0) == "byte 4: pcap of version 9");
  CHECK(error_of(good + std::string(16, '\xff'), 1) == "byte 44: a packet of 4294967295 bytes");
  const std::string begin = ng.section() + ng.interface(1) + ng.enhanced("good");
  REQUIRE(begin.size() == 84);
  CHECK(error_of(begin + ng.enhanced("x", 0, 7), 1) == "byte 84: a packet of interface 7, which is not described");
  CHECK(error_of(begin + ng.number(6, 4) + ng.number(8, 4), 1) == "byte 88: a block of 8 bytes");
  CHECK(error_of(begin + ng.number(6, 4) + ng.number(35, 4), 1) == "byte 88: a block of 35 bytes");
  CHECK(error_of(begin + ng.number(6, 4) + ng.number(0xfffffff0, 4), 1) == "byte 88: a block of 4294967280 bytes");
  CHECK(error_of(begin + ng.block(6, std::string(12, '\0')), 1) == "byte 84: a packet block that is too short");
  CHECK(error_of(begin + ng.block(6, std::string(12, '\0') + ng.number(99, 4) + ng.number(99, 4)), 1) ==
        "byte 84: a packet of 99 bytes in a block of 32");
  CHECK(error_of(begin + ng.block(1, "1234"), 1) == "byte 84: an interface description that is too short");
  std::string wrong_end = ng.block(5, "12345678");
  wrong_end.back() = '\x01';
  CHECK(error_of(begin + wrong_end, 1) == "byte 100: a block of 20 bytes that ends with the length 16777236");
  CHECK(error_of(ng.number(0x0a0d0d0a, 4) + ng.number(28, 4) + "abcdefgh", 0) ==
        "byte 8: a section of no byte order: 61626364");
  CHECK(error_of(begin + ng.block(0x0a0d0d0a, ng.number(0x1a2b3c4d, 4) + ng.number(2, 2) + ng.number(0, 10)), 1) ==
        "byte 96: pcapng of version 2");
  CHECK(error_of(ng.section() + ng.enhanced("x"), 0) == "byte 28: a packet of interface 0, which is not described");
}

TEST_CASE("a file that was cut off lacks something") {
  const Pcap pcap;
  const std::string good = pcap.header() + pcap.packet("good");
  CHECK(read("").missing == 4);
  CHECK(read("\xd4"s).missing == 3);
  CHECK(read(pcap.header().substr(0, 10)).missing == 14);
  CHECK(read(pcap.header()).missing == 0);
  CHECK(read(good + pcap.packet("more").substr(0, 3)).missing == 13);
  CHECK(read(good + pcap.packet("more").substr(0, 17)).missing == 3);
  const PcapNg ng;
  const std::string begin = ng.section() + ng.interface(1);
  CHECK(read(begin).missing == 0);
  CHECK(read(begin + ng.enhanced("good").substr(0, 30)).missing == 6);
  CHECK(read(begin + ng.block(5, "12345678").substr(0, 10)).missing == 10);
  CHECK(read(begin + ng.block(5, "12345678").substr(0, 18)).missing == 2);
  CHECK(read(begin + ng.section().substr(0, 6)).missing == 2);
}

TEST_CASE("a large block that says nothing is passed over without being held") {
  const PcapNg ng;
  const std::string begin = ng.section() + ng.interface(1);
  PacketReader reader;
  std::string head = begin + ng.number(0x0bad, 4) + ng.number(0x80000000, 4);
  REQUIRE(reader.receive(base::as_bytes(head)) == head.size());
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 100; ++i) REQUIRE(reader.receive(base::as_bytes(piece)) == piece.size());
  CHECK_FALSE(reader.error().has_value());
  CHECK(reader.missing() == 0x80000000 - 8 - 100 * piece.size());
}

TEST_CASE("nothing is taken while a packet waits, and a capture is known by its magic") {
  const Pcap pcap;
  const std::string file = pcap.header() + pcap.packet("one") + pcap.packet("two");
  PacketReader reader;
  const std::size_t taken = reader.receive(base::as_bytes(file));
  CHECK(taken == 24 + 16 + 3);
  CHECK(reader.receive(base::as_bytes(file).subspan(taken)) == 0);
  CHECK(base::as_text(reader.next_event()->bytes) == "one");
  for (const bool big_endian : {false, true}) {
    for (const bool nanoseconds : {false, true}) {
      CHECK(capture::is_capture(base::as_bytes(Pcap{big_endian, nanoseconds}.header())));
    }
    CHECK(capture::is_capture(base::as_bytes(PcapNg{big_endian}.section())));
  }
  CHECK_FALSE(capture::is_capture(base::as_bytes("\x0a\x0d\x0d"s)));
  CHECK_FALSE(capture::is_capture(base::as_bytes("\x81\x85\x37\xfa"s)));
}
