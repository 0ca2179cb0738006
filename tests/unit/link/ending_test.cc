#include "link/ending.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "link/connection_options.h"
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
  return link::judge_end(*machine.operator->(), link::StreamEnd{socket_error});
}

}  // namespace

TEST_CASE("a violation is the peer's fault, in words") {
  const base::Error error = link::explain_violation(failed(ws::Violation::reserved_opcode));
  CHECK(error.kind == base::ErrorKind::protocol);
  CHECK(error.message == "the peer broke the protocol: frame with the reserved opcode 0; we sent 1002");
  CHECK(error.hint.empty());
}

TEST_CASE("what is too long for an option names the option") {
  ws::Failed too_big = failed(ws::Violation::message_too_big);
  too_big.evidence.size = 20;
  too_big.evidence.limit = 10;
  const base::Error message = link::explain_violation(too_big);
  CHECK(message.kind == base::ErrorKind::protocol);
  CHECK(message.message ==
        "the peer sent too long a message: 20 bytes, over the limit of 10 (--max-size); we sent 1009");
  CHECK(message.hint.empty());  // it was given
  too_big.evidence.limit = streams::longest_held_message;
  CHECK(link::explain_violation(too_big).hint == "--max-size allows more");
  too_big.violation = ws::Violation::frame_too_big;
  const base::Error frame = link::explain_violation(too_big);
  CHECK(frame.kind == base::ErrorKind::protocol);
  CHECK(frame.message ==
        "the peer sent too long a frame: 20 bytes, over the limit of 16777216 (--max-frame); we sent 1009");
  CHECK(frame.hint.empty());
}

TEST_CASE("a peer that answers no Ping is lost") {
  const base::Error error = link::explain_violation(failed(ws::Violation::ping_timeout));
  CHECK(error.kind == base::ErrorKind::lost);
  CHECK(error.message == "connection lost: no answer to a Ping (--ping-timeout); we sent 1011");
}

TEST_CASE("a Close with 1000, 1001 or no code is a good end") {
  for (const std::string& payload : {close_payload(1000), close_payload(1001, "later"), std::string()}) {
    CAPTURE(payload);
    for (const bool ours_first : {false, true}) {
      Machine client = open_client();
      if (ours_first) CHECK(client->close(test::start, ws::CloseCode{4000}) == ws::Status::ok);
      client.receive(frame(0x88, payload));
      client.end();
      CHECK(!judge(client));
      CHECK(!judge(client, "connection reset by peer"));  // it had said all
    }
  }
}

TEST_CASE("our own code, said back, is a good end") {
  Machine client = open_client();
  CHECK(client->close(test::start, ws::CloseCode{4000}) == ws::Status::ok);
  client.receive(frame(0x88, close_payload(4000, "ok")));
  client.end();
  CHECK(!judge(client));
}

TEST_CASE("a Close with another code is named, also if ours came first") {
  Machine client = open_client();
  CHECK(client->close(test::start) == ws::Status::ok);
  client.receive(frame(0x88, close_payload(1002)));
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
    client.receive(frame(0x88, close_payload(row.code, row.reason)));
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

TEST_CASE("a message that was cut off makes a clean end a bad one, and is named in every other") {
  const std::string begun = frame(0x01, "Hel");
  const std::string words = "the last message is incomplete: 3 bytes of a text message came";
  Machine closed = open_client();
  closed.receive(begun + frame(0x88, close_payload(1000)));
  closed.end();
  REQUIRE(judge(closed).has_value());
  CHECK(judge(closed)->kind == base::ErrorKind::protocol);
  CHECK(judge(closed)->message == "closed by the peer: 1000 (OK); " + words);

  Machine ours = open_client();
  CHECK(ours->close(test::start) == ws::Status::ok);
  ours.receive(begun + frame(0x88, close_payload(1000)));
  ours.end();
  REQUIRE(judge(ours).has_value());
  CHECK(judge(ours)->kind == base::ErrorKind::lost);
  CHECK(judge(ours)->message == "closed in the middle of a message; " + words);

  Machine other = open_client();
  other.receive(begun + frame(0x88, close_payload(1011)));
  other.end();
  REQUIRE(judge(other).has_value());
  CHECK(judge(other)->kind == base::ErrorKind::closed);
  CHECK(judge(other)->message == "closed by the peer: 1011 (internal error); " + words);

  Machine lost = open_client();
  lost.receive(begun);
  lost.end();
  REQUIRE(judge(lost).has_value());
  CHECK(judge(lost)->kind == base::ErrorKind::lost);
  CHECK(judge(lost)->message == "connection lost: without a Close from the peer; " + words);
}

TEST_CASE("a message of ours that the peer's Close cuts off is lost") {
  for (const bool peer_begins : {true, false}) {
    Machine client = open_client();
    CHECK(client->send_binary(base::as_bytes("ab"), false) == ws::Status::ok);
    if (!peer_begins) CHECK(client->close(test::start) == ws::Status::ok);
    client.receive(frame(0x88, close_payload(1000)));
    client.end();
    const auto error = judge(client);
    REQUIRE(error.has_value() == peer_begins);
    if (!peer_begins) continue;
    CHECK(error->kind == base::ErrorKind::lost);
    CHECK(error->message ==
          "closed by the peer: 1000 (OK); our last message is incomplete: 2 bytes of a binary message went out");
  }
}

TEST_CASE("a loss says how long it had been silent, and what to do about a proxy's patience") {
  using namespace std::chrono_literals;
  Machine client = open_client();
  client.end();
  const auto loss = [&](base::Duration silence, bool pings = false) {
    return *link::judge_end(*client.operator->(), link::StreamEnd{"", silence, pings});
  };
  const std::string lost = "connection lost: without a Close from the peer";
  CHECK(loss(500ms).message == lost);
  CHECK(loss(2500ms).message == lost + ", after 2.5 s of silence");
  CHECK(loss(2500ms).hint.empty());
  CHECK(loss(60200ms).message == lost + ", after 60 s of silence");
  CHECK(loss(60200ms).hint == "a proxy may end what is silent for 60 s: --ping-interval 30 keeps it open");
  CHECK(loss(59900ms).hint == loss(60200ms).hint);
  CHECK(loss(60200ms, true).hint.empty());
  CHECK(loss(65s).hint.empty());
  CHECK(loss(1h).hint.find("--ping-interval 1800") != std::string::npos);
}
