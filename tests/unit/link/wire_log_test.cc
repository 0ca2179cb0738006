#include "link/wire_log.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/loop.h"
#include "support/split.h"
#include "unit/peer/owner.h"
#include "unit/report/reports.h"

using namespace wscope;
using test::frame;
using test::masked_frame;
using Lines = std::vector<std::string>;

namespace {

report::Reporting frames_as_events() {
  report::Reporting reporting;
  reporting.format = streams::OutputFormat::json;
  reporting.frames = true;
  return reporting;
}

constexpr std::string_view response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

/// A log of a connection with the number 3.
struct Fixture {
  explicit Fixture(const report::Reporting& reporting) : reports(poller, reporting, Reports::Scope::many) {}
  using Reports = test::Reports;

  /// Shows it bytes as a Peer does; the parts that it lets through.
  Lines receive(std::string_view bytes) {
    Lines parts;
    while (!bytes.empty()) {
      const std::size_t size = log.handle_received(base::as_bytes(bytes));
      REQUIRE(size > 0);
      REQUIRE(size <= bytes.size());
      parts.emplace_back(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
    return parts;
  }

  net::Poller poller;
  Reports reports;
  link::WireLog log{*reports, 3};
};

/// The bytes of frames that were reported, in hex: "in 8101aa".
Lines frames_of(const std::string& out) {
  Lines frames;
  for (const std::string& event : test::events_in(out)) {
    const auto value = [&](std::string_view key) {
      const std::size_t at = event.find(key) + key.size();
      return event.substr(at, event.find('"', at) - at);
    };
    frames.push_back(value(R"("dir":")") + " " + value(R"("hex":")"));
  }
  return frames;
}

}  // namespace

TEST_CASE("what comes is let through one head or frame at a time") {
  Fixture fixture(frames_as_events());
  const Lines units = {std::string(response), frame(0x81, "one"), frame(0x89, ""),
                       frame(0x02, std::string(70'000, 'x')), frame(0x80, "")};
  std::string all;
  for (const std::string& unit : units) all += unit;
  CHECK(fixture.receive(all + "\x81") == Lines{units[0], units[1], units[2], units[3], units[4], "\x81"});
}

TEST_CASE("frames are reported with their direction and number, however they arrive") {
  const std::string in = std::string(response) + frame(0x81, "one") + frame(0x8a, "") + frame(0x01, "t");
  const std::string out = "GET / HTTP/1.1\r\n\r\n" + masked_frame(0x82, "two") + masked_frame(0x89, "");
  test::for_each_split(in, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Fixture fixture(frames_as_events());
    for (const auto piece : pieces) fixture.receive(base::as_text(piece));
    CHECK(frames_of(fixture.reports.out()) == Lines{"in 81036f6e65", "in 8a00", "in 010174"});
  });
  test::for_each_split(out, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Fixture fixture(frames_as_events());
    for (const auto piece : pieces) fixture.log.handle_sent(piece);
    CHECK(frames_of(fixture.reports.out()) == Lines{"out 828337fa213d438d4e", "out 898037fa213d"});
  });
}

TEST_CASE("both directions are told apart though their bytes are mixed") {
  Fixture fixture(frames_as_events());
  fixture.receive(response.substr(0, 20));
  fixture.log.handle_sent(base::as_bytes("GET / HTTP/1.1\r\n\r\n"));
  fixture.receive(response.substr(20));
  fixture.receive(
      "\x81\x02"
      "a");
  fixture.log.handle_sent(base::as_bytes("\x81"));
  fixture.receive("b");
  fixture.log.handle_sent(base::as_bytes(std::string_view("\x00\x82\x00", 3)));
  const std::string reported = fixture.reports.out();
  CHECK(frames_of(reported) == Lines{"in 81026162", "out 8100", "out 8200"});
  CHECK(test::outline(reported) == Lines{"frame 3 in", "frame 3 out", "frame 3 out"});
}

TEST_CASE("heads are reported verbosely") {
  report::Reporting reporting;
  reporting.verbosity = report::Verbosity::verbose;
  Fixture fixture(reporting);
  fixture.log.handle_sent(base::as_bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  fixture.receive(response);
  fixture.receive(frame(0x81, "no frames were asked for"));
  CHECK(fixture.reports.err() ==
        "> GET / HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 101 Switching Protocols\n< Upgrade: websocket\n<\n");
  CHECK(fixture.reports.out().empty());
}

TEST_CASE("compressed frames of both directions are described with what they say") {
  const std::string agreed =
      "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: permessage-deflate; "
      "client_no_context_takeover\r\n\r\n";
  const std::string hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
  const std::string again("\xf2\x00\x11\x00\x00", 5);
  report::Reporting reporting;
  reporting.frames = true;
  const auto count = [](const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
  };
  Fixture client(reporting);
  client.log.handle_sent(base::as_bytes("GET / HTTP/1.1\r\n\r\n"));
  client.receive(agreed + frame(0xc1, hello) + frame(0xc1, again));
  client.log.handle_sent(base::as_bytes(masked_frame(0xc1, hello) + masked_frame(0xc1, again)));
  const std::string seen = client.reports.err();
  CHECK(count(seen, "< TEXT fin rsv1 len=7 (deflated, 5 B as text)\n") == 1);
  CHECK(count(seen, "< TEXT fin rsv1 len=5 (deflated, 5 B as text)\n") == 1);
  CHECK(count(seen, "> TEXT fin rsv1 len=7 mask=37fa213d (deflated, 5 B as text)\n") == 1);
  CHECK(count(seen, "> TEXT fin rsv1 len=5 mask=37fa213d\n") == 1);  // the client has agreed to forget its window
  CHECK(count(seen, "        \"Hello\"\n") == 3);

  Fixture server(reporting);
  server.receive("GET / HTTP/1.1\r\n\r\n");
  server.log.handle_sent(base::as_bytes(agreed + frame(0xc1, hello) + frame(0xc1, again)));
  server.receive(masked_frame(0xc1, hello) + masked_frame(0xc1, again));
  CHECK(count(server.reports.err(), "        \"Hello\"\n") == 3);
}

TEST_CASE("as much of a frame is shown as was asked for") {
  report::Reporting reporting = frames_as_events();
  reporting.dump_size = 4;
  Fixture fixture(reporting);
  fixture.receive(std::string(response) + frame(0x81, "one two"));
  fixture.log.handle_sent(base::as_bytes(std::string(response) + frame(0x81, "three")));
  CHECK(frames_of(fixture.reports.out()) == Lines{"in 81076f6e", "out 81057468"});
}

TEST_CASE("a message that is sent is reported, behind its frame and what was sent before") {
  test::ServerByHand server;
  report::Reporting reporting = frames_as_events();
  reporting.sent = true;
  test::Reports reports(server.poller, reporting);
  link::WireLog log(*reports, 1);
  server.peer->observe(log);
  server.open();
  REQUIRE(server.peer->connection().send_ping(server.peer->now(), base::as_bytes("p")) == ws::Status::ok);
  REQUIRE(server.peer->connection().send({.payload = base::as_bytes("hi")}) == ws::Status::ok);
  log.note_sent(*server.peer, ws::Opcode::text, base::as_bytes("hi"));
  CHECK(test::outline(reports.out()) == Lines{"frame 1 out", "ping 1 out", "frame 1 out", "text 1 out"});
  REQUIRE(server.peer->connection().close(server.peer->now()) == ws::Status::ok);
  server.peer->flush();
  CHECK(test::outline(reports.out()) == Lines{"frame 1 out", "close 1 out"});
}

TEST_CASE("the report of a frame comes before that of what it says, many of them in one read too") {
  test::ServerByHand server;
  test::Reports reports(server.poller, frames_as_events());
  link::WireLog log(*reports, 1);
  server.peer->observe(log);
  server.owner.on_event = [&](peer::Peer&, const ws::Event& event) {
    if (const auto* message = std::get_if<ws::Message>(&event)) reports->report(1, link::Received{*message});
    reports->report(1, link::Heard{event});
  };
  server.say(std::string(test::upgrade_request) + test::text_frame("one") + masked_frame(0x01, "t") +
             masked_frame(0x89, "p") + masked_frame(0x80, "wo") + masked_frame(0x88, "\x03\xe8"));
  net::half_close(server.hand.get());
  CHECK(server.run_to_end());
  CHECK(test::outline(reports.out()) == Lines{"frame 1 in", "text 1 in", "frame 1 in", "frame 1 in", "ping 1 in",
                                              "frame 1 in", "text 1 in", "frame 1 in", "close 1 in", "frame 1 out",
                                              "frame 1 out"});
}
