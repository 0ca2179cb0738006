#include "cli/offline_arguments.h"

#include "arguments.h"

using namespace std::string_literals;
using namespace wscope;
using namespace wscope::test;
using decode::DecodePlan;
using decode::EncodePlan;
using decode::StoredFrame;
using wire::StoredInstruction;
using ws::Opcode;

namespace {

DecodePlan decoding(Arguments options) {
  options.insert(options.begin(), "decode");
  return parse<DecodePlan>(options);
}

EncodePlan encoding(Arguments options) {
  options.insert(options.begin(), "encode");
  return parse<EncodePlan>(options);
}

std::string complaint_of(Arguments options) {
  options.insert(options.begin(), "encode");
  return complaint(options);
}

const StoredInstruction& event(const EncodePlan& plan, std::size_t index) {
  REQUIRE(plan.items.size() > index);
  return std::get<StoredInstruction>(plan.items[index]);
}

}  // namespace

TEST_CASE("decode reads stdin unless told otherwise, and looks for itself") {
  const DecodePlan plan = decoding({});
  CHECK(plan.file == "-");
  CHECK(plan.from == decode::InputKind::automatic);
  CHECK_FALSE(plan.role.has_value());
  CHECK_FALSE(plan.deflate.has_value());
  const DecodePlan all =
      decoding({"a.hex", "--from", "hex", "--role", "server", "--deflate", "server_max_window_bits=9", "--json",
                "--strict", "--stats", "--dump-size", "1K", "--no-color"});
  CHECK(all.file == "a.hex");
  CHECK(all.from == decode::InputKind::hex);
  CHECK(all.role == ws::Role::server);
  REQUIRE(all.deflate.has_value());
  CHECK(all.deflate->server_max_window_bits == 9);
  CHECK(all.dump_size == 1024);
  CHECK(all.color == view::ColorChoice::never);
  CHECK_FALSE(decoding({"--role", "auto"}).role.has_value());
  CHECK(decoding({"--deflate", ""}).deflate == ws::DeflateParameters());
  CHECK(complaint({"decode", "--deflate", "x"}).starts_with("--deflate: "));
}

TEST_CASE("connections of a capture are chosen by port and number") {
  const DecodePlan plan = decoding({"--from", "pcap", "--port", "8080", "--stream", "0"});
  CHECK(plan.from == decode::InputKind::pcap);
  CHECK(plan.port == 8080);
  CHECK(plan.stream == 0);
  CHECK(decoding({"--from", "har"}).from == decode::InputKind::har);
  CHECK(complaint({"decode", "--port", "65536"}) == "--port wants a number up to 65535, not \"65536\"");
  CHECK(complaint({"decode", "--stream", "x"}).starts_with("--stream wants a number"));
}

TEST_CASE("items stay in their order") {
  const EncodePlan plan =
      encoding({"--text", "a", "--frame", "ping fin=0 x", "--binary", "00ff", "--text", "", "--close", "1001",
                "good bye", "--ping", "--pong", "p", "--close", "--role", "server"});
  REQUIRE(plan.items.size() == 8);
  CHECK(event(plan, 0) == StoredInstruction{Opcode::text, "a"});
  const auto& frame = std::get<StoredFrame>(plan.items[1]);
  CHECK(frame.header.opcode == 9);
  CHECK_FALSE(frame.header.fin);
  CHECK(frame.masked_by_role);
  CHECK(frame.payload == "x");
  CHECK(event(plan, 2) == StoredInstruction{Opcode::binary, "\x00\xff"s});
  CHECK(event(plan, 3) == StoredInstruction{Opcode::text, ""});
  CHECK(event(plan, 4) == StoredInstruction{Opcode::close, "good bye", ws::CloseCode{1001}});
  CHECK(event(plan, 5) == StoredInstruction{Opcode::ping, ""});
  CHECK(event(plan, 6) == StoredInstruction{Opcode::pong, "p"});
  CHECK(event(plan, 7) == StoredInstruction{Opcode::close, "", ws::CloseCode{1000}});
  CHECK(plan.role == ws::Role::server);
}

TEST_CASE("what is an option is no payload, unless it stands in one word") {
  CHECK(event(encoding({"--ping", "--role", "server"}), 0).payload.empty());
  CHECK(event(encoding({"--ping=--role"}), 0).payload == "--role");
  CHECK(event(encoding({"--ping", ""}), 0).payload.empty());
  CHECK(event(encoding({"--text", "--ping"}), 0) == StoredInstruction{Opcode::text, "--ping"});
}

TEST_CASE("how items are encoded") {
  const EncodePlan plan =
      encoding({"--text", "a", "--mask", "37fa213d", "--fragment", "3", "--deflate", "", "--out", "c"});
  CHECK(plan.masking == EncodePlan::Masking::key);
  CHECK(plan.key == ws::MaskKey{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}});
  CHECK(plan.fragment == 3);
  CHECK(plan.deflate == ws::DeflateParameters());
  CHECK(plan.out == decode::OutputKind::c);
  CHECK(encoding({"--ping", "--mask", "none"}).masking == EncodePlan::Masking::none);
  CHECK(encoding({"--ping", "--mask", "random"}).masking == EncodePlan::Masking::random);
  CHECK(encoding({"--in", "json"}).reads_json);
}

TEST_CASE("what cannot be encoded says why") {
  CHECK(complaint_of({}) == "nothing to encode");
  CHECK(complaint_of({"--text", "\xff"}) == "--text: not UTF-8; --frame sends anything");
  CHECK(complaint_of({"--binary", "0"}) == "--binary: wants pairs of hexadecimal digits");
  CHECK(complaint_of({"--ping", std::string(126, 'x')}) == "--ping: more than 125 bytes; --frame sends anything");
  CHECK(complaint_of({"--close", "x"}) == "--close: \"x\" is no close code");
  CHECK(complaint_of({"--frame", "bad"}) == "--frame: \"bad\" is no opcode");
  CHECK(complaint_of({"--text", "a", "--mask", "12"}) ==
        "--mask wants 8 hexadecimal digits, random or none, not \"12\"");
}
