#include "decode/encode.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "decode/direction_decoder.h"
#include "random_items.h"
#include "ws/frame.h"

using namespace wscope;
using namespace std::string_literals;
using decode::EncodePlan;
using decode::StoredFrame;
using wire::StoredInstruction;
using ws::Opcode;

namespace {

class Counting final : public base::RandomSource {
 public:
  using RandomSource::fill;
  void fill(base::MutableBytes out) noexcept override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned next_ = 0;
};

std::string encode(const EncodePlan& plan, const std::vector<EncodePlan::Item>& items) {
  Counting random;
  decode::Encoder encoder(plan, random);
  std::string out;
  for (const EncodePlan::Item& item : items) {
    std::visit([&](const auto& what) { encoder.encode(what, [&out](std::string_view frame) { out += frame; }); }, item);
  }
  return out;
}

EncodePlan of_server() {
  EncodePlan plan;
  plan.role = ws::Role::server;
  return plan;
}

}  // namespace

TEST_CASE("the examples of RFC 6455 section 5.7 and RFC 7692 section 7.2.3") {
  EncodePlan plan = of_server();
  CHECK(encode(plan, {StoredInstruction{Opcode::text, "Hello"}}) == "\x81\x05Hello");
  CHECK(encode(plan, {StoredInstruction{Opcode::ping, "Hello"}}) == "\x89\x05Hello");
  CHECK(encode(plan, {StoredInstruction{Opcode::binary, std::string(256, 'x')}}).starts_with("\x82\x7e\x01\x00x"s));
  plan.fragment = 3;
  CHECK(encode(plan, {StoredInstruction{Opcode::text, "Hello"}}) == "\x01\x03Hel\x80\x02lo");
  plan.fragment.reset();
  plan.deflate.emplace();
  const StoredInstruction hello{Opcode::text, "Hello"};
  CHECK(encode(plan, {hello, hello}) == "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"s);
  EncodePlan client;
  client.masking = EncodePlan::Masking::key;
  client.key = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
  CHECK(encode(client, {hello}) == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  CHECK(encode(client, {StoredInstruction{Opcode::pong, "Hello"}}) == "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST_CASE("masks are random for a client, and whatever is asked for") {
  EncodePlan plan;
  CHECK(encode(plan, {StoredInstruction{Opcode::ping, ""}, StoredInstruction{Opcode::ping, ""}}) ==
        "\x89\x80\x01\x02\x03\x04\x89\x80\x05\x06\x07\x08");
  plan.masking = EncodePlan::Masking::none;
  CHECK(encode(plan, {StoredInstruction{Opcode::ping, ""}}) == "\x89\x00"s);
  EncodePlan server = of_server();
  CHECK(encode(server, {StoredInstruction{Opcode::ping, ""}}) == "\x89\x00"s);
  server.masking = EncodePlan::Masking::random;
  CHECK(encode(server, {StoredInstruction{Opcode::ping, ""}}) == "\x89\x80\x01\x02\x03\x04");
}

TEST_CASE("a Close has its code in front, and an empty message is one frame") {
  const EncodePlan plan = of_server();
  CHECK(encode(plan, {StoredInstruction{Opcode::close, "bye", ws::CloseCode{1000}}}) ==
        "\x88\x05\x03\xe8"
        "bye");
  CHECK(encode(plan, {StoredInstruction{Opcode::close}}) == "\x88\x00"s);
  CHECK(encode(plan, {StoredInstruction{Opcode::text, ""}}) == "\x81\x00"s);
}

namespace {

// What a decoder makes of it, as one would ask for it: frames, of which the last may be cut.
std::vector<StoredFrame> decode_all(const std::string& bytes, const decode::DirectionDecoder::Options& options = {}) {
  decode::DirectionDecoder::Options all = options;
  all.kept_bytes = SIZE_MAX;
  decode::DirectionDecoder decoder(all);
  std::vector<StoredFrame> frames;
  const auto take = [&] {
    while (const auto event = decoder.next_event()) {
      const wire::Frame* frame = nullptr;
      if (const auto* decoded = std::get_if<decode::DecodedFrame>(&*event)) frame = &decoded->frame;
      if (const auto* tail = std::get_if<decode::Tail>(&*event)) frame = tail->frame ? &*tail->frame : nullptr;
      if (frame == nullptr) continue;
      frames.push_back({static_cast<const wire::Header&>(*frame), false, std::string(base::as_text(frame->payload))});
    }
  };
  base::Bytes rest = base::as_bytes(bytes);
  while (!rest.empty()) {
    rest = rest.subspan(decoder.receive(rest, 0));
    take();
  }
  decoder.receive_eof();
  take();
  return frames;
}

bool same_header(const wire::Header& a, const wire::Header& b) {
  return a.opcode == b.opcode && a.fin == b.fin && a.rsv == b.rsv && a.mask == b.mask && a.length == b.length &&
         a.form == b.form;
}

}  // namespace

TEST_CASE("every frame that can be made, legal or not, is what it was once it is decoded") {
  std::mt19937 random(7);
  const EncodePlan plan = of_server();
  for (int i = 0; i < 3000; ++i) {
    const StoredFrame frame = test::random_frame(random);
    const std::string bytes = encode(plan, {frame});
    const auto decoded = decode_all(bytes);
    REQUIRE_FALSE(decoded.empty());
    CHECK(same_header(decoded.front().header, frame.header));
    const auto whole = static_cast<std::size_t>(std::min<std::uint64_t>(frame.header.length, frame.payload.size()));
    CHECK(decoded.front().payload == frame.payload.substr(0, whole));
    std::string again;
    if (frame.header.length == frame.payload.size()) again = encode(plan, {decoded.front()});
    if (!again.empty()) CHECK(again == bytes);
  }
}

TEST_CASE("every event is what it was, masked, in fragments and compressed") {
  std::mt19937 random(8);
  for (int i = 0; i < 500; ++i) {
    EncodePlan plan;
    plan.role = i % 2 == 0 ? ws::Role::client : ws::Role::server;
    if (i % 3 == 0) plan.fragment = 1 + random() % 50;
    std::vector<EncodePlan::Item> items;
    std::vector<StoredInstruction> said;
    for (int n = 0; n < 5; ++n) {
      said.push_back(test::random_event(random));
      items.emplace_back(said.back());
    }
    // Put together again.
    std::vector<StoredInstruction> heard;
    for (const StoredFrame& frame : decode_all(encode(plan, items))) {
      const auto opcode = static_cast<Opcode>(frame.header.opcode);
      CHECK(frame.header.mask.has_value() == (plan.role == ws::Role::client));
      if (opcode == Opcode::continuation) {
        heard.back().payload += frame.payload;
      } else if (opcode == Opcode::close && frame.payload.size() >= 2) {
        const auto code = base::load_big_endian<std::uint16_t>(base::as_bytes(frame.payload).data());
        heard.push_back({opcode, frame.payload.substr(2), ws::CloseCode{code}});
      } else {
        heard.push_back({opcode, frame.payload});
      }
    }
    CHECK(heard == said);
  }
}

TEST_CASE("what is compressed in fragments is inflated again") {
  std::mt19937 random(9);
  for (const bool takeover : {true, false}) {
    EncodePlan plan = of_server();
    plan.deflate.emplace();
    plan.deflate->server_no_context_takeover = !takeover;
    plan.fragment = 7;
    std::string text;
    for (int i = 0; i < 200; ++i) text += static_cast<char>('a' + random() % 3);
    const std::string bytes =
        encode(plan, {StoredInstruction{Opcode::text, text}, StoredInstruction{Opcode::text, text}});
    decode::DirectionDecoder decoder({ws::Role::server, plan.deflate, SIZE_MAX});
    std::string inflated;
    for (base::Bytes rest = base::as_bytes(bytes); !rest.empty();) {
      rest = rest.subspan(decoder.receive(rest, 0));
      while (const auto event = decoder.next_event()) {
        const auto& frame = std::get<decode::DecodedFrame>(*event);
        CHECK(frame.findings.empty());
        REQUIRE(frame.frame.inflated.has_value());
        inflated += base::as_text(frame.frame.inflated->kept);
      }
    }
    CHECK(inflated == text + text);
  }
}
