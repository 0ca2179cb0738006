// What each call that sends puts on the wire, and what it refuses.
#include <doctest/doctest.h>

#include "transcripts/endpoint.h"
#include "transcripts/rows.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::Status;

std::string output_hex(Endpoint& endpoint) { return to_hex(endpoint.take_output()); }

base::Bytes bytes(std::string_view text) { return base::as_bytes(text); }

TEST_CASE("K01 a text is one frame, masked by the client") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(client->send_text("Hello") == Status::ok);
  CHECK(output_hex(server) == "810548656c6c6f");
  CHECK(output_hex(client) == "818537fa213d7f9f4d5158");
}

TEST_CASE("K02 an empty text of the client has a key all the same") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  CHECK(server->send_text("") == Status::ok);
  CHECK(client->send_text("") == Status::ok);
  CHECK(output_hex(server) == "8100");
  CHECK(output_hex(client) == "818037fa213d");
}

TEST_CASE("K03 fragments continue the message") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  for (Endpoint* endpoint : {&server, &client}) {
    CHECK((*endpoint)->send_text("Hel", false) == Status::ok);
    CHECK((*endpoint)->sending_message());
    CHECK((*endpoint)->send_continuation(bytes("lo"), true) == Status::ok);
    CHECK_FALSE((*endpoint)->sending_message());
  }
  CHECK(output_hex(server) == "010348656c80026c6f");
  CHECK(output_hex(client) == "018337fa213d7f9f4d808237fa213d5b95");
}

TEST_CASE("K04 Ping and Pong carry their payload") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  for (Endpoint* endpoint : {&server, &client}) {
    CHECK((*endpoint)->send_ping(start, bytes("Hello")) == Status::ok);
    CHECK((*endpoint)->send_pong(bytes("Hello")) == Status::ok);
  }
  CHECK(output_hex(server) == "890548656c6c6f8a0548656c6c6f");
  CHECK(output_hex(client) == "898537fa213d7f9f4d51588a8537fa213d7f9f4d5158");
}

TEST_CASE("K05 a Close carries code and reason") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  CHECK(server->close(start, ws::close_code::normal, "bye") == Status::ok);
  CHECK(client->close(start, ws::close_code::normal, "bye") == Status::ok);
  CHECK(output_hex(server) == "880503e8627965");
  CHECK(output_hex(client) == "888537fa213d3412434452");
}

TEST_CASE("K06 a Close without a code is empty") {
  Endpoint server(Role::server);
  Endpoint client(Role::client);
  CHECK(server->close(start, std::nullopt) == Status::ok);
  CHECK(client->close(start, std::nullopt) == Status::ok);
  CHECK(output_hex(server) == "8800");
  CHECK(output_hex(client) == "888037fa213d");
}

TEST_CASE("K07 K08 the length takes its shortest form") {
  struct Row {
    std::size_t size;
    const char* server;
    const char* client;
  };
  constexpr Row rows[] = {{125, "827d", "82fd"},
                          {126, "827e007e", "82fe007e"},
                          {65535, "827effff", "82feffff"},
                          {65536, "827f0000000000010000", "82ff0000000000010000"}};
  for (const Row& row : rows) {
    CAPTURE(row.size);
    const std::string data(row.size, 'x');
    Endpoint server(Role::server);
    Endpoint client(Role::client);
    CHECK(server->send_binary(bytes(data)) == Status::ok);
    CHECK(client->send_binary(bytes(data)) == Status::ok);
    CHECK(server.take_output() == from_hex(row.server) + data);
    const std::string sent = client.take_output();
    CHECK(sent.rfind(from_hex(row.client) + std::string(example_mask), 0) == 0);
    CHECK(read_frames(sent).front().payload == data);
  }
}

TEST_CASE("K09 K11 the second message refers to the first") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  Endpoint client(options_for(Role::client), ws::DeflateParameters{});
  for (Endpoint* endpoint : {&server, &client}) {
    CHECK((*endpoint)->send_text("Hello") == Status::ok);
    CHECK((*endpoint)->send_text("Hello") == Status::ok);
  }
  CHECK(output_hex(server) == "c107f248cdc9c90700c105f200110000");
  CHECK(output_hex(client) == "c18737fa213dc5b2ecf4fefd21c18537fa213dc5fa303d37");
}

TEST_CASE("K10 without context takeover each message stands alone") {
  ws::DeflateParameters parameters;
  parameters.server_no_context_takeover = true;
  Endpoint server(options_for(Role::server), parameters);
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(output_hex(server) == "c107f248cdc9c90700c107f248cdc9c90700");
}

