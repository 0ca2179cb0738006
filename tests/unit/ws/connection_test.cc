#include "ws/connection.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "unit/ws/bytes.h"
#include "unit/ws/connection_machine.h"
#include "unit/ws/custom_extensions.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace wscope::ws;
using test::frame, test::hex, test::Machine, test::masked_frame, test::start, test::Strings;

namespace {

using namespace std::literals;

const std::string request =
    "GET / HTTP/1.1\r\n"
    "Host: example.com\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

const std::string response =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: pcSE6I6RgVgyPQwwLO6+dPXJmuI=\r\n\r\n";

Options options_of(Role role) {
  Options options;
  options.role = role;
  return options;
}

Machine open_machine(Options options) { return {std::move(options), Agreement{}}; }

http::Url url() { return *http::parse_url("ws://example.com/"); }

const PermessageDeflate deflate;

}  // namespace

TEST_CASE("an idle connection is small, and its memory for output is for the next one that sends") {
  CHECK(sizeof(Connection) <= 768);
  base::Buffer spare(10000);
  Options options = options_of(Role::server);
  options.spare_memory = &spare;
  Machine server = open_machine(options);
  CHECK(server->send_text("x") == Status::ok);
  CHECK(server.written() == frame(0x81, "x"));
  CHECK(server->send_text("\xff") == Status::bad_utf8);
  CHECK(spare.capacity() > 0);
  CHECK(server->send_text("y") == Status::ok);
  CHECK(spare.capacity() == 0);
}

