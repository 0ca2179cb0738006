#include "ws/frame_decoder.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "ws/limits.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::for_each_split;
using wscope::test::frame;
using wscope::test::masked_frame;
using wscope::test::Pieces;

namespace {

using namespace std::literals;

using Progress = FrameDecoder::Progress;

struct Outcome {
  Progress progress = Progress::need_more;
  std::size_t bytes = 0;  // that were given until then
  std::optional<Violation> violation;
};

// Feeds one header byte by byte.
Outcome decode(FrameDecoder decoder, std::string_view bytes) {
  Outcome outcome;
  auto block = test::block(bytes);
  for (std::byte& byte : block) {
    ++outcome.bytes;
    base::MutableBytes in(&byte, 1);
    outcome.progress = decoder.receive(in);
    if (outcome.progress == Progress::failed) outcome.violation = decoder.violation();
    if (outcome.progress != Progress::need_more) break;
  }
  return outcome;
}

// The same in one piece: only the verdict.
std::optional<Violation> verdict(FrameDecoder decoder, std::string_view bytes) {
  auto block = test::block(bytes);
  base::MutableBytes in(block);
  if (decoder.receive(in) != Progress::failed) return std::nullopt;
  return decoder.violation();
}

void feed_message_start(FrameDecoder& decoder, Role role) {
  auto bytes = test::block(role == Role::client ? frame(0x01, "") : masked_frame(0x01, ""));
  base::MutableBytes in(bytes);
  REQUIRE(decoder.receive(in) == Progress::header);
  REQUIRE(decoder.in_message());
}

struct Context {
  Role role;
  bool in_message;
  Rsv first, continuation;
};

// The rules of section 5.2 once more.
std::optional<Violation> expected_of_first_byte(unsigned byte, const Context& context) {
  const unsigned opcode = byte & 15;
  const unsigned rsv = byte >> 4 & 7;
  const bool known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
  if (!known) return Violation::reserved_opcode;
  if (opcode >= 8) {
    if (rsv != 0) return Violation::reserved_bits;
    if (byte < 0x80) return Violation::fragmented_control;
    return std::nullopt;
  }
  const unsigned allowed = opcode == 0 ? context.continuation : context.first;
  if ((rsv | allowed) != allowed) return Violation::reserved_bits;
  if (opcode == 0 && !context.in_message) return Violation::unexpected_continuation;
  if (opcode != 0 && context.in_message) return Violation::expected_continuation;
  return std::nullopt;
}

std::optional<Violation> expected_of_second_byte(unsigned first, unsigned second, const Context& context) {
  if ((first & 8) != 0 && (second & 127) > 125) return Violation::control_too_long;
  if (context.role == Role::client && second >= 128) return Violation::masked_frame;
  if (context.role == Role::server && second < 128) return Violation::unmasked_frame;
  return std::nullopt;
}

// Whether a wrong first byte waits for more of what it may begin.
bool may_begin_something_else(unsigned byte, Role role) {
  if (byte == 0x15 || byte == 0x16) return true;
  return std::string_view(role == Role::client ? "H" : "GHPDCO").find(static_cast<char>(byte)) !=
         std::string_view::npos;
}

}  // namespace

TEST_CASE("every pair of first bytes is judged by the rules, in their order, at the byte that shows it") {
  constexpr Context contexts[] = {
      {Role::client, false, 0, 0}, {Role::client, true, 0, 0}, {Role::server, false, 0, 0}, {Role::server, true, 0, 0},
      {Role::server, false, 4, 0}, {Role::client, true, 4, 0}, {Role::client, true, 6, 1},  {Role::server, false, 7, 7},
  };
  for (const Context& context : contexts) {
    FrameDecoder start(context.role, unlimited);
    start.allow_rsv(context.first, context.continuation);
    if (context.in_message) feed_message_start(start, context.role);
    for (unsigned first = 0; first < 256; ++first) {
      const auto early = expected_of_first_byte(first, context);
      for (unsigned second = 0; second < 256; ++second) {
        // One more, for what is told by the third.
        const bool waits = early && may_begin_something_else(first, context.role);
        const std::string bytes =
            std::string{static_cast<char>(first), static_cast<char>(second)} + (waits ? "\xff" : "");
        if (waits && (first == 0x15 || first == 0x16) && second == 3) continue;  // a TLS record
        const auto expected = early ? early : expected_of_second_byte(first, second, context);
        const Outcome outcome = decode(start, bytes);
        const bool right = outcome.violation == expected && verdict(start, bytes) == expected &&
                           (!expected || waits || outcome.bytes == (early ? 1U : 2U));
        if (right) continue;
        CAPTURE(first);
        CAPTURE(second);
        CHECK(right);
      }
    }
  }
}

