#include "wire/reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"

using namespace wscope;
using namespace std::string_literals;
using wire::Cut;
using wire::Frame;
using wire::Head;
using wire::Reader;

namespace {

// A head, or a frame with its bytes and payload, or what there is of one, as text of its own.
struct Item {
  explicit Item(std::string_view head) : head_text(head) {}
  explicit Item(const Frame& from)
      : frame(from), bytes(base::as_text(from.bytes)), payload(base::as_text(from.payload)) {
    frame.bytes = frame.payload = {};
  }

  explicit Item(const Cut& cut) : bytes(base::as_text(cut.bytes)), is_cut(true) {}

  std::string head_text;
  Frame frame;
  std::string bytes;
  std::string payload;
  bool is_cut = false;

  friend bool operator==(const Item& a, const Item& b) {
    return a.head_text == b.head_text && a.bytes == b.bytes && a.payload == b.payload && a.is_cut == b.is_cut &&
           a.frame.opcode == b.frame.opcode && a.frame.fin == b.frame.fin && a.frame.rsv == b.frame.rsv &&
           a.frame.mask == b.frame.mask && a.frame.length == b.frame.length && a.frame.form == b.frame.form;
  }
};

void take(Reader& reader, std::vector<Item>& items) {
  const auto event = reader.next_event();
  if (!event) return;
  CHECK_FALSE(reader.next_event().has_value());
  if (const auto* head = std::get_if<Head>(&*event)) {
    items.emplace_back(head->text);
  } else if (const auto* frame = std::get_if<Frame>(&*event)) {
    items.emplace_back(*frame);
  } else {
    items.emplace_back(std::get<Cut>(*event));
  }
}

void read_on(Reader& reader, base::Bytes in, std::vector<Item>& items) {
  while (!in.empty()) {
    const std::size_t taken = reader.receive(in);
    REQUIRE(taken > 0);
    REQUIRE(taken <= in.size());
    in = in.subspan(taken);
    take(reader, items);
  }
}

// The frame at the end of what is given.
Frame read_one(Reader& reader, base::Bytes in) {
  CHECK(reader.receive(in) == in.size());
  const auto event = reader.next_event();
  REQUIRE(event.has_value());
  REQUIRE(std::holds_alternative<Frame>(*event));
  return std::get<Frame>(*event);
}

// The same in every split; with the end of the stream if that is wished.
std::vector<Item> read(std::string_view stream, std::size_t kept_bytes = 256, bool ends = false) {
  std::vector<Item> whole;
  test::for_each_split(stream, [&](test::Pieces pieces, const std::string& name) {
    Reader reader(kept_bytes);
    std::vector<Item> items;
    for (const base::MutableBytes piece : pieces) {
      read_on(reader, piece, items);
      std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
    }
    if (ends) {
      reader.receive_eof();
      take(reader, items);
      reader.receive_eof();
      take(reader, items);
    }
    if (name == "whole") whole = items;
    CAPTURE(name);
    CHECK(items == whole);
  });
  return whole;
}

const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

// The frames of a stream that begins behind the opening handshake.
std::vector<Item> read_frames(std::string_view frames, std::size_t kept_bytes = 256) {
  std::vector<Item> items = read(request + std::string(frames), kept_bytes);
  REQUIRE(!items.empty());
  CHECK(items.front().head_text == request);
  items.erase(items.begin());
  return items;
}

}  // namespace

TEST_CASE("a request, then frames") {
  const auto items = read(request + "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" + "\x01\x00"s);
  REQUIRE(items.size() == 3);
  CHECK(items[0].head_text == request);
  CHECK(items[1].bytes == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  CHECK(items[1].payload == "Hello");
  CHECK(items[1].frame.opcode == 1);
  CHECK(items[1].frame.fin);
  CHECK(items[1].frame.rsv == 0);
  CHECK(items[1].frame.length == 5);
  CHECK(items[1].frame.mask == ws::MaskKey{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}});
  CHECK(items[2].frame.length == 0);
  CHECK_FALSE(items[2].frame.fin);
  CHECK_FALSE(items[2].frame.mask.has_value());
  CHECK(items[2].bytes == "\x01\0"s);
}

TEST_CASE("a 101, then frames") {
  const std::string response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  const auto items = read(response + "\x82\x02hi");
  REQUIRE(items.size() == 2);
  CHECK(items[0].head_text == response);
  CHECK(items[1].payload == "hi");
  CHECK(read("HTTP/1.1 101\r\n\r\n\x82\x02hi").size() == 2);
}