TEST_CASE("a connection whose handshake was done elsewhere begins open") {
  Agreement agreement;
  agreement.subprotocol = "chat";
  agreement.extensions = accept_extensions({{"permessage-deflate", {}}}, {&deflate});
  Machine server(options_of(Role::server), std::move(agreement));
  CHECK(server->role() == Role::server);
  CHECK(server->state() == State::open);
  CHECK(server->subprotocol() == "chat");
  CHECK(server->extensions() == "permessage-deflate");
  CHECK(server->wants_input());
  CHECK_FALSE(server->deadline().has_value());
  CHECK(server.events().empty());
  CHECK(server.receive(masked_frame(0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00"sv)) == Strings{"text Hello"});
  for (const Status status : {server->connect(url()), server->accept(start), server->reject(start, 400),
                              server->reject_data(start, {}, true), server->receive_request({})}) {
    CHECK(status == Status::wrong_state);
  }
}

TEST_CASE("nothing can be sent before the connection is open or after it is over") {
  for (const Role role : {Role::client, Role::server}) {
    Machine machine(options_of(role));
    for (int round = 0; round < 2; ++round) {
      for (const Status status :
           {machine->send_text("x"), machine->send_binary({}), machine->send_continuation({}, true),
            machine->send_raw(base::as_bytes("x")), machine->send_ping(start), machine->send_pong(),
            machine->close(start), machine->fail(start, close_code::policy_violation)}) {
        CHECK(status == Status::wrong_state);
      }
      CHECK(machine->output().empty());
      machine.end();
      CHECK(machine->state() == State::closed);
    }
  }
}

TEST_CASE("a caller who does not keep to the order is told") {
  Machine client(options_of(Role::client));
  auto bytes = test::block("x");
  CHECK(client->receive(bytes) == Status::wrong_state);
  CHECK(client->accept(start) == Status::wrong_state);
  CHECK(client->reject(start, 400) == Status::wrong_state);
  Machine server = open_machine(options_of(Role::server));
  auto ping = test::block(masked_frame(0x89, "") + masked_frame(0x89, ""));
  CHECK(server->receive(ping) == Status::ok);
  CHECK(server->receive(bytes) == Status::wrong_state);
  CHECK(server->next_event(start).has_value());
  CHECK(server->receive(bytes) == Status::wrong_state);
  server.events();
  server.end();
  CHECK(server->receive(bytes) == Status::wrong_state);
  CHECK_FALSE(server->wants_input());
  Machine other(options_of(Role::server));
  CHECK(other->connect(url()) == Status::wrong_state);
}

TEST_CASE("client and server open and talk") {
  Options of_client = options_of(Role::client);
  Options of_server = options_of(Role::server);
  of_client.extensions = of_server.extensions = {&deflate};
  Machine client(of_client);
  Machine server(of_server);
  CHECK(client->connect(url()) == Status::ok);
  CHECK(server.receive(client.written()) == Strings{"request"});
  CHECK_FALSE(server->wants_input());
  CHECK(server->accept(start) == Status::ok);
  CHECK(server.events() == Strings{"opened permessage-deflate"});
  CHECK(client.receive(server.written()) == Strings{"opened permessage-deflate"});
  CHECK(client->send_text("Hello") == Status::ok);
  CHECK(server.receive(client.written()) == Strings{"text Hello"});
  CHECK(server->send_text("Hel", false) == Status::ok);
  CHECK(server->sending_message());
  CHECK(server->send_continuation(base::as_bytes("lo"), true) == Status::ok);
  CHECK(client.receive(server.written()) == Strings{"text Hello"});
  CHECK(client->close(start, close_code::normal, "bye") == Status::ok);
  CHECK(client->state() == State::local_closing);
  CHECK(server.receive(client.written()) == Strings{"close 1000 bye"});
  CHECK(client.receive(server.written()) == Strings{"close 1000 bye"});
  CHECK(server->wants_half_close());
  CHECK_FALSE(client->wants_half_close());
  CHECK(client->close_expected());
  CHECK(client.end() == Strings{"closed 1000"});
  CHECK_FALSE(client->close_expected());
  CHECK(client->wants_half_close());
  CHECK(client->closing().clean());
  CHECK(client.events().empty());
}

TEST_CASE("what comes behind the 101 is read after Opened") {
  Options options = options_of(Role::client);
  Machine client(options);
  CHECK(client->connect(url()) == Status::ok);
  const std::string key = client.written();
  const std::size_t at = key.find("Sec-WebSocket-Key: ") + 19;
  std::string answer = response;
  answer.replace(answer.find("pcSE"), 28, accept_value(key.substr(at, 24)));
  CHECK(client.receive(answer + frame(0x81, "early")) == Strings{"opened ", "text early"});
}

TEST_CASE("early frames are read after the server has accepted, pieces of compressed ones too") {
  const auto sender = deflate.agreed(Role::client, {});
  Rsv rsv = 0;
  const std::string text(100000, 'x');
  const std::string compressed(base::as_text(*sender->encode({}, true, base::as_bytes(text), rsv)));
  Options options = options_of(Role::server);
  options.extensions = {&deflate};
  options.whole_up_to = 0;
  Machine server(options);
  const std::string early = masked_frame(0x89, "p") + masked_frame(0xc1, compressed) + masked_frame(0x81, "cut");
  CHECK(server.receive(request + early.substr(0, 20)) == Strings{"request"});
  CHECK(server.receive(early.substr(20, early.size() - 21)).empty());
  CHECK(server->accept(start) == Status::ok);
  CHECK(server->state() == State::open);
  Strings seen = server.events();
  REQUIRE(seen.size() >= 4);
  CHECK(seen[0] == "opened permessage-deflate");
  CHECK(seen[1] == "ping p");
  std::size_t size = 0;
  for (std::size_t i = 2; i + 1 < seen.size(); ++i) size += seen[i].size() - 5;
  CHECK(size == text.size());
  CHECK(seen.back() == "text cu");
  CHECK(server.receive(early.substr(early.size() - 1)) == Strings{"text t"});
}

TEST_CASE("a server may refuse in pieces while the client goes on sending") {
  Machine server(options_of(Role::server));
  server.receive(request);
  CHECK(server->reject(start, 401, {}, base::as_bytes("so"), false) == Status::ok);
  CHECK(server->state() == State::rejecting);
  CHECK(server.receive("more").empty());
  CHECK(server.receive("and more").empty());
  CHECK(server->reject_data(start, base::as_bytes("rry"), true) == Status::ok);
  CHECK(server->state() == State::closed);
  CHECK(server.receive("even more").empty());
  CHECK_FALSE(server->wants_half_close());
  server.written();
  CHECK(server->wants_half_close());
  CHECK(server.end() == Strings{"closed 1006"});
}

TEST_CASE("a server answers a bad request by itself, and ends") {
  Machine server(options_of(Role::server));
  CHECK(server.receive("POST / HTTP/1.1\r\nHost: x\r\n\r\n") == Strings{"handshake failed: the method must be GET"});
  CHECK(server.written().find("HTTP/1.1 405") == 0);
  CHECK(server->state() == State::closed);
  CHECK(server.end() == Strings{"closed 1006"});
}

TEST_CASE("a client reads a refusal to its end") {
  Machine client(options_of(Role::client));
  CHECK(client->connect(url()) == Status::ok);
  CHECK(client.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n") == Strings{"rejected 404"});
  CHECK(client->state() == State::rejecting);
  CHECK(client.receive("abcx") == Strings{"body abc", "body "});
  CHECK(client->state() == State::closed);
  CHECK(client.end() == Strings{"closed 1006"});

  Machine cut(options_of(Role::client));
  CHECK(cut->connect(url()) == Status::ok);
  CHECK(cut.end() == Strings{"handshake failed: the connection was closed before the handshake", "closed 1006"});
}

TEST_CASE("a request from another stack is answered like one that was read") {
  Machine server(options_of(Role::server));
  http::HeadParser parser(http::HeadParser::Kind::request, {});
  base::Bytes in = base::as_bytes(request);
  REQUIRE(parser.receive(in) == http::HeadParser::Progress::done);
  CHECK(server->receive_request(parser.take_request()) == Status::ok);
  CHECK(server.events() == Strings{"request"});
  CHECK(server->accept(start) == Status::ok);
  CHECK(server.events() == Strings{"opened "});
}

TEST_CASE("violations are answered with their code, once, and what follows is ignored") {
  const struct {
    std::string input, event;
    unsigned code;
  } rows[] = {
      {frame(0x83, ""), "failed 1002 reserved opcode", 1002},
      {frame(0x81, "\xff"), "failed 1007 text is not UTF-8", 1007},
      {frame(0x88, "x"), "failed 1002 close frame with a payload of one byte", 1002},
      {frame(0x88, "\x03\xed"), "failed 1002 close code that may not be sent", 1002},
      {frame(0x88, "\x03\xe8\xff"), "failed 1007 close reason is not UTF-8", 1007},
      {frame(0x88, "\x03\xed\xff"), "failed 1002 close code that may not be sent", 1002},
  };
  for (const auto& row : rows) {
    CAPTURE(row.event);
    Machine client = open_machine(options_of(Role::client));
    CHECK(client.receive(row.input + frame(0x81, "ignored")) == Strings{row.event});
    CHECK(client->state() == State::closed);
    CHECK(client.written().substr(0, 1) == "\x88");
    REQUIRE(client->closing().sent.has_value());
    CHECK(client->closing().sent->code.value == row.code);
    CHECK(client.receive("ignored").empty());
    CHECK(client->send_text("x") == Status::wrong_state);
    CHECK(client->output().empty());
    CHECK(client.end() == Strings{"closed 1006"});

    Machine closing = open_machine(options_of(Role::client));
    CHECK(closing->close(start) == Status::ok);
    closing.written();
    CHECK(closing.receive(row.input) == Strings{row.event});
    CHECK(closing->output().empty());
  }
}

TEST_CASE("an extension of the caller's own works over connections, and its failure is a protocol error") {
  const auto agree = [](std::unique_ptr<Extension> extension) {
    Agreement agreement;
    agreement.extensions.elements = {{"x-test", {}}};
    agreement.extensions.extensions.push_back(std::move(extension));
    return agreement;
  };
  Machine client(options_of(Role::client), agree(test::flip_case()));
  Machine server(options_of(Role::server), agree(test::flip_case()));
  CHECK(server->send_text("Hello") == Status::ok);
  CHECK(hex(server->output()) == "a105" + hex("hELLO"));
  CHECK(client.receive(server.written()) == Strings{"text Hello"});

  Machine broken(options_of(Role::server), agree(std::make_unique<test::BrokenExtension>()));
  CHECK(broken.receive(masked_frame(0x81, "x")) == Strings{"failed 1002 extension could not decode the payload"});
}

TEST_CASE("pings are answered, up to the limit one by one and then only the latest") {
  Options options = options_of(Role::server);
  options.limits.pending_pongs = 2;
  Machine server = open_machine(options);
  std::string pings;
  for (const char c : "abcde"s) pings += masked_frame(0x89, {&c, 1});
  CHECK(server.receive(pings) == Strings{"ping a", "ping b", "ping c", "ping d", "ping e"});
  CHECK(base::as_text(server->output()) == frame(0x8a, "a") + frame(0x8a, "b"));
  server->consume_output(3);
  CHECK(base::as_text(server->output()) == frame(0x8a, "b"));
  server->consume_output(3);
  CHECK(server.written() == frame(0x8a, "e"));
  CHECK(server->output().empty());
  server.receive(masked_frame(0x89, "f"));
  CHECK(server.written() == frame(0x8a, "f"));
}

TEST_CASE("pings can be left to the caller") {
  Options options = options_of(Role::server);
  options.auto_pong = false;
  Machine server = open_machine(options);
  CHECK(server.receive(masked_frame(0x89, "p")) == Strings{"ping p"});
  CHECK(server->output().empty());
  CHECK(server->send_pong(base::as_bytes("p")) == Status::ok);
  CHECK(server.written() == frame(0x8a, "p"));
}

TEST_CASE("a postponed pong is not sent after our part of the closing is over") {
  Options options = options_of(Role::server);
  options.limits.pending_pongs = 1;
  Machine server = open_machine(options);
  server.receive(masked_frame(0x89, "p") + masked_frame(0x89, "q") + masked_frame(0x88, ""));
  CHECK(server.written() == frame(0x8a, "p") + frame(0x88, ""));
  CHECK(server->output().empty());
}

TEST_CASE("closing can be left to the caller") {
  Options options = options_of(Role::server);
  options.auto_close = false;
  Machine server = open_machine(options);
  CHECK(server.receive(masked_frame(0x88, "\x03\xe8") + masked_frame(0x81, "ignored")) == Strings{"close 1000 "});
  CHECK(server->state() == State::remote_closing);
  CHECK(server->output().empty());
  CHECK(server->send_pong() == Status::wrong_state);
  CHECK(server->send_ping(start) == Status::wrong_state);
  CHECK(server.receive(masked_frame(0x89, "ignored")).empty());
  CHECK(server->close(start, close_code::going_away) == Status::ok);
  CHECK(server->state() == State::closed);
  CHECK(server.written() == frame(0x88, "\x03\xe9"));
  CHECK(server->closing().received_first);
  CHECK(server.end() == Strings{"closed 1000"});
}

TEST_CASE("a close that may not be sent changes nothing") {
  Machine server = open_machine(options_of(Role::server));
  CHECK(server->close(start, close_code::no_status) == Status::bad_code);
  CHECK(server->close(start, close_code::abnormal) == Status::bad_code);
  CHECK(server->close(start, std::nullopt, "reason") == Status::bad_code);
  CHECK(server->close(start, close_code::normal, std::string(124, 'x')) == Status::too_long);
  CHECK(server->close(start, close_code::normal, "\xff") == Status::bad_utf8);
  CHECK(server->fail(start, close_code::abnormal) == Status::bad_code);
  CHECK(server->state() == State::open);
  CHECK(server->output().empty());
  CHECK_FALSE(server->closing().sent.has_value());
  CHECK(server->close(start, std::nullopt) == Status::ok);
  CHECK(server.written() == frame(0x88, ""));
  CHECK(server->closing().sent == Close{});
}

TEST_CASE("the caller may fail the connection for a reason of its own") {
  Machine server = open_machine(options_of(Role::server));
  CHECK(server->fail(start, close_code::policy_violation, "no") == Status::ok);
  CHECK(server->state() == State::closed);
  CHECK(server.written() == frame(0x88, "\x03\xf0no"));
  CHECK(server.receive(masked_frame(0x81, "ignored")).empty());
  CHECK(server->fail(start, close_code::policy_violation) == Status::wrong_state);

  Machine closing = open_machine(options_of(Role::server));
  CHECK(closing->close(start) == Status::ok);
  closing.written();
  CHECK(closing->fail(start, close_code::policy_violation) == Status::ok);
  CHECK(closing->state() == State::closed);
  CHECK(closing->output().empty());
}

TEST_CASE("the output limit refuses data but never a close") {
  Options options = options_of(Role::server);
  options.limits.output = 20;
  Machine server = open_machine(options);
  CHECK(server->send_binary(base::as_bytes("123456")) == Status::ok);
  CHECK(server->send_binary(base::as_bytes("123456")) == Status::output_full);
  CHECK(server->send_raw(base::as_bytes("1234567890123")) == Status::output_full);
  while (server->send_ping(start, base::as_bytes(std::string(125, 'p'))) == Status::ok) {
  }
  CHECK(server->close(start, close_code::normal, std::string(123, 'r')) == Status::ok);

  options.limits.output = SIZE_MAX;
  Machine free = open_machine(options);
  CHECK(free->send_binary(base::as_bytes(std::string(5000000, 'x'))) == Status::ok);
}

TEST_CASE("an opening that takes too long fails") {
  for (const Role role : {Role::client, Role::server}) {
    Options options = options_of(role);
    options.open_timeout = 10s;
    Machine machine(options);
    CHECK(machine->deadline() == start + 10s);
    CHECK(machine.advance(9s).empty());
    CHECK(machine.advance(10s) == Strings{"handshake failed: the handshake took too long", "closed 1006 timed out"});
    CHECK(machine->state() == State::closed);
    CHECK(machine->wants_half_close());
    CHECK_FALSE(machine->deadline().has_value());
    CHECK(machine.advance(30s).empty());
  }
}

TEST_CASE("a refusal that takes too long fails too, and an opening in time does not") {
  Options options = options_of(Role::client);
  options.open_timeout = 10s;
  Machine refused(options);
  CHECK(refused->connect(url()) == Status::ok);
  refused.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n");
  CHECK(refused.advance(10s) == Strings{"handshake failed: the handshake took too long", "closed 1006 timed out"});

  options.role = Role::server;
  Machine server(options);
  server.receive(request);
  CHECK_FALSE(server->deadline().has_value());  // the answer is the caller's
  CHECK(server->accept(start + 20s) == Status::ok);
  CHECK(server.advance(30s) == Strings{"opened "});
}

TEST_CASE("a closing that takes too long is over, whatever began it") {
  Options options = options_of(Role::client);
  options.close_timeout = 5s;
  Machine ours = open_machine(options);
  CHECK(ours->close(start) == Status::ok);
  CHECK(ours->deadline() == start + 5s);
  CHECK(ours.advance(5s) == Strings{"closed 1006 timed out"});
  CHECK(ours->wants_half_close() == ours->output().empty());
  CHECK(ours->state() == State::closed);

  Machine theirs = open_machine(options);
  theirs.receive(frame(0x88, "\x03\xe8"));
  CHECK(theirs->deadline() == start + 5s);
  CHECK(theirs.advance(5s) == Strings{"closed 1000 timed out"});

  Machine failed = open_machine(options);
  failed.receive(frame(0x83, ""));
  CHECK(failed.advance(5s) == Strings{"closed 1006 timed out"});

  Machine in_time = open_machine(options);
  in_time.receive(frame(0x88, "\x03\xe8"));
  CHECK(in_time.end() == Strings{"closed 1000"});
  CHECK_FALSE(in_time->deadline().has_value());
}

TEST_CASE("an owner that does not look after the end of the stream has as long as for a closing") {
  Options options = options_of(Role::server);
  options.close_timeout = 5s;
  Machine server = open_machine(options);
  CHECK(server->send_text("x") == Status::ok);
  server->receive_eof(start + 1s);
  server->advance(start + 1s);
  CHECK(server->deadline() == start + 6s);
  CHECK_FALSE(server->timed_out());
  server->advance(start + 6s);
  CHECK(server->timed_out());
  CHECK(server.events() == Strings{"closed 1006"});
}

TEST_CASE("keepalive sends pings and measures the round trip") {
  Options options = options_of(Role::server);
  options.ping_interval = 20s;
  Machine server = open_machine(options);
  CHECK(server->deadline() == start + 20s);
  CHECK(server.advance(20s).empty());
  CHECK(server.written() == frame(0x89, "\x37\xfa\x21\x3d"));
  CHECK(server->deadline() == start + 40s);
  server.wait_until(23s);
  const std::string pong = masked_frame(0x8a, "\x37\xfa\x21\x3d");
  CHECK(server.receive(pong + pong) == Strings{"pong 3s keepalive", "pong unasked"});
  CHECK(server->close(start) == Status::ok);
  CHECK_FALSE(server->deadline().has_value());
}

TEST_CASE("keepalive fails a connection that is silent, and no other") {
  Options options = options_of(Role::client);
  options.ping_interval = 20s;
  options.ping_timeout = 10s;
  Machine client = open_machine(options);
  client.advance(20s);
  client.written();
  CHECK(client->deadline() == start + 30s);
  CHECK(client.receive(frame(0x81, "any")) == Strings{"text any"});
  CHECK(client->deadline() == start + 40s);
  client.advance(40s);
  client.written();
  client->excuse_silence(start + 49s);
  CHECK(client->deadline() == start + 59s);
  CHECK(client.advance(58s).empty());
  CHECK(client.advance(59s) == Strings{"failed 1011 keepalive ping timeout"});
  CHECK(client->closing().sent->code == close_code::internal_error);
  CHECK(client->state() == State::closed);
  CHECK_FALSE(client->deadline().has_value());
}

TEST_CASE("whole messages and pieces keep the order of frames") {
  Options options = options_of(Role::client);
  options.whole_up_to = 4;
  options.hold_back_partial = true;
  Machine client = open_machine(options);
  CHECK(client.receive(frame(0x01, "\xe2")).empty());
  CHECK(client.receive(frame(0x89, "p")) == Strings{"ping p"});
  CHECK(client.receive(frame(0x80, "\x82\xac!!")) == Strings{"text \xe2\x82\xac", "text !!"});
}
