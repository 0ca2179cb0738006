#include "ws/message_writer.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/ws/bytes.h"
#include "unit/ws/custom_extensions.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::hex;

namespace {

using namespace std::literals;

// A writer with what it writes to.
struct Writer {
  explicit Writer(Role role, ExtensionChain extensions = {}, std::size_t room = 1 << 20)
      : chain(std::move(extensions)), writer(role, random, chain), out(room + control_reserve) {}

  Status write(Opcode opcode, std::string_view payload, bool finished = true) {
    return writer.write({.opcode = opcode, .payload = base::as_bytes(payload), .finished = finished}, out);
  }
  Status control(Opcode opcode, std::string_view payload) {
    return writer.write_control(opcode, base::as_bytes(payload), out);
  }
  Status close(unsigned code, std::string_view reason) {
    return writer.write_close(CloseCode{static_cast<std::uint16_t>(code)}, reason, out);
  }
  std::string take() {
    std::string bytes(base::as_text(out.view()));
    out.consume(bytes.size());
    return bytes;
  }

  test::FixedRandom random;
  ExtensionChain chain;
  MessageWriter writer;
  base::Buffer out;
};

ExtensionChain deflating(const PermessageDeflate& offer, Role role, const DeflateParameters& parameters = {}) {
  return test::chain_of(offer.agreed(role, parameters));
}

}  // namespace

TEST_CASE("a server sends frames as they are, a client masks them") {
  Writer server(Role::server);
  Writer client(Role::client);
  CHECK(server.write(Opcode::text, "Hello") == Status::ok);
  CHECK(client.write(Opcode::text, "Hello") == Status::ok);
  CHECK(hex(server.take()) == "810548656c6c6f");
  CHECK(hex(client.take()) == "818537fa213d7f9f4d5158");
  CHECK(server.write(Opcode::text, "") == Status::ok);
  CHECK(client.write(Opcode::text, "") == Status::ok);
  CHECK(hex(server.take()) == "8100");
  CHECK(hex(client.take()) == "818037fa213d");
}

TEST_CASE("messages may be sent in fragments") {
  Writer server(Role::server);
  CHECK_FALSE(server.writer.in_message());
  CHECK(server.write(Opcode::text, "Hel", false) == Status::ok);
  CHECK(server.writer.in_message());
  CHECK(server.write(Opcode::continuation, "", false) == Status::ok);
  CHECK(server.write(Opcode::continuation, "lo") == Status::ok);
  CHECK_FALSE(server.writer.in_message());
  CHECK(hex(server.take()) ==
        "010348656c"
        "0000"
        "80026c6f");
}

TEST_CASE("every size of payload is written behind its header") {
  for (const std::size_t size : {0UL, 125UL, 126UL, 65535UL, 65536UL}) {
    CAPTURE(size);
    const std::string payload(size, 'x');
    Writer server(Role::server);
    CHECK(server.write(Opcode::binary, payload) == Status::ok);
    CHECK((server.take() == test::frame(0x82, payload)));
    Writer client(Role::client);
    CHECK(client.write(Opcode::binary, payload) == Status::ok);
    CHECK((client.take() == test::masked_frame(0x82, payload)));
  }
}

TEST_CASE("frames that are out of order are refused, and the message can still be finished") {
  Writer server(Role::server);
  CHECK(server.write(Opcode::continuation, "x") == Status::wrong_order);
  CHECK(server.write(Opcode::continuation, "x", false) == Status::wrong_order);
  CHECK(server.take().empty());
  CHECK(server.write(Opcode::binary, "a", false) == Status::ok);
  CHECK(server.write(Opcode::text, "x") == Status::wrong_order);
  CHECK(server.write(Opcode::binary, "x", false) == Status::wrong_order);
  CHECK(server.writer.in_message());
  CHECK(server.write(Opcode::continuation, "b") == Status::ok);
  CHECK(hex(server.take()) ==
        "020161"
        "800162");
}

TEST_CASE("text is validated over its fragments") {
  Writer server(Role::server);
  CHECK(server.write(Opcode::text, "\xff") == Status::bad_utf8);
  CHECK(server.write(Opcode::text, "\xe2\x82") == Status::bad_utf8);
  CHECK(server.write(Opcode::text, "\xed\xa0", false) == Status::bad_utf8);
  CHECK_FALSE(server.writer.in_message());
  CHECK(server.take().empty());

  CHECK(server.write(Opcode::text, "\xe2\x82", false) == Status::ok);
  CHECK(server.write(Opcode::continuation, "x", false) == Status::bad_utf8);
  CHECK(server.write(Opcode::continuation, "") == Status::bad_utf8);
  CHECK(server.write(Opcode::continuation, "\xac", false) == Status::ok);
  CHECK(server.write(Opcode::continuation, "") == Status::ok);
  CHECK(hex(server.take()) ==
        "0102e282"
        "0001ac"
        "8000");

  CHECK(server.write(Opcode::binary, "\xff", false) == Status::ok);
  CHECK(server.write(Opcode::continuation, "\xff") == Status::ok);
}

TEST_CASE("text that is known to be valid is not looked at") {
  Writer server(Role::server);
  const Piece begin{.payload = base::as_bytes("\xe2"), .finished = false, .known_utf8 = true};
  const Piece end{.opcode = Opcode::continuation, .payload = base::as_bytes("\x82\xac"), .known_utf8 = true};
  CHECK(server.writer.write(begin, server.out) == Status::ok);
  CHECK(server.writer.write(end, server.out) == Status::ok);
  CHECK(hex(server.take()) ==
        "0101e2"
        "800282ac");
}

