#include "app/ending.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/ws/connection_machine.h"

using namespace wscope;
using test::frame;
using test::Machine;

namespace {

ws::Failed failed(ws::Violation violation) {
  return {violation, ws::close_code_for(violation), ws::describe(violation)};
}

Machine open_client() {
  ws::Options options;
  options.close_timeout = std::chrono::seconds(1);
  return {std::move(options), ws::Agreement{}};
}

std::string close_payload(unsigned code, const std::string& reason = "") {
  return std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)} + reason;
}

std::optional<base::Error> judge(Machine& machine, const std::string& socket_error = "") {
  return app::judge_end(*machine.operator->(), socket_error);
}

}  // namespace

TEST_CASE("a violation is the peer's fault, in words") {
  const base::Error error = app::explain_violation(failed(ws::Violation::reserved_opcode));
  CHECK(error.kind == base::ErrorKind::protocol);
  CHECK(error.message == "the peer broke the protocol: reserved opcode");
  CHECK(error.hint.empty());
}

TEST_CASE("what is too long for an option names the option") {
  const base::Error message = app::explain_violation(failed(ws::Violation::message_too_big));
  CHECK(message.kind == base::ErrorKind::protocol);
  CHECK(message.message == "the peer sent too long a message");
  CHECK(message.hint == "--max-size allows more");
  const base::Error frame = app::explain_violation(failed(ws::Violation::frame_too_big));
  CHECK(frame.kind == base::ErrorKind::protocol);
  CHECK(frame.message == "the peer sent too long a frame");
  CHECK(frame.hint == "--max-frame allows more");
}

TEST_CASE("a peer that answers no Ping is lost") {
  const base::Error error = app::explain_violation(failed(ws::Violation::ping_timeout));
  CHECK(error.kind == base::ErrorKind::lost);
  CHECK(error.message == "connection lost: no answer to a Ping (--ping-timeout)");
}

TEST_CASE("a Close with 1000, 1001 or no code is a good end") {
  for (const std::string& payload : {close_payload(1000), close_payload(1001, "later"), std::string()}) {
    CAPTURE(payload);
    for (const bool ours_first : {false, true}) {
      Machine client = open_client();
      if (ours_first) CHECK(client->close(test::start, ws::CloseCode{4000}) == ws::Status::ok);
      client.feed(frame(0x88, payload));
      client.end();
      CHECK(!judge(client));
      CHECK(!judge(client, "connection reset by peer"));  // it had said all
    }
  }
}

TEST_CASE("our own code, said back, is a good end") {
  Machine client = open_client();
  CHECK(client->close(test::start, ws::CloseCode{4000}) == ws::Status::ok);
  client.feed(frame(0x88, close_payload(4000, "ok")));
  client.end();
  CHECK(!judge(client));
}

TEST_CASE("a Close with another code is named, also if ours came first") {
  Machine client = open_client();
  CHECK(client->close(test::start) == ws::Status::ok);
  client.feed(frame(0x88, close_payload(1002)));
  client.end();
  REQUIRE(judge(client).has_value());
  CHECK(judge(client)->message == "closed by the peer: 1002 (protocol error)");
}

TEST_CASE("a Close with another code is named") {
  struct {
    unsigned code;
    std::string reason;
    std::string words;
  } const rows[] = {{1002, "", "1002 (protocol error)"},
                    {1011, "out of memory", "1011 (internal error) out of memory"},
                    {1008, "no", "1008 (policy violation) no"},
                    {3000, "", "3000 (registered)"},
                    {4321, "own", "4321 (private use) own"}};
  for (const auto& row : rows) {
    Machine client = open_client();
    client.feed(frame(0x88, close_payload(row.code, row.reason)));
    client.end();
    const auto error = judge(client);
    REQUIRE(error.has_value());
    CHECK(error->kind == base::ErrorKind::closed);
    CHECK(error->message == "closed by the peer: " + row.words);
  }
}

TEST_CASE("an end without a Close is a loss, with what is known about it") {
  Machine client = open_client();
  std::string socket_error;
  std::string words;
  SUBCASE("the stream ends") {
    client.end();
    words = "without a Close from the peer";
  }
  SUBCASE("the socket fails") {
    client.end();
    words = socket_error = "connection reset by peer";
  }
  SUBCASE("our Close is not answered, but the stream ends") {
    CHECK(client->close(test::start) == ws::Status::ok);
    client.end();
    words = "without a Close from the peer";
  }
  SUBCASE("our Close is not answered at all") {
    CHECK(client->close(test::start) == ws::Status::ok);
    client.advance(std::chrono::seconds(1));
    words = "the peer did not answer the Close";
  }
  SUBCASE("the stream ends while output waits, for too long") {
    CHECK(client->send_text("waits") == ws::Status::ok);
    client->receive_eof(test::start);
    client->advance(test::start);
    client.advance(std::chrono::seconds(1));
    CHECK(client->timed_out());
    words = "without a Close from the peer";
  }
  SUBCASE("our Close is not answered and the socket fails") {
    CHECK(client->close(test::start) == ws::Status::ok);
    client.advance(std::chrono::seconds(1));
    words = socket_error = "broken pipe";
  }
  const auto error = judge(client, socket_error);
  REQUIRE(error.has_value());
  CHECK(error->kind == base::ErrorKind::lost);
  CHECK(error->message == "connection lost: " + words);
}
