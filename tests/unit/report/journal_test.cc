#include "report/journal.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "support/fake_time.h"
#include "unit/link/notes.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::Strings;
using wire::Direction;

namespace {

struct Fixture {
  test::FakeTime time;
  net::Poller poller{&time};
  test::NotedReports reports;
  report::Journal journal{poller, reports};

  void open(const std::string& extensions = "") {
    view::OpenView open;
    open.url = "ws://h/";
    open.extensions = extensions;
    open.peer = "127.0.0.1:80";
    journal.report(1, link::Opened{open});
  }
  void message(std::string_view data) { journal.report(1, link::Received{{.data = base::as_bytes(data)}}); }
  void sent(std::string_view data) { journal.report(1, link::Sent{ws::Opcode::text, base::as_bytes(data)}); }
  void frame(Direction direction, ws::Opcode opcode, std::uint64_t length) {
    wire::Frame frame;
    frame.opcode = static_cast<std::uint8_t>(opcode);
    frame.length = length;
    journal.report(1, link::FrameSeen{direction, frame});
  }
  [[nodiscard]] std::string status() const { return journal.describe(1); }
  [[nodiscard]] bool tells(const std::string& line) const {
    return ("\n" + status()).find("\n" + line) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("what is said is in the transcript, both ways, with how long the answers took") {
  Fixture fixture;
  fixture.open();
  fixture.sent("one");
  fixture.time.pass(41ms);
  fixture.message("two");
  fixture.message("three");
  const auto& entries = fixture.journal.transcript().entries();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].direction == Direction::out);
  CHECK(entries[0].payload == "one");
  CHECK_FALSE(entries[0].latency);
  CHECK(entries[1].direction == Direction::in);
  CHECK(entries[1].latency == 41ms);
  CHECK_FALSE(entries[2].latency);
}

TEST_CASE("so are Pings, Pongs and Closes") {
  Fixture fixture;
  fixture.open();
  wire::Frame ping;
  ping.opcode = 9;
  ping.payload = base::as_bytes("p");
  fixture.journal.report(1, link::FrameSeen{Direction::out, ping});
  const auto& entries = fixture.journal.transcript().entries();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].unanswered);
  fixture.journal.report(1, link::Heard{ws::Event(ws::Pong{.payload = base::as_bytes("p"), .round_trip = 80us})});
  CHECK_FALSE(entries[0].unanswered);
  fixture.journal.report(1, link::Heard{ws::Event(ws::Ping{base::as_bytes("q")})});
  fixture.journal.report(1, link::FrameSeen{Direction::in, ping});  // which is told as an event
  fixture.journal.report(1, link::Heard{ws::Event(ws::CloseReceived{ws::close_code::no_status, ""})});
  wire::Frame close;
  close.opcode = 8;
  close.payload = base::as_bytes(
      "\x0f\xa0"
      "bye");
  fixture.journal.report(1, link::FrameSeen{Direction::out, close});
  wire::Frame odd;
  odd.opcode = 11;
  fixture.journal.report(1, link::FrameSeen{Direction::out, odd});
  REQUIRE(entries.size() == 5);
  CHECK(entries[1].opcode == ws::Opcode::pong);
  CHECK(entries[1].latency == 80us);
  CHECK(entries[2].opcode == ws::Opcode::ping);
  CHECK(entries[3].opcode == ws::Opcode::close);
  CHECK_FALSE(entries[3].code);
  CHECK(entries[4].code == ws::CloseCode{4000});
  CHECK(entries[4].payload == "bye");
}

TEST_CASE("that the oldest entries had to go is said once") {
  Fixture fixture;
  const std::string much(16'000'000, 'x');
  for (int i = 0; i < 9; ++i) fixture.message(much);
  Strings warnings;
  for (const std::string& line : fixture.reports.lines) {
    if (line.starts_with("warn")) warnings.push_back(line);
  }
  CHECK(warnings == Strings{"warn 0 the transcript has 64 MiB: its oldest entries go"});
}

