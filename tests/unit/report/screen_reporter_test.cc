#include "report/screen_reporter.h"

#include <chrono>
#include <string>

#include "support/fake_time.h"
#include "unit/streams/console_on_terminal.h"

using namespace wscope;
using namespace std::chrono_literals;
using wire::Direction;
using Rows = std::vector<std::string>;

namespace {

struct Fixture {
  explicit Fixture(bool verbose = false) : screen(*console, view::no_colors, verbose, 256) {}

  void message(std::string_view text, link::ConnectionNumber number = 1) {
    screen.report(number, link::Received{{.data = base::as_bytes(text)}});
  }
  void sent(std::string_view text) { screen.report(1, link::Sent{ws::Opcode::text, base::as_bytes(text)}); }
  /// What stands above the prompt.
  bool shows(Rows rows) {
    rows.emplace_back(">");
    return console.shows(rows);
  }

  test::ConsoleOnTerminal console;
  report::ScreenReporter screen;
};

view::OpenView opening(bool outgoing) {
  view::OpenView open;
  open.url = "ws://h/";
  open.subprotocol = "chat";
  open.peer = "127.0.0.1:80";
  open.outgoing = outgoing;
  return open;
}

/// A connection from its beginning to its end.
void tell_all(report::ScreenReporter& screen) {
  ws::CloseRecord record;
  record.received = ws::Close{ws::close_code::normal, "b\x1b"};
  screen.report(1, link::Connecting{"ws://h/", "127.0.0.1:80"});
  screen.report(1, link::Secured{{"TLSv1.3", "AES", "", {}, ""}});
  screen.report(1, link::Timed{{.tcp = 1ms}});
  screen.report(1, link::HeadSeen{Direction::out, {"GET / HTTP/1.1\r\nCookie: secret\r\n\r\n"}});
  screen.report(1, link::Opened{opening(true)});
  screen.note(1, "a note");
  screen.warn(1, "a warning \x1b");
  screen.report(1, link::Ended{record});
}

}  // namespace

TEST_CASE("a person sees what is of interest to everybody") {
  Fixture fixture;
  tell_all(fixture.screen);
  CHECK(fixture.shows(
      {"Connected (press CTRL+C to quit)", "a warning \\x1b", "Disconnected (code: 1000, reason: \"b\\x1b\")"}));
}

TEST_CASE("verbosely, every detail of how it came about, without secrets") {
  Fixture fixture(true);
  tell_all(fixture.screen);
  CHECK(fixture.shows({"* trying 127.0.0.1:80", "* TLSv1.3, AES, no ALPN",
                       "* TCP          1.00 ms |====================|", "> GET / HTTP/1.1", "> Cookie: ***", ">",
                       "Connected (press CTRL+C to quit)", "* subprotocol chat", "* no extensions", "* a note",
                       "a warning \\x1b", "Disconnected (code: 1000, reason: \"b\\x1b\")"}));
}

TEST_CASE("messages stand behind an arrow, the number of their connection if there are several") {
  Fixture fixture;
  fixture.message("alone");
  fixture.screen.report(1, link::Opened{opening(false)});
  fixture.screen.ask_whether_several([] { return true; });
  fixture.message("one of two", 2);
  fixture.screen.report(3, link::Opened{opening(false)});
  fixture.screen.ask_whether_several([] { return false; });
  fixture.screen.choices().numbers = true;
  fixture.message("numbered");
  CHECK(fixture.shows({"< alone", "[1] Client connected from 127.0.0.1:80", "[2] < one of two",
                       "[3] Client connected from 127.0.0.1:80", "[1] < numbered"}));
}

TEST_CASE("what was typed just so is not shown again, all else that is sent is") {
  Fixture fixture;
  fixture.sent("typed");
  fixture.screen.set_shows_sent(true);
  fixture.sent("from a script");
  CHECK(fixture.shows({"> from a script"}));
}

TEST_CASE("control frames are shown if that is wanted, or if the person has asked for them or must know") {
  const auto tell = [](report::ScreenReporter& screen) {
    screen.report(1, link::Heard{ws::Ping{base::as_bytes("p")}});
    screen.report(1, link::Heard{ws::Pong{base::as_bytes("q"), std::nullopt}});
    screen.report(1, link::Heard{ws::Pong{{}, 1500us}});
    screen.report(1, link::Heard{ws::CloseReceived{ws::close_code::normal, ""}});
    screen.report(1, link::Heard{ws::CloseReceived{ws::close_code::protocol_error, "why\x1b"}});
    screen.report(1,
                  link::Heard{ws::Failed{ws::Violation::reserved_opcode, ws::close_code::protocol_error, "reserved"}});
  };
  Fixture usual;
  tell(usual.screen);
  CHECK(usual.shows({"< pong 1.50 ms",
                     "Disconnected: the peer broke the protocol: frame with the reserved opcode 0; we", "sent 1002"}));
  Fixture curious;
  curious.screen.choices().control = true;
  tell(curious.screen);
  CHECK(
      curious.shows({"< ping \"p\"", "< pong \"q\" (unasked)", "< pong 1.50 ms", "< close 1000 (OK)",
                     "< close 1002 (protocol error) \"why\\x1b\"",
                     "Disconnected: the peer broke the protocol: frame with the reserved opcode 0; we", "sent 1002"}));
}

TEST_CASE("an answer to a keepalive Ping is a control frame like any other") {
  ws::Pong pong;
  pong.round_trip = 1500us;
  pong.keepalive = true;
  Fixture usual;
  usual.screen.report(1, link::Heard{pong});
  CHECK(usual.shows({}));
  Fixture curious;
  curious.screen.choices().control = true;
  curious.screen.report(1, link::Heard{pong});
  CHECK(curious.shows({"< pong 1.50 ms"}));
}