TEST_CASE("K12 a compressed message is never of zero bytes") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  for (int i = 0; i < 3; ++i) {
    CHECK(server->send_text("") == Status::ok);
    CHECK(output_hex(server) == "c10100");
  }
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(output_hex(server) == "c107f248cdc9c90700");
}

TEST_CASE("K13 each compressed fragment is flushed") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  Endpoint client(options_for(Role::client), ws::DeflateParameters{});
  CHECK(server->send_text("Hel", false) == Status::ok);
  const std::string first = server.take_output();
  CHECK(first.front() == '\x41');
  client.receive(first);
  CHECK(client.partial().empty());  // it is collected
  CHECK(server->send_continuation(bytes("lo"), true) == Status::ok);
  const std::string second = server.take_output();
  CHECK(second.front() == '\x80');
  client.receive(second);
  CHECK(client.story() == Story{{"Text", "Hello"}});

  ws::Options streaming = options_for(Role::client);
  streaming.whole_up_to = 0;
  Endpoint reader(streaming, ws::DeflateParameters{});
  reader.receive(first);
  CHECK(reader.partial() == "Hel");
}

TEST_CASE("K13 a compressed message whose last fragment says nothing is a whole one") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  Endpoint client(options_for(Role::client), ws::DeflateParameters{});
  CHECK(server->send_text("Hel", false) == Status::ok);
  CHECK(server->send_continuation(bytes("lo"), false) == Status::ok);
  client.receive(server.take_output());
  CHECK(server->send_continuation({}, true) == Status::ok);
  CHECK(output_hex(server) == "800100");  // the head of the empty block whose rest is never sent
  client.receive(std::string("\x80\x01\x00", 3));
  CHECK(server->send_text("Hello") == Status::ok);
  client.receive(server.take_output());
  CHECK(client.story() == Story{{"Text", "Hello"}, {"Text", "Hello"}});
}

TEST_CASE("K14 a control frame is never compressed") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  CHECK(server->send_text("Hel", false) == Status::ok);
  server.take_output();
  CHECK(server->send_ping(start, bytes("Hello")) == Status::ok);
  CHECK(server->send_pong(bytes("Hello")) == Status::ok);
  CHECK(server->close(start, ws::close_code::normal, "bye") == Status::ok);
  CHECK(output_hex(server) == "890548656c6c6f8a0548656c6c6f880503e8627965");
}

TEST_CASE("K15 the key goes on through the whole payload, wherever it is cut") {
  constexpr std::string_view text = "some very long data for masking by websocket";
  constexpr std::string_view masked =
      "425d5e511144564648125f5b5f55135050465214575d41145c53405f585c5414534b13435450405b52595640";
  ws::Options options = options_for(Role::client);
  Endpoint client(options, std::nullopt);
  FixedRandom random("1234");
  ws::Connection connection(options, random, {}, {});
  CHECK(connection.send_binary(bytes(text)) == Status::ok);
  const std::string sent(base::as_text(connection.output()));
  CHECK(to_hex(sent) == "82ac31323334" + std::string(masked));
  for_each_split(sent, [&](Pieces pieces, const std::string&) {
    Endpoint server(Role::server);
    server.receive(pieces);
    CHECK(server.story() == Story{{"Binary", std::string(text)}});
  });
}

TEST_CASE("K16 what does not fit into a control frame is refused") {
  const std::string too_long(126, 'x');
  const std::string longest(125, 'x');
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->send_ping(start, bytes(too_long)) == Status::too_long);
    CHECK(endpoint->send_pong(bytes(too_long)) == Status::too_long);
    CHECK(endpoint->close(start, ws::close_code::normal, too_long.substr(0, 124)) == Status::too_long);
    CHECK(endpoint->fail(start, ws::close_code::normal, too_long.substr(0, 124)) == Status::too_long);
    CHECK(endpoint->output().empty());
    CHECK(endpoint->state() == ws::State::open);
    CHECK(endpoint->send_ping(start, bytes(longest)) == Status::ok);
    CHECK(endpoint->send_pong(bytes(longest)) == Status::ok);
    CHECK(endpoint->close(start, ws::close_code::normal, longest.substr(0, 123)) == Status::ok);
    CHECK(endpoint.take_output().size() == 3 * (role == Role::client ? 131U : 127U));
  }
}

TEST_CASE("K19 a reason needs a code, and a reason is UTF-8") {
  Endpoint endpoint(Role::server);
  CHECK(endpoint->close(start, std::nullopt, "bye") == Status::bad_code);
  CHECK(endpoint->close(start, ws::close_code::normal, "\xff") == Status::bad_utf8);
  CHECK(endpoint->output().empty());
  CHECK(endpoint->state() == ws::State::open);
}