TEST_CASE("of what has not happened nothing is told") {
  const Fixture fixture;
  CHECK(fixture.status().empty());
}

TEST_CASE("a connection is described before and after it opens") {
  Fixture fixture;
  fixture.journal.report(1, link::Connecting{"ws://h/", "127.0.0.1:80"});
  CHECK(fixture.status() ==
        "url         ws://h/\n"
        "address     127.0.0.1:80\n"
        "sent        0 messages, 0 bytes\n"
        "received    0 messages, 0 bytes\n");
  fixture.open();
  fixture.time.pass(1h + 1500ms);
  CHECK(fixture.status() ==
        "url         ws://h/\n"
        "address     127.0.0.1:80\n"
        "open for    3601.5 s\n"
        "subprotocol none\n"
        "extensions  none\n"
        "sent        0 messages, 0 bytes\n"
        "received    0 messages, 0 bytes\n");
}

TEST_CASE("messages of each side are counted, with their bytes") {
  Fixture fixture;
  fixture.open();
  fixture.sent("12345");
  fixture.message("1");
  fixture.message("");
  fixture.frame(Direction::out, ws::Opcode::text, 5);
  CHECK(fixture.tells("sent        1 message, 5 bytes\n"));
  CHECK(fixture.tells("received    2 messages, 1 byte\n"));
}

TEST_CASE("what compression saves is told, control frames apart") {
  Fixture fixture;
  fixture.open("permessage-deflate");
  fixture.sent(std::string(1000, 'x'));
  fixture.frame(Direction::out, ws::Opcode::text, 100);
  fixture.frame(Direction::out, ws::Opcode::continuation, 150);
  fixture.frame(Direction::out, ws::Opcode::ping, 77);
  CHECK(fixture.tells("extensions  permessage-deflate\n"));
  CHECK(fixture.tells("sent        1 message, 1000 bytes, on the wire 250 (25 %)\n"));
  CHECK(fixture.tells("received    0 messages, 0 bytes\n"));
}

TEST_CASE("round trips are measured by Pongs that were asked for") {
  Fixture fixture;
  fixture.journal.report(1, link::Heard{ws::Pong{{}, std::nullopt}});
  CHECK(fixture.status().empty());
  for (const base::Duration took : {3ms, 1ms, 2ms}) fixture.journal.report(1, link::Heard{ws::Pong{{}, took}});
  CHECK(fixture.tells("round trip  2.00 ms, min 1.00, max 3.00 of 3\n"));
}

TEST_CASE("secrets in heads are masked, and nothing in them does harm") {
  Fixture fixture;
  fixture.journal.report(1,
                         link::HeadSeen{Direction::out, {"GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"}});
  fixture.journal.report(
      1, link::HeadSeen{Direction::in, {"HTTP/1.1 101 x\r\nSet-Cookie: c2VjcmV0\r\nX: \x1b[31m\r\n\r\n"}});
  CHECK(fixture.tells("  > GET / HTTP/1.1\n  > Authorization: ***\n"));
  CHECK(fixture.tells("  < HTTP/1.1 101 x\n"));
  CHECK(fixture.status().find("c2VjcmV0") == std::string::npos);
  CHECK(fixture.status().find('\x1b') == std::string::npos);
}

TEST_CASE("what TLS agreed on is a line") {
  Fixture fixture;
  fixture.journal.report(1, link::Secured{{"TLSv1.3", "AES", "", {}, ""}});
  CHECK(fixture.tells("tls         TLSv1.3, AES\n"));
}

TEST_CASE("a connection that is made anew begins anew, and one that is forgotten is gone") {
  Fixture fixture;
  fixture.open();
  fixture.sent("x");
  fixture.journal.report(1, link::Connecting{"ws://other/", "127.0.0.2:80"});
  CHECK(fixture.tells("sent        0 messages, 0 bytes\n"));
  CHECK(fixture.tells("url         ws://other/\n"));
  fixture.journal.forget(1);
  CHECK(fixture.status().empty());
}

