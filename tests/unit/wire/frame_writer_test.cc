#include "wire/frame_writer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "wire/reader.h"

using namespace wscope;
using namespace std::string_literals;
using wire::Header;
using ws::LengthForm;

namespace {

constexpr ws::MaskKey key = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

std::string written(const Header& header, std::string_view payload) {
  std::string out = "before";
  wire::append_frame(header, base::as_bytes(payload), out);
  REQUIRE(out.substr(0, 6) == "before");
  return out.substr(6);
}

// A frame that says the truth.
Header header_of(std::uint8_t opcode, bool fin, std::size_t length, std::optional<ws::MaskKey> mask = {}) {
  return {.opcode = opcode, .fin = fin, .mask = mask, .length = length, .form = ws::shortest_form(length)};
}

const std::string request = "GET / HTTP/1.1\r\n\r\n";

// The one frame of a stream is as it was written; the reader keeps all of it.
void check_read(test::Pieces pieces, const Header& header, std::string_view payload, std::string_view bytes) {
  wire::Reader reader(SIZE_MAX);
  REQUIRE(reader.receive(base::as_bytes(request)) == request.size());
  REQUIRE(reader.next_event().has_value());
  int frames = 0;
  for (base::Bytes piece : pieces) {
    while (!piece.empty()) {
      piece = piece.subspan(reader.receive(piece));
      const auto event = reader.next_event();
      if (!event) continue;
      const auto& frame = std::get<wire::Frame>(*event);
      ++frames;
      const bool same = frame.opcode == header.opcode && frame.fin == header.fin && frame.rsv == header.rsv &&
                        frame.mask == header.mask && frame.length == header.length && frame.form == header.form;
      CHECK(same);
      CHECK((base::as_text(frame.payload) == payload));
      CHECK((base::as_text(frame.bytes) == bytes));
    }
  }
  CHECK(frames == 1);
}

// Long frames are cut in fewer places: where their header may end, and at random.
void check_read_in_splits(const Header& header, std::string_view payload) {
  const std::string bytes = written(header, payload);
  const auto check = [&](test::Pieces pieces) { check_read(pieces, header, payload, bytes); };
  std::vector<std::size_t> everywhere;
  for (std::size_t at = 1; at < bytes.size() && at < 200; ++at) everywhere.push_back(at);
  test::with_split(base::as_bytes(bytes), {}, check);
  test::with_split(base::as_bytes(bytes), everywhere, check);
  test::with_split(base::as_bytes(bytes), test::random_cuts(bytes.size(), 1), check);
  if (bytes.size() < 200) test::with_split(base::as_bytes(bytes), test::random_cuts(bytes.size(), 2), check);
}

}  // namespace

TEST_CASE("the examples of RFC 6455 section 5.7 are written as they stand there") {
  CHECK(test::hex(written(header_of(1, true, 5), "Hello")) == "810548656c6c6f");
  CHECK(test::hex(written(header_of(1, true, 5, key), "Hello")) == "818537fa213d7f9f4d5158");
  CHECK(test::hex(written(header_of(1, false, 3), "Hel")) == "010348656c");
  CHECK(test::hex(written(header_of(0, true, 2), "lo")) == "80026c6f");
  CHECK(test::hex(written(header_of(9, true, 5), "Hello")) == "890548656c6c6f");
  CHECK(test::hex(written(header_of(10, true, 5, key), "Hello")) == "8a8537fa213d7f9f4d5158");
  const std::string medium(256, 'm');
  CHECK(written(header_of(2, true, 256), medium) == "\x82\x7e\x01\x00"s + medium);
  const std::string large(65536, 'l');
  CHECK(written(header_of(2, true, 65536), large) == "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s + large);
}

TEST_CASE("every frame that is written is read as it was, however it comes") {
  struct Length {
    std::size_t size;
    LengthForm form;
  };
  std::vector<Length> lengths;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U}) {
    for (const LengthForm form : {LengthForm::bits_7, LengthForm::bits_16, LengthForm::bits_64}) {
      if (form >= ws::shortest_form(size)) lengths.push_back({size, form});
    }
  }
  CHECK(lengths.size() == 3 * 3 + 2 * 3 + 1);
  const std::string longest(65'536, 'x');
  for (const Length& length : lengths) {
    CAPTURE(length.size);
    CAPTURE(length.form);
    const std::string_view payload = std::string_view(longest).substr(0, length.size);
    for (unsigned bits = 0; bits < 512; ++bits) {  // opcode, FIN, RSV and mask
      CAPTURE(bits);
      Header header{.length = length.size, .form = length.form};
      header.opcode = bits & 15;
      header.fin = (bits & 16) != 0;
      header.rsv = bits >> 5 & 7;
      if ((bits & 256) != 0) header.mask = key;
      check_read_in_splits(header, payload);
    }
  }
}

TEST_CASE("a length may lie, and what it lies about is written all the same") {
  Header header{.opcode = 2, .length = UINT64_MAX, .form = LengthForm::bits_64};
  CHECK(written(header, "ab") == "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"s + "ab");
  header.length = 1;
  CHECK(written(header, "ab") == "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01"s + "ab");
  header.form = LengthForm::bits_16;
  header.length = 0xffff;
  CHECK(written(header, "") == "\x82\x7e\xff\xff");
  header.form = LengthForm::bits_7;
  header.mask = key;
  for (const unsigned length : {0U, 126U, 127U}) {
    header.length = length;
    CHECK(test::hex(written(header, "Hello")) ==
          "82" + test::hex(std::string(1, static_cast<char>(0x80 | length))) + "37fa213d7f9f4d5158");
  }
}

TEST_CASE("a form has room for lengths up to a certain one") {
  CHECK(wire::has_room(LengthForm::bits_7, 127));
  CHECK_FALSE(wire::has_room(LengthForm::bits_7, 128));
  CHECK(wire::has_room(LengthForm::bits_16, 0));
  CHECK(wire::has_room(LengthForm::bits_16, 0xffff));
  CHECK_FALSE(wire::has_room(LengthForm::bits_16, 0x10000));
  CHECK(wire::has_room(LengthForm::bits_64, UINT64_MAX));
}