TEST_CASE("behind an interim response there is another head") {
  const auto items = read("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 101 S\r\n\r\n\x89\x01x");
  REQUIRE(items.size() == 3);
  CHECK(items[0].head_text == "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
  CHECK(items[1].head_text == "HTTP/1.1 101 S\r\n\r\n");
  CHECK(items[2].payload == "x");
}

TEST_CASE("behind any other response there is its body, which is none of ours") {
  for (const std::string line : {"HTTP/1.1 403 Forbidden", "HTTP/1.1 200", "HTTP/1.1", "HTTP/1.1 ", "HTTP/9.9 x 101"}) {
    const auto items = read(line + "\r\n\r\n\x82\x02hi" + "HTTP/1.1 101 S\r\n\r\n\x82\x02hi");
    REQUIRE(items.size() == 1);
    CHECK(items[0].head_text == line + "\r\n\r\n");
  }
}

TEST_CASE("a head ends at its empty line, whatever its line ends, and not at one in front of it") {
  CHECK(read_frames("").empty());
  for (const std::string head : {"GET /\n\n", "GET /\r\nA: b\n\r\n", "\r\n\r\nGET /\r\n\r\n", "\nGET /\n\r\n"}) {
    const auto items = read(head + "\x82\x02\r\n");
    REQUIRE(items.size() == 2);
    CHECK(items[0].head_text == head);
    CHECK(items[1].payload == "\r\n");
  }
  CHECK(read("GET / HTTP/1.1\r\nHost: x\r\n").empty());
}

TEST_CASE("a head that is too long is cut off, and what follows is found") {
  const std::string head = "HTTP/1.1 101 S\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n";
  Reader reader(256);
  std::vector<Item> items;
  read_on(reader, base::as_bytes(head + "\x82\x02hi"), items);
  REQUIRE(items.size() == 2);
  CHECK(items[0].head_text == head.substr(0, 65536));
  CHECK(items[1].payload == "hi");
}

TEST_CASE("all forms of a length are read, also longer ones than needed") {
  const auto items = read_frames(
      "\x82\x7e\x00\x02"
      "ab"s +
      "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01"
      "c"s +
      "\x82\xfe\x00\x7f\x00\x00\x00\x00"s + std::string(127, 'd') + "\x82\x7d"s + std::string(125, 'e'));
  REQUIRE(items.size() == 4);
  CHECK(items[0].frame.form == ws::LengthForm::bits_16);
  CHECK(items[1].frame.form == ws::LengthForm::bits_64);
  CHECK(items[2].frame.form == ws::LengthForm::bits_16);
  CHECK(items[3].frame.form == ws::LengthForm::bits_7);
  CHECK(items[0].payload == "ab");
  CHECK(items[0].bytes ==
        "\x82\x7e\x00\x02"
        "ab"s);
  CHECK(items[1].payload == "c");
  CHECK(items[1].bytes.size() == 11);
  CHECK(items[2].payload == std::string(127, 'd'));
  CHECK(items[2].frame.mask.has_value());
  CHECK(items[3].payload == std::string(125, 'e'));
}

TEST_CASE("what is illegal is read as it is") {
  const auto items = read_frames(
      "\xf3\x01x"
      "\x09\x00"
      "\xab\x81\x00\x00\x00\x00y"
      "\x80\x00"s);
  REQUIRE(items.size() == 4);
  CHECK(items[0].frame.opcode == 3);
  CHECK(items[0].frame.rsv == 7);
  CHECK(items[0].payload == "x");
  CHECK(items[1].frame.opcode == 9);
  CHECK_FALSE(items[1].frame.fin);
  CHECK(items[2].frame.opcode == 11);
  CHECK(items[2].frame.rsv == ws::rsv2);
  CHECK(items[2].payload == "y");
  CHECK(items[3].frame.opcode == 0);
}

TEST_CASE("of a data frame so many bytes are kept, its header included") {
  const std::string frame = "\x82\xfe\x01\x00\x01\x02\x03\x04"s + std::string(256, '\x01');
  const auto kept = [&](std::size_t kept_bytes) {
    const auto items = read_frames(frame + "\x81\x01x", kept_bytes);
    REQUIRE(items.size() == 2);
    CHECK(items[0].frame.length == 256);
    CHECK(items[0].bytes == frame.substr(0, std::max<std::size_t>(kept_bytes, 8)));
    CHECK(items[0].payload.size() == items[0].bytes.size() - 8);
    CHECK(items[0].payload == "\x00\x03\x02\x05\x00\x03\x02\x05\x00"s.substr(0, items[0].payload.size()));
    CHECK(items[1].payload == "x"s.substr(0, std::max<std::size_t>(kept_bytes, 2) - 2));
  };
  for (const std::size_t kept_bytes : {0U, 1U, 2U, 7U, 8U, 9U, 11U, 17U}) kept(kept_bytes);
  CHECK(read_frames(frame, 264)[0].payload.size() == 256);
  CHECK(read_frames(frame, 263)[0].payload.size() == 255);
  CHECK(read_frames(frame, SIZE_MAX)[0].bytes == frame);
}

TEST_CASE("all of a control frame is kept, unless it is longer than one may be") {
  const std::string longest(125, 'x');
  for (const std::string first : {"\x88", "\x89", "\x8a", "\x8f"}) {
    const auto items = read_frames(first + "\x7d" + longest, 3);
    REQUIRE(items.size() == 1);
    CHECK(items[0].payload == longest);
  }
  const auto items = read_frames("\x89\x7e\x00\x7e"s + longest + "y", 6);
  REQUIRE(items.size() == 1);
  CHECK(items[0].payload == "xx");
  CHECK(items[0].frame.length == 126);
}

TEST_CASE("a length is only believed when its bytes have come") {
  const auto length_of = [](std::string_view eight) {
    Reader reader(SIZE_MAX);
    std::vector<Item> items;
    read_on(reader, base::as_bytes(request + "\x82\x7f" + std::string(eight) + "abc"), items);
    CHECK(items.size() == 1);  // and no memory for the rest
  };
  length_of("\x7f\xff\xff\xff\xff\xff\xff\xff");
  length_of("\x80\x00\x00\x00\x00\x00\x00\x00"s);
  length_of("\xff\xff\xff\xff\xff\xff\xff\xff");
}

TEST_CASE("nothing is taken while an event waits") {
  Reader reader(256);
  const std::string stream = request + "\x81\x02hi";
  REQUIRE(reader.receive(base::as_bytes(stream)) == request.size());
  CHECK(reader.receive(base::as_bytes(stream).subspan(request.size())) == 0);
  reader.receive_eof();
  const auto event = reader.next_event();
  REQUIRE(event.has_value());
  CHECK(std::get<Head>(*event).text == request);
}

TEST_CASE("a stream that ends inside of a head or a frame has what there was of it, as far as it was kept") {
  const auto cut_off = [](const std::string& whole, const std::string& rest, std::size_t kept_bytes = 256) {
    const auto items = read(whole + rest, kept_bytes, true);
    REQUIRE(items.size() == (whole.empty() ? 1 : 2));
    REQUIRE(items.back().is_cut);
    return items.back().bytes;
  };
  for (const std::string rest : {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r", "\r\n"}) {
    CHECK(cut_off("", rest) == rest);
    CHECK(cut_off("HTTP/1.1 100\r\n\r\n", rest) == rest);
  }
  for (const std::string& rest :
       {"\x81"s, "\x81\x82"s, "\x81\xfe\x00\x02\x01\x02\x03"s, "\x81\x02"s, "\x81\x82\1\2\3\4x"s}) {
    CHECK(cut_off(request, rest) == rest);
  }
  CHECK(cut_off(request, "\x81\x0awith this", 6) == "\x81\x0awith");
}

TEST_CASE("a stream that ends between frames, or in the body of a refusal, has nothing more") {
  CHECK(read("", 256, true).empty());
  CHECK(read(request, 256, true).size() == 1);
  CHECK(read(request + "\x81\x02hi", 256, true).size() == 2);
  CHECK(read("HTTP/1.1 403 No\r\n\r\nbody", 256, true).size() == 1);
}

TEST_CASE("behind the end nothing is read") {
  Reader reader(256);
  reader.receive_eof();
  CHECK(reader.receive(base::as_bytes(request)) == request.size());
  CHECK_FALSE(reader.next_event().has_value());
}

TEST_CASE("what is returned does not lie in what was given") {
  Reader reader(256);
  std::string stream = request + "\x81\x02hi";
  REQUIRE(reader.receive(base::as_bytes(stream)) == request.size());
  REQUIRE(reader.next_event().has_value());
  const Frame frame = read_one(reader, base::as_bytes(stream).subspan(request.size()));
  stream.assign(stream.size(), '?');
  CHECK(base::as_text(frame.payload) == "hi");
  CHECK(base::as_text(frame.bytes) == "\x81\x02hi");
}

TEST_CASE("what compressed frames say is read as well if that is wished, in every split") {
  const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  std::string masked = "\xc1\x87\x01\x02\x03\x04"s;
  for (std::size_t i = 0; i < hello.size(); ++i) masked += static_cast<char>(hello[i] ^ static_cast<char>(i % 4 + 1));
  const std::string frames = masked + "\x81\x02hi" + "\x42\x03\xf2\x00\x11"s + "\x89\x00"s + "\x80\x02\x00\x00"s;
  test::for_each_split(frames, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reader reader(8);
    std::vector<Item> items;
    read_on(reader, base::as_bytes(request), items);
    reader.inflate(ws::Role::client, {});
    std::vector<std::string> said;
    for (base::Bytes piece : pieces) {
      while (!piece.empty()) {
        piece = piece.subspan(reader.receive(piece));
        const auto event = reader.next_event();
        if (!event) continue;
        const auto& inflated = std::get<Frame>(*event).inflated;
        said.push_back(inflated ? std::to_string(inflated->size) + std::string(base::as_text(inflated->kept)) : "-");
      }
    }
    REQUIRE(said.size() == 5);
    CHECK(said[0] == "5Hello");
    CHECK(said[1] == "-");
    CHECK(said[3] == "-");
    const std::string& first = said[2];
    CHECK(first.substr(1) + said[4].substr(1) == "Hello");
  });
}

TEST_CASE("a large masked payload is inflated piece by piece, and as much kept as of a frame") {
  const std::string stored = "\x00\xff\xff\x00\x00"s + std::string(65535, 'x');
  std::string frame = "\xc2\xff\x00\x00\x00\x00\x00\x01\x00\x05\x01\x02\x03\x04"s + stored + '\0';
  REQUIRE(frame.size() == 14 + 0x10005);
  for (std::size_t i = 14; i < frame.size(); ++i)
    frame[i] = static_cast<char>(frame[i] ^ static_cast<char>((i - 14) % 4 + 1));
  for (const std::size_t piece_size : {SIZE_MAX, std::size_t{5000}}) {
    Reader reader(256);
    std::vector<Item> items;
    read_on(reader, base::as_bytes(request), items);
    reader.inflate(ws::Role::client, {});
    bool found = false;
    for (base::Bytes rest = base::as_bytes(frame); !rest.empty();) {
      rest = rest.subspan(reader.receive(rest.first(std::min(rest.size(), piece_size))));
      const auto event = reader.next_event();
      if (!event) continue;
      const auto& inflated = std::get<Frame>(*event).inflated;
      REQUIRE(inflated.has_value());
      CHECK(inflated->size == 65535);
      CHECK(base::as_text(inflated->kept) == std::string(256, 'x'));
      found = true;
    }
    CHECK(found);
  }
}

TEST_CASE("it is too late to inflate behind a compressed frame") {
  const std::string frame = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  Reader reader(256);
  std::vector<Item> items;
  read_on(reader, base::as_bytes(request + frame), items);
  reader.inflate(ws::Role::client, {});
  CHECK_FALSE(read_one(reader, base::as_bytes(frame)).inflated.has_value());
}

TEST_CASE("a connection may go on with another head, behind a request or the body of a response") {
  const std::string response = "HTTP/1.1 200 OK\r\n\r\n";
  for (const std::string& first : {request, response}) {
    Reader reader(256);
    std::vector<Item> items;
    read_on(reader, base::as_bytes(first), items);
    if (first == response) read_on(reader, base::as_bytes(std::string_view("a body")), items);
    for (int i = 0; i < 2; ++i) {
      reader.expect_head();
      reader.expect_head();  // again changes nothing
      read_on(reader, base::as_bytes(std::string_view("\r\nGET /")), items);
      reader.expect_head();  // nor in the middle of one
      read_on(reader, base::as_bytes(std::string_view(" HTTP/1.1\r\n\r\n")), items);
    }
    read_on(reader, base::as_bytes("\x82\x02hi"s), items);
    REQUIRE(items.size() == 4);
    CHECK(items[0].head_text == first);
    CHECK(items[1].head_text == "\r\nGET / HTTP/1.1\r\n\r\n");
    CHECK(items[2].head_text == items[1].head_text);
    CHECK(items[3].payload == "hi");
  }
}