TEST_CASE("K20 a message out of order is refused, and the one begun can still be finished") {
  for (const bool compressed : {false, true}) {
    CAPTURE(compressed);
    const auto parameters = compressed ? std::optional(ws::DeflateParameters{}) : std::nullopt;
    Endpoint server(options_for(Role::server), parameters);
    Endpoint client(options_for(Role::client), parameters);
    CHECK(server->send_continuation(bytes("x"), true) == Status::wrong_order);
    CHECK(server->output().empty());
    CHECK(server->send_text("Hel", false) == Status::ok);
    client.receive(server.take_output());
    CHECK(server->send_text("x", false) == Status::wrong_order);
    CHECK(server->send_binary(bytes("x"), true) == Status::wrong_order);
    CHECK(server->output().empty());
    CHECK(server->send_continuation(bytes("lo"), true) == Status::ok);
    CHECK(server->send_continuation(bytes("x"), true) == Status::wrong_order);
    CHECK(server->send_text("next") == Status::ok);
    client.receive(server.take_output());
    CHECK(client.story() == Story{{"Text", "Hello"}, {"Text", "next"}});
  }
}

TEST_CASE("K21 control frames may stand between fragments") {
  Endpoint server(Role::server);
  CHECK(server->send_text("Hel", false) == Status::ok);
  CHECK(server->send_ping(start) == Status::ok);
  CHECK(server->send_pong() == Status::ok);
  CHECK(server->close(start) == Status::ok);
  CHECK(output_hex(server) == "010348656c89008a00880203e8");
}

TEST_CASE("K22 text that is not UTF-8 is refused, across fragments too") {
  for (const bool compressed : {false, true}) {
    CAPTURE(compressed);
    const auto parameters = compressed ? std::optional(ws::DeflateParameters{}) : std::nullopt;
    Endpoint server(options_for(Role::server), parameters);
    Endpoint client(options_for(Role::client), parameters);
    CHECK(server->send_text("\xff") == Status::bad_utf8);
    CHECK(server->send_text("\xc3") == Status::bad_utf8);
    CHECK(server->send_text("\xed\xa0", false) == Status::bad_utf8);
    CHECK(server->output().empty());
    CHECK(server->send_text("caf\xc3", false) == Status::ok);
    CHECK(server->send_continuation(bytes("x"), true) == Status::bad_utf8);
    CHECK(server->send_continuation({}, true) == Status::bad_utf8);
    CHECK(server->send_continuation(bytes("\xa9"), true) == Status::ok);
    CHECK(server->send_binary(bytes("\xff")) == Status::ok);
    client.receive(server.take_output());
    CHECK(client.story() == Story{{"Text", "caf\xc3\xa9"}, {"Binary", "\xff"}});
  }
}

TEST_CASE("K23 after a Close nothing but Pongs is sent, until the peer's Close has come") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start) == Status::ok);
    endpoint.take_output();
    CHECK(endpoint->send_text("x") == Status::wrong_state);
    CHECK(endpoint->send_binary({}) == Status::wrong_state);
    CHECK(endpoint->send_ping(start) == Status::wrong_state);
    CHECK(endpoint->close(start) == Status::wrong_state);
    CHECK(endpoint->output().empty());
    CHECK(endpoint->send_pong() == Status::ok);
    CHECK(read_frames(endpoint.take_output()).size() == 1);
    endpoint.receive_frame(0x88, "\x03\xe8");
    CHECK(endpoint->send_pong() == Status::wrong_state);
    CHECK(endpoint->fail(start, ws::close_code::internal_error) == Status::wrong_state);
    CHECK(endpoint->output().empty());
  }
}

TEST_CASE("a message may be left uncompressed") {
  Endpoint server(options_for(Role::server), ws::DeflateParameters{});
  Endpoint client(options_for(Role::client), ws::DeflateParameters{});
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(server->send({.opcode = ws::Opcode::text, .payload = bytes("Hello"), .compress = false}) == Status::ok);
  CHECK(server->send_text("Hello") == Status::ok);
  const std::string sent = server.take_output();
  CHECK(to_hex(sent) == "c107f248cdc9c90700810548656c6c6fc105f200110000");
  client.receive(sent);
  CHECK(client.story() == Story{{"Text", "Hello"}, {"Text", "Hello"}, {"Text", "Hello"}});
}

}  // namespace
}  // namespace wscope::test