TEST_CASE("a full output refuses data, but has room for control frames") {
  Writer server(Role::server, {}, 100);
  const std::size_t most = 100 - max_frame_header;
  CHECK(server.write(Opcode::binary, std::string(most + 1, 'x')) == Status::output_full);
  CHECK(server.out.empty());
  CHECK(server.write(Opcode::text, std::string(most, 'x'), false) == Status::ok);
  CHECK(server.write(Opcode::continuation, "") == Status::output_full);  // there may be no longest header's room
  CHECK(server.writer.in_message());

  std::size_t pings = 0;
  while (server.control(Opcode::ping, std::string(125, 'p')) == Status::ok) ++pings;
  CHECK(pings >= 7);
  CHECK(server.control(Opcode::pong, std::string(125, 'p')) == Status::output_full);
  const std::size_t size = server.out.size();
  CHECK(server.close(1000, std::string(123, 'r')) == Status::ok);
  CHECK(server.out.size() == size + 127);
}

TEST_CASE("control frames of up to 125 bytes are written, also inside a message") {
  Writer client(Role::client);
  CHECK(client.write(Opcode::text, "Hel", false) == Status::ok);
  CHECK(client.control(Opcode::ping, "Hello") == Status::ok);
  CHECK(client.control(Opcode::pong, "Hello") == Status::ok);
  CHECK(client.writer.in_message());
  CHECK(hex(client.take()) ==
        "018337fa213d7f9f4d"
        "898537fa213d7f9f4d5158"
        "8a8537fa213d7f9f4d5158");
  CHECK(client.control(Opcode::ping, std::string(125, 'p')) == Status::ok);
  CHECK(client.take() == test::masked_frame(0x89, std::string(125, 'p')));
  CHECK(client.control(Opcode::ping, std::string(126, 'p')) == Status::too_long);
  CHECK(client.control(Opcode::pong, std::string(126, 'p')) == Status::too_long);
  CHECK(client.take().empty());
}

TEST_CASE("a close frame carries a code that may travel and a reason that fits") {
  Writer server(Role::server);
  Writer client(Role::client);
  CHECK(server.close(1000, "bye") == Status::ok);
  CHECK(client.close(1000, "bye") == Status::ok);
  CHECK(hex(server.take()) == "880503e8627965");
  CHECK(hex(client.take()) == "888537fa213d3412434452");
  CHECK(server.close(1005, "") == Status::ok);
  CHECK(hex(server.take()) == "8800");
  CHECK(server.close(4999, "") == Status::ok);
  CHECK(hex(server.take()) == "88021387");
  CHECK(server.close(1014, std::string(123, 'r')) == Status::ok);
  CHECK(server.take() == test::frame(0x88, "\x03\xf6" + std::string(123, 'r')));

  for (const unsigned code : {0U, 999U, 1004U, 1006U, 1015U, 1016U, 2999U, 5000U, 65535U}) {
    CAPTURE(code);
    CHECK(server.close(code, "") == Status::bad_code);
  }
  CHECK(server.close(1005, "reason") == Status::bad_code);
  CHECK(server.close(1000, std::string(124, 'r')) == Status::too_long);
  CHECK(server.close(1000, "\xc3") == Status::bad_utf8);
  CHECK(server.take().empty());
}

TEST_CASE("permessage-deflate compresses what is sent") {
  const PermessageDeflate offer;
  Writer server(Role::server, deflating(offer, Role::server));
  CHECK(server.write(Opcode::text, "Hello") == Status::ok);
  CHECK(server.write(Opcode::text, "Hello") == Status::ok);
  CHECK(hex(server.take()) ==
        "c107f248cdc9c90700"
        "c105f200110000");
  CHECK(server.control(Opcode::ping, "Hello") == Status::ok);
  CHECK(hex(server.take()) == "890548656c6c6f");

  Writer client(Role::client, deflating(offer, Role::client));
  CHECK(client.write(Opcode::text, "Hello") == Status::ok);
  CHECK(hex(client.take()) == "c18737fa213dc5b2ecf4fefd21");
}

TEST_CASE("the sender may leave a message uncompressed") {
  const PermessageDeflate offer;
  Writer server(Role::server, deflating(offer, Role::server));
  const Piece plain{.payload = base::as_bytes("Hel"), .finished = false, .compress = false};
  CHECK(server.writer.write(plain, server.out) == Status::ok);
  CHECK(server.write(Opcode::continuation, "lo") == Status::ok);  // the first piece decides
  CHECK(hex(server.take()) ==
        "010348656c"
        "80026c6f");
}

TEST_CASE("what extensions make of a frame must fit too") {
  Writer broken(Role::server, test::chain_of(std::make_unique<test::BrokenExtension>()));
  CHECK(broken.write(Opcode::text, "x", false) == Status::output_full);
  CHECK_FALSE(broken.writer.in_message());
  CHECK(broken.out.empty());
  Writer bloated(Role::server, test::chain_of(std::make_unique<test::InflatingExtension>(2000)));
  CHECK(bloated.write(Opcode::text, "x", false) == Status::output_full);
  CHECK_FALSE(bloated.writer.in_message());
  CHECK(bloated.out.empty());
  Writer fitting(Role::server, test::chain_of(std::make_unique<test::InflatingExtension>(1000)));
  CHECK(fitting.write(Opcode::text, "x") == Status::ok);
  CHECK(fitting.take() == test::frame(0x81, std::string(1000, 'x')));
}
