#include "ws/frame.h"

#include <doctest/doctest.h>

#include <array>

#include "unit/ws/bytes.h"
#include "ws/frame_decoder.h"

using namespace wscope;
using namespace wscope::ws;

namespace {

constexpr MaskKey key = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

std::string written(const FrameHeader& header) {
  std::array<std::byte, max_frame_header> bytes{};
  return test::hex(base::Bytes(bytes).first(write_frame_header(header, bytes.data())));
}

}  // namespace

TEST_CASE("a header is written with the shortest form of its length") {
  constexpr struct {
    std::uint64_t length;
    std::string_view plain, masked;
  } rows[] = {
      {0, "8200", "8280"},
      {125, "827d", "82fd"},
      {126, "827e007e", "82fe007e"},
      {65535, "827effff", "82feffff"},
      {65536, "827f0000000000010000", "82ff0000000000010000"},
      {0x7fffffffffffffff, "827f7fffffffffffffff", "82ff7fffffffffffffff"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.length);
    FrameHeader header;
    header.opcode = Opcode::binary;
    header.length = row.length;
    CHECK(written(header) == row.plain);
    header.mask = key;
    CHECK(written(header) == std::string(row.masked) + "37fa213d");
  }
}

TEST_CASE("a header is written with its length in any form") {
  const auto written = [](std::uint64_t length, LengthForm form) {
    const FrameHeader header{.length = length, .mask = key, .opcode = static_cast<Opcode>(15), .rsv = 7, .fin = false};
    std::array<std::byte, max_frame_header> bytes{};
    return test::hex(base::Bytes(bytes).first(write_frame_header(header, form, bytes.data())));
  };
  CHECK(written(1, LengthForm::bits_7) == "7f8137fa213d");
  CHECK(written(127, LengthForm::bits_7) == "7fff37fa213d");
  CHECK(written(1, LengthForm::bits_16) == "7ffe000137fa213d");
  CHECK(written(1, LengthForm::bits_64) == "7fff000000000000000137fa213d");
  CHECK(written(~std::uint64_t{0}, LengthForm::bits_64) == "7fffffffffffffffffff37fa213d");
}

TEST_CASE("every header that is written is read back as it was") {
  for (const Opcode opcode : {Opcode::text, Opcode::binary, Opcode::close, Opcode::ping, Opcode::pong}) {
    for (const bool fin : {true, false}) {
      for (Rsv rsv = 0; rsv < 8; ++rsv) {
        for (const std::uint64_t length : {0ULL, 1ULL, 125ULL, 126ULL, 65535ULL, 65536ULL, 0x7fffffffffffffffULL}) {
          if (is_control(opcode) && (!fin || rsv != 0 || length > max_control_payload)) continue;
          for (const bool masked : {true, false}) {
            FrameHeader header{length, masked ? std::optional(key) : std::nullopt, opcode, rsv, fin};
            std::array<std::byte, max_frame_header> bytes{};
            const std::size_t size = write_frame_header(header, bytes.data());
            FrameDecoder decoder(masked ? Role::server : Role::client, header.length);
            decoder.allow_rsv(7, 0);
            base::MutableBytes in = base::MutableBytes(bytes).first(size);
            REQUIRE(decoder.receive(in) == FrameDecoder::Progress::header);
            CHECK(in.empty());
            CHECK(decoder.header().length == length);
            CHECK(decoder.header().mask == header.mask);
            CHECK(decoder.header().opcode == opcode);
            CHECK(decoder.header().rsv == rsv);
            CHECK(decoder.header().fin == fin);
          }
        }
      }
    }
  }
}