TEST_CASE("a connection that we fail says why, which is not always the protocol") {
  Fixture fixture;
  fixture.screen.report(
      1, link::Heard{ws::Failed{ws::Violation::ping_timeout, ws::close_code::internal_error, "keepalive"}});
  fixture.screen.report(
      1, link::Heard{ws::Failed{ws::Violation::message_too_big, ws::close_code::message_too_big, "too big"}});
  CHECK(fixture.shows({"Disconnected: connection lost: no answer to a Ping (--ping-timeout); we sent 101", "1",
                       "Disconnected: the peer sent too long a message: 0 bytes, over the limit of 0 (--",
                       "max-size); we sent 1009"}));
}

TEST_CASE("the end of a connection that we failed was told when we did, and what was cut off is told") {
  Fixture fixture;
  const ws::CloseRecord record{.received = {}, .sent = ws::Close{ws::close_code::protocol_error, "x"}, .failed = true};
  fixture.screen.report(1,
                        link::Heard{ws::Failed{ws::Violation::reserved_opcode, ws::close_code::protocol_error, "x"}});
  fixture.screen.report(1, link::Ended{record});
  fixture.screen.report(1, link::CutOff{wire::Direction::in, {ws::Opcode::text, 3}});
  fixture.screen.report(2, link::Ended{record});
  CHECK(fixture.shows({"Disconnected: the peer broke the protocol: frame with the reserved opcode 0; we", "sent 1002",
                       "the last message is incomplete: 3 bytes of a text message came",
                       "Disconnected (code: 1002, reason: \"x\")"}));
  CHECK(fixture.screen.take_told(1));
  CHECK_FALSE(fixture.screen.take_told(1));
}

TEST_CASE("a peer that closes with an unusual code has its name told") {
  Fixture fixture;
  fixture.screen.report(
      1, link::Ended{{.received = ws::Close{ws::CloseCode{4001}, "why"}, .sent = {}, .received_first = true}});
  fixture.screen.report(1, link::Ended{{.received = ws::Close{ws::CloseCode{4001}, "ours"},
                                        .sent = ws::Close{ws::CloseCode{4001}, "ours"},
                                        .received_first = false}});
  CHECK(fixture.shows({"< close 4001 (private use) \"why\"", "Disconnected (code: 4001, reason: \"why\")",
                       "Disconnected (code: 4001, reason: \"ours\")"}));
}

TEST_CASE("messages bear the time that they came at, or that has passed") {
  Fixture fixture;
  using Timestamps = report::Timestamps;
  fixture.screen.choices().timestamps = Timestamps::absolute;
  fixture.message("a");
  REQUIRE(fixture.console.turn_until([&] { return fixture.console.screen.all().size() == 2; }));
  const std::string row = fixture.console.screen.all()[0];
  REQUIRE(row.size() == std::string("09:12:01.123 < a").size());
  CHECK(row[2] == ':');
  CHECK(row[8] == '.');
  CHECK(row.ends_with(" < a"));
  fixture.screen.choices().timestamps = Timestamps::relative;
  fixture.message("b");
  REQUIRE(fixture.console.turn_until([&] { return fixture.console.screen.all().size() == 3; }));
  CHECK(fixture.console.screen.all()[1] == "+0.000 < b");
}

TEST_CASE("frames are dumped if that is wanted") {
  Fixture fixture;
  wire::Frame frame;
  frame.opcode = 1;
  frame.length = 2;
  frame.bytes = frame.payload = base::as_bytes("hi");
  fixture.screen.report(1, link::FrameSeen{Direction::in, frame});
  CHECK(fixture.shows({}));
  fixture.screen.choices().frames = true;
  fixture.screen.ask_whether_several([] { return true; });
  fixture.screen.report(7, link::FrameSeen{Direction::in, frame});
  REQUIRE(fixture.console.turn_until([&] { return fixture.console.screen.all().size() > 2; }));
  const std::string first = fixture.console.screen.all()[0];
  CHECK(first.starts_with("[7] "));
  CHECK(first.ends_with(" < TEXT fin len=2"));
}

TEST_CASE("an error has its hint below, and nothing in it does harm") {
  Fixture fixture;
  fixture.screen.complain({base::ErrorKind::usage, "what\x1b", "how"});
  fixture.screen.complain({base::ErrorKind::usage, "alone"});
  fixture.screen.say(view::Meaning::notice, "two\nlines\n");
  CHECK(fixture.shows({"error: what\\x1b", "hint: how", "error: alone", "two", "lines"}));
}

TEST_CASE("each client that is refused has a line, but not each of a flood") {
  test::FakeTime time;
  test::ConsoleOnTerminal console(&time);
  report::ScreenReporter screen(*console, view::no_colors, false, 256);
  CHECK(screen.interests().refusals);
  const auto refuse = [&screen](const std::string& message) {
    view::RefusedView view;
    view.message = message;
    screen.report(1, link::Refused{view});
  };
  for (int i = 0; i < 12; ++i) refuse("refused " + std::to_string(i) + "\x1b");
  Rows rows;
  for (int i = 0; i < 10; ++i) rows.push_back("refused " + std::to_string(i) + "\\x1b");
  rows.emplace_back(">");
  CHECK(console.shows(rows));
  screen.flush();
  CHECK(console.shows(rows));
  time.pass(1s);
  screen.flush();
  rows.back() = "refused 2 others";
  rows.emplace_back(">");
  CHECK(console.shows(rows));
  refuse("again");
  rows.back() = "again";
  rows.emplace_back(">");
  CHECK(console.shows(rows));
}