TEST_CASE("HTTP and TLS are told from frames, however they arrive") {
  struct Row {
    Role role;
    std::string bytes;
    Violation violation;
  };
  const Row rows[] = {
      {Role::client, "HTTP/1.1 502 Bad Gateway\r\n", Violation::http_response},
      {Role::client, "HTTP/2", Violation::reserved_bits},
      {Role::client, "GET / HTTP/1.1\r\n", Violation::reserved_opcode},
      {Role::client, "\x16\x03\x03", Violation::tls_record},
      {Role::client, "\x15\x03\x01", Violation::tls_record},
      {Role::client, "\x15\x02", Violation::reserved_opcode},
      {Role::server, "GET / HTTP/1.1\r\n", Violation::http_request},
      {Role::server, "HEAD / HTTP/1.1\r\n", Violation::http_request},
      {Role::server, "POST / HTTP/1.1\r\n", Violation::http_request},
      {Role::server, "OPTIONS * HTTP/1.1\r\n", Violation::http_request},
      {Role::server, "GOT /", Violation::reserved_opcode},
      {Role::server, "HTTP/1.1 200 OK\r\n", Violation::reserved_bits},
      {Role::server, "\x16\x03\x01", Violation::tls_record},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    const FrameDecoder decoder(row.role, unlimited);
    CHECK(verdict(decoder, row.bytes) == row.violation);
    CHECK(decode(decoder, row.bytes).violation == row.violation);
  }
}

TEST_CASE("a wrong beginning whose rest never comes is wrong all the same") {
  FrameDecoder decoder(Role::client, unlimited);
  CHECK(decoder.receive_eof() == Progress::need_more);
  auto bytes = test::block("HTT");
  base::MutableBytes in(bytes);
  CHECK(decoder.receive(in) == Progress::need_more);
  CHECK(decoder.receive_eof() == Progress::failed);
  CHECK(decoder.violation() == Violation::reserved_bits);
}

TEST_CASE("a refused header has its evidence") {
  const auto evidence = [](std::string_view bytes, std::uint64_t limit = unlimited) {
    FrameDecoder decoder(Role::client, limit);
    auto block = test::block(bytes);
    base::MutableBytes in(block);
    REQUIRE(decoder.receive(in) == Progress::failed);
    return decoder.evidence();
  };
  CHECK(evidence("\xb3\x00"sv).opcode == 3);
  CHECK(evidence("\xe1\x00"sv).rsv == 6);
  CHECK(evidence("\xe1\x00"sv).opcode == 1);
  CHECK(evidence("\x89\x7e"sv).opcode == 9);
  CHECK(evidence("\x89\x7e"sv).limit == max_control_payload);
  CHECK(evidence("\x82\x7e\x00\x05"sv).size == 5);
  CHECK(evidence("\x82\x7f\xff\x00\x00\x00\x00\x00\x00\x01"sv).size == 0xff00000000000001);
  CHECK(evidence("\x82\x7e\x01\x00"sv, 255).size == 256);
  CHECK(evidence("\x82\x7e\x01\x00"sv, 255).limit == 255);
}