TEST_CASE("a client that was never let in is forgotten with its end, and no other one") {
  Fixture fixture;
  const ws::CloseRecord record;
  fixture.journal.report(1, link::HeadSeen{Direction::in, {"GET / HTTP/1.1\r\n\r\n"}});
  fixture.journal.report(1, link::Secured{{"TLSv1.3", "AES", "", {}, ""}});
  CHECK_FALSE(fixture.status().empty());
  fixture.journal.report(1, link::Heard{ws::Closed{&record, false}});
  CHECK(fixture.status().empty());
  fixture.open();
  fixture.journal.report(1, link::Heard{ws::Closed{&record, false}});
  CHECK_FALSE(fixture.status().empty());
  fixture.journal.report(1, link::Connecting{"ws://h/", "127.0.0.1:80"});
  fixture.journal.report(1, link::Heard{ws::Closed{&record, false}});
  CHECK(fixture.tells("url         ws://h/\n"));
}

TEST_CASE("however many have come, one that is open is remembered") {
  Fixture fixture;
  fixture.open();
  for (link::ConnectionNumber number = 2; number < 20'000; ++number) {
    fixture.journal.report(number, link::HeadSeen{Direction::in, {"GET / HTTP/1.1\r\n\r\n"}});
  }
  CHECK(fixture.tells("url         ws://h/\n"));
}

TEST_CASE("of a client it wants to know what it has asked for, whatever the next one wants") {
  const Fixture fixture;
  CHECK(fixture.journal.interests().requests);
  CHECK_FALSE(fixture.reports.interests().requests);
}

TEST_CASE("everything is told to the next one too") {
  Fixture fixture;
  const ws::CloseRecord record;
  fixture.journal.report(1, link::Connecting{"ws://h/", "a"});
  fixture.open();
  fixture.sent("s");
  fixture.message("r");
  fixture.journal.report(1, link::Heard{ws::Ping{}});
  fixture.journal.note(1, "n");
  fixture.journal.warn(1, "w");
  fixture.frame(Direction::in, ws::Opcode::text, 1);
  fixture.journal.report(1, link::HeadSeen{Direction::in, {"H"}});
  fixture.journal.report(1, link::Secured{{}});
  fixture.journal.report(1, link::Timed{{}});
  fixture.journal.report(1, link::Ended{record});
  CHECK(fixture.reports.lines == Strings{"connecting 1 ws://h/", "open 1", "sent 1 s", "message 1 r", "event 1",
                                         "note 1 n", "warn 1 w", "frame 1", "head 1", "tls 1", "timing 1",
                                         "closed 1 1006"});
}

TEST_CASE("the handshake of a client that was refused is kept") {
  Fixture fixture;
  const auto refuse = [&](link::ConnectionNumber number, const std::string& peer) {
    fixture.journal.report(number, link::HeadSeen{Direction::in, {"GET /" + peer + " HTTP/1.1\r\n\r\n"}});
    view::RefusedView view;
    view.peer = peer;
    fixture.journal.report(number, link::Refused{view});
    fixture.journal.report(number, link::HeadSeen{Direction::out, {"HTTP/1.1 404 Not Found\r\n\r\n"}});
    const ws::CloseRecord record;
    fixture.journal.report(number, link::Heard{ws::Closed{&record, false}});
  };
  refuse(7, "one");
  refuse(8, "two");
  const std::string lines = fixture.journal.describe_handshake(std::nullopt);
  CHECK(lines.starts_with("refused: two\n  < GET /two HTTP/1.1\n"));
  CHECK(lines.find("  > HTTP/1.1 404 Not Found\n") != std::string::npos);
  CHECK(fixture.journal.find(8) == nullptr);
}