TEST_CASE("lengths are refused with their last byte, before the masking key") {
  struct Row {
    std::string length;
    std::optional<Violation> violation;
  };
  const Row rows[] = {
      {"\x7e\x00\x7d"s, Violation::length_not_minimal},
      {"\x7e\x00\x00"s, Violation::length_not_minimal},
      {"\x7e\x00\x7e"s, std::nullopt},
      {"\x7e\xff\xff"s, std::nullopt},
      {"\x7f\x00\x00\x00\x00\x00\x00\xff\xff"s, Violation::length_not_minimal},
      {"\x7f\x00\x00\x00\x00\x00\x00\x00\x00"s, Violation::length_not_minimal},
      {"\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s, std::nullopt},
      {"\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s, std::nullopt},
      {"\x7f\x80\x00\x00\x00\x00\x00\x00\x00"s, Violation::length_too_large},
      {"\x7f\xff\xff\xff\xff\xff\xff\xff\xff"s, Violation::length_too_large},
  };
  for (const Row& row : rows) {
    CAPTURE(test::hex(row.length));
    for (const Role role : {Role::client, Role::server}) {
      std::string bytes = "\x82" + row.length;
      if (role == Role::server) bytes[1] = static_cast<char>(bytes[1] | 0x80);
      const std::size_t length_end = bytes.size();
      if (role == Role::server) bytes += "mask";
      const Outcome outcome = decode(FrameDecoder(role, unlimited), bytes);
      CHECK(outcome.violation == row.violation);
      CHECK(outcome.bytes == (row.violation ? length_end : bytes.size()));
      CHECK(outcome.progress == (row.violation ? Progress::failed : Progress::header));
      CHECK(verdict(FrameDecoder(role, unlimited), bytes) == row.violation);
      CHECK(verdict(FrameDecoder(role, unlimited), std::string_view(bytes).substr(0, length_end)) == row.violation);
    }
  }
}

TEST_CASE("the frame limit holds for data frames alone") {
  struct Row {
    std::uint64_t limit;
    unsigned first_byte;
    std::size_t length;
    bool refused;
  };
  const Row rows[] = {
      {0, 0x82, 0, false},     {0, 0x82, 1, true},     {125, 0x82, 125, false},     {124, 0x82, 125, true},
      {126, 0x81, 126, false}, {126, 0x81, 127, true}, {65536, 0x82, 65536, false}, {65535, 0x82, 65536, true},
      {0, 0x89, 125, false},   {0, 0x88, 2, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.limit);
    CAPTURE(row.length);
    const std::string header = static_cast<char>(row.first_byte) + test::length_bytes(row.length, 0);
    const auto expected = row.refused ? std::optional(Violation::frame_too_big) : std::nullopt;
    CHECK(decode(FrameDecoder(Role::client, row.limit), header).violation == expected);
    CHECK(verdict(FrameDecoder(Role::client, row.limit), header) == expected);
  }
}

TEST_CASE("headers are the same however they arrive") {
  const std::string frames[] = {
      masked_frame(0x01, ""), masked_frame(0x89, std::string(125, 'p')),   masked_frame(0x00, std::string(126, 'a')),
      masked_frame(0x8a, ""), masked_frame(0x80, std::string(70000, 'b')), masked_frame(0xc2, "x"),
  };
  std::string input;
  for (const std::string& one : frames) input += one;
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    FrameDecoder decoder(Role::server, unlimited);
    decoder.allow_rsv(rsv1, 0);
    std::string seen;
    std::uint64_t left = 0;
    for (base::MutableBytes in : pieces) {
      while (!in.empty()) {
        if (left > 0) {
          const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left, in.size()));
          in = in.subspan(taken);
          left -= taken;
          continue;
        }
        const Progress progress = decoder.receive(in);
        REQUIRE(progress != Progress::failed);
        if (progress == Progress::need_more) break;
        const FrameHeader& header = decoder.header();
        left = header.length;
        REQUIRE(header.mask.has_value());
        seen += (header.fin ? "F" : "-") + std::to_string(header.rsv) + std::string(ws::name(header.opcode)) +
                std::to_string(header.length) + " " + test::hex(*header.mask) + (decoder.in_message() ? "+ " : ". ");
      }
    }
    CHECK(left == 0);
    REQUIRE(seen ==
            "-0text0 37fa213d+ F0ping125 37fa213d+ -0continuation126 37fa213d+ F0pong0 37fa213d+ "
            "F0continuation70000 37fa213d. F4binary1 37fa213d. ");
  });
}

TEST_CASE("an incomplete header takes its bytes and asks for more") {
  const std::string header = masked_frame(0x82, std::string(65536, 'x')).substr(0, 14);
  for (std::size_t size = 0; size < header.size(); ++size) {
    CAPTURE(size);
    FrameDecoder decoder(Role::server, unlimited);
    auto begin = test::block(header.substr(0, size));
    base::MutableBytes in(begin);
    CHECK(decoder.receive(in) == Progress::need_more);
    CHECK(in.empty());
    auto rest = test::block(header.substr(size));
    in = rest;
    CHECK(decoder.receive(in) == Progress::header);
    CHECK(decoder.header().length == 65536);
  }
}
