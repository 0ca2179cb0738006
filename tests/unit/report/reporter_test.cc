#include "report/reporter.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/base64.h"
#include "reports.h"
#include "support/fake_time.h"
#include "unit/term/terminal.h"
#include "unit/ws/bytes.h"
#include "view/hexdump.h"

using namespace wscope;
using namespace std::chrono_literals;
using report::Verbosity;
using streams::OutputFormat;
using test::Reports;
using Scope = report::Reporter::Scope;
using Events = std::vector<std::string>;

namespace {

constexpr std::string_view escape_sequence = "\x1b[31m";

report::Reporting format(OutputFormat wanted) {
  report::Reporting reporting;
  reporting.format = wanted;
  return reporting;
}
report::Reporting json() { return format(OutputFormat::json); }
report::Reporting json_with_sent() {
  report::Reporting reporting = json();
  reporting.sent = true;
  return reporting;
}
report::Reporting verbosity(Verbosity wanted) {
  report::Reporting reporting;
  reporting.verbosity = wanted;
  return reporting;
}

/// A Reporter on a loop of its own.
struct Fixture {
  explicit Fixture(const report::Reporting& reporting, Scope scope = Scope::one) : reports(poller, reporting, scope) {}

  [[nodiscard]] report::Reporter* operator->() noexcept { return &*reports; }
  [[nodiscard]] Events events() { return test::events_in(reports.out()); }

  net::Poller poller;
  Reports reports;
};

ws::Message message(ws::Opcode type, std::string_view data) { return {.type = type, .data = base::as_bytes(data)}; }

wire::Frame frame(ws::Opcode opcode, std::string_view payload) {
  wire::Frame made;
  made.opcode = static_cast<std::uint8_t>(opcode);
  made.length = payload.size();
  made.bytes = made.payload = base::as_bytes(payload);  // a header is not looked at
  return made;
}

}  // namespace

TEST_CASE("messages are printed in the format that was asked for") {
  const struct {
    OutputFormat format;
    std::string text;
    std::string binary;
  } rows[] = {
      {OutputFormat::lines, "h\xc3\xbc\x1b\n", "\xff\n"},
      {OutputFormat::nul, std::string("h\xc3\xbc\x1b\0", 5), std::string("\xff\n\0", 3)},
      {OutputFormat::raw, "h\xc3\xbc\x1b", "\xff\n"},
      {OutputFormat::hex, "68c3bc1b\n", "ff0a\n"},
      {OutputFormat::base64, "aMO8Gw==\n", "/wo=\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.format));
    Fixture reporter(format(row.format));
    CHECK(!reporter->json());
    CHECK(!reporter->interests().code_points);
    reporter->report(1, link::Received{message(ws::Opcode::text, "h\xc3\xbc\x1b")});
    CHECK(reporter.reports.out() == row.text);
    reporter->report(2, link::Received{message(ws::Opcode::binary, "\xff\n")});
    CHECK(reporter.reports.out() == row.binary);
    CHECK(reporter.reports.err().empty());
  }
}

TEST_CASE("pieces of a message become one line") {
  Fixture reporter(format(OutputFormat::base64));
  reporter->report(1, link::Received{{.finished = false, .data = base::as_bytes("h")}});
  reporter->report(1, link::Received{{.first = false, .data = base::as_bytes("i")}});
  CHECK(reporter.reports.out() == "aGk=\n");
}

TEST_CASE("messages become events") {
  Fixture reporter(json(), Scope::many);
  CHECK(reporter->json());
  reporter->report(1, link::Received{message(ws::Opcode::text, "h\"\x1b")});
  reporter->report(7, link::Received{message(ws::Opcode::binary, "\xff")});
  CHECK(reporter.events() == Events{R"({"event":"text","conn":1,"dir":"in","data":"h\"\u001b"})",
                                    R"({"event":"binary","conn":7,"dir":"in","base64":"/w=="})"});
}

TEST_CASE("on a terminal messages do no harm") {
  const test::Terminal terminal;
  net::Poller poller;
  for (const OutputFormat wanted : {OutputFormat::lines, OutputFormat::raw, OutputFormat::json}) {
    Reports reports(poller, format(wanted), Scope::one, net::UniqueFd(::dup(terminal.end())));
    CHECK(reports->interests().code_points == (wanted == OutputFormat::lines));
    reports->report(1, link::Received{message(ws::Opcode::text, escape_sequence)});
    const std::string text = reports.out();
    CHECK((text.find('\x1b') == std::string::npos) == (wanted != OutputFormat::raw));
    reports->report(1, link::Received{message(ws::Opcode::binary, "\xff\x01")});
    if (wanted == OutputFormat::lines) CHECK(reports.out() == view::hexdump(base::as_bytes("\xff\x01")));
  }
}

TEST_CASE("the longest message that is held by default can be printed in every format") {
  const std::string data(std::size_t{16} << 20, '\x01');
  const struct {
    OutputFormat format;
    std::size_t at_least;
  } rows[] = {{OutputFormat::lines, data.size() + 1},
              {OutputFormat::nul, data.size() + 1},
              {OutputFormat::raw, data.size()},
              {OutputFormat::hex, 2 * data.size() + 1},
              {OutputFormat::base64, data.size() / 3 * 4 + 1},
              {OutputFormat::json, 6 * data.size()}};
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.format));
    Fixture reporter(format(row.format));
    reporter->report(1, link::Received{message(ws::Opcode::text, "before")});
    reporter->report(1, link::Received{message(ws::Opcode::text, data)});
    const std::string out = reporter.reports.out();
    CHECK(out.size() > row.at_least);
  }
}

TEST_CASE("who wants to see what is asked for") {
  const struct {
    report::Reporting reporting;
    bool verbose, follows_wire, shows_sent;
  } rows[] = {
      {{}, false, false, false},
      {{.verbosity = Verbosity::verbose}, true, true, false},
      {{.verbosity = Verbosity::quiet}, false, false, false},
      {{.frames = true}, false, true, false},
      {{.sent = true}, false, false, false},
      {{.format = OutputFormat::json}, false, false, false},
      {{.format = OutputFormat::json, .sent = true}, false, true, true},
      {{.format = OutputFormat::json, .verbosity = Verbosity::verbose, .frames = true}, true, true, false},
  };
  for (const auto& row : rows) {
    Fixture reporter(row.reporting);
    CHECK(reporter->verbose() == row.verbose);
    CHECK(reporter->interests().wire == row.follows_wire);
    CHECK(reporter->shows_sent() == row.shows_sent);
    CHECK(reporter->options().frames == row.reporting.frames);
  }
}

TEST_CASE("a server says where it listens, unless it is to be quiet") {
  const std::string sentence = "Listening on ws://127.0.0.1:80/ (press CTRL+C to quit)\n";
  for (const Verbosity wanted : {Verbosity::quiet, Verbosity::normal, Verbosity::verbose}) {
    Fixture reporter(verbosity(wanted), Scope::many);
    reporter->listening({"ws://127.0.0.1:80/", "127.0.0.1", 80});
    CHECK(reporter.reports.err() == (wanted == Verbosity::quiet ? "" : sentence));
    CHECK(reporter.reports.out().empty());
  }
  report::Reporting quiet_json = json();
  quiet_json.verbosity = Verbosity::quiet;
  Fixture reporter(quiet_json, Scope::many);
  reporter->listening({"ws://[::1]:80/", "::1", 80});
  CHECK(reporter.reports.err().empty());
  CHECK(reporter.events() ==
        Events{R"({"event":"listening","conn":0,"url":"ws://[::1]:80/","address":"::1","port":80})"});
}

TEST_CASE("what happens to a connection is told to those who want to know") {
  const http::Headers headers{{"Server", "x"}};
  const view::OpenView open{"ws://h/", "chat", "permessage-deflate", 101, &headers, "127.0.0.1:80"};
  const ws::CloseRecord record{ws::Close{ws::CloseCode{4000}, "by\x1b"}, std::nullopt, false};
  const auto tell = [&](Fixture& reporter) {
    reporter->report(1, link::Connecting{"ws://h/", "127.0.0.1:80"});
    reporter->report(1, link::Opened{open});
    reporter->report(1, link::Opened{view::OpenView{}});
    reporter->report(1, link::Ended{record});
  };
  SUBCASE("verbosely") {
    Fixture reporter(verbosity(Verbosity::verbose));
    tell(reporter);
    CHECK(reporter.reports.err() ==
          "* trying 127.0.0.1:80\n"
          "* open, subprotocol chat, permessage-deflate\n"
          "* open, no extensions\n"
          "* closed: received 4000 (private use) by\\x1b; no close frame sent\n");
    CHECK(reporter.reports.out().empty());
  }
  SUBCASE("as events") {
    Fixture reporter(json());
    tell(reporter);
    CHECK(reporter.reports.err().empty());
    CHECK(reporter.events() ==
          Events{R"({"event":"connecting","conn":1,"url":"ws://h/","address":"127.0.0.1:80"})",
                 R"({"event":"open","conn":1,"url":"ws://h/","protocol":"chat","extensions":["permessage-deflate"],)"
                 R"("status":101,"headers":[["Server","x"]],"peer":"127.0.0.1:80"})",
                 R"({"event":"open","conn":1,"url":"","protocol":null,"extensions":[],)"
                 R"("status":101,"headers":[],"peer":""})",
                 R"({"event":"closed","conn":1,"code":4000,"reason":"by\u001b","clean":false,"initiator":"remote"})"});
  }
  SUBCASE("to nobody else") {
    Fixture reporter(verbosity(Verbosity::normal));
    tell(reporter);
    CHECK(reporter.reports.err().empty());
    CHECK(reporter.reports.out().empty());
  }
}

TEST_CASE("control frames and failures become events, nothing else does") {
  const ws::CloseRecord record;
  const ws::Event several[] = {ws::Ping{base::as_bytes("p")},
                               ws::Pong{base::as_bytes("\xff"), std::nullopt},
                               ws::Pong{{}, 1500us},
                               ws::CloseReceived{ws::close_code::no_status, ""},
                               ws::CloseReceived{ws::close_code::normal, "bye"},
                               ws::Failed{ws::Violation::reserved_opcode, ws::close_code::protocol_error, "reserved"},
                               ws::Opened{},
                               ws::Request{},
                               ws::Message{},
                               ws::Rejected{},
                               ws::RejectData{},
                               ws::HandshakeFailed{},
                               ws::Closed{&record}};
  Fixture reporter(json());
  for (const ws::Event& event : several) reporter->report(3, link::Heard{event});
  CHECK(reporter.events() ==
        Events{R"({"event":"ping","conn":3,"dir":"in","data":"p"})",
               R"({"event":"pong","conn":3,"dir":"in","base64":"/w=="})",
               R"({"event":"pong","conn":3,"dir":"in","data":"","rtt_ms":1.500})",
               R"({"event":"close","conn":3,"dir":"in","code":1005,"name":"no status","reason":""})",
               R"({"event":"close","conn":3,"dir":"in","code":1000,"name":"OK","reason":"bye"})",
               R"({"event":"fail","conn":3,"code":1002,"message":"frame with the reserved opcode 0"})"});
  CHECK(reporter.reports.err().empty());

  Fixture plain(verbosity(Verbosity::verbose));
  for (const ws::Event& event : several) plain->report(3, link::Heard{event});
  CHECK(plain.reports.out().empty());
  CHECK(plain.reports.err().empty());
}

TEST_CASE("a message that was cut off is an event") {
  Fixture reporter(json());
  reporter->report(3, link::CutOff{wire::Direction::in, {ws::Opcode::text, 5}});
  CHECK(reporter.events() == Events{R"({"event":"incomplete","conn":3,"dir":"in","type":"text","length":5})"});
  CHECK(reporter.reports.err().empty());
  Fixture plain(verbosity(Verbosity::normal));
  plain->report(3, link::CutOff{wire::Direction::in, {ws::Opcode::text, 5}});
  CHECK(plain.reports.out().empty());
}

TEST_CASE("what is sent is shown if that was asked for") {
  Fixture reporter(json_with_sent());
  reporter->report(1, link::Sent{ws::Opcode::text, base::as_bytes("hi")});
  reporter->report(1, link::Sent{ws::Opcode::binary, base::as_bytes("\xff")});
  CHECK(reporter.events() == Events{R"({"event":"text","conn":1,"dir":"out","data":"hi"})",
                                    R"({"event":"binary","conn":1,"dir":"out","base64":"/w=="})"});
  for (const auto& reporting : {json(), report::Reporting{.sent = true}}) {
    Fixture other(reporting);
    other->report(1, link::Sent{ws::Opcode::text, base::as_bytes("hi")});
    other->report(1, link::FrameSeen{wire::Direction::out, frame(ws::Opcode::ping, "p")});
    CHECK(other.reports.out().empty());
    CHECK(other.reports.err().empty());
  }
}

TEST_CASE("control frames that are sent are shown with what is sent") {
  Fixture reporter(json_with_sent());
  const auto out = wire::Direction::out;
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::ping, "p")});
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::pong, "q")});
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::close, "")});
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::close, "\x03\xe8")});
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::close,
                                                 "\x0f\xa0"
                                                 "bye")});
  reporter->report(2, link::FrameSeen{out, frame(ws::Opcode::close, "\x03")});
  for (const ws::Opcode data : {ws::Opcode::text, ws::Opcode::binary, ws::Opcode::continuation}) {
    reporter->report(2, link::FrameSeen{out, frame(data, "x")});
  }
  for (const ws::Opcode control : {ws::Opcode::ping, ws::Opcode::pong, ws::Opcode::close}) {
    reporter->report(2, link::FrameSeen{wire::Direction::in, frame(control, "")});
  }
  CHECK(reporter.events() ==
        Events{R"({"event":"ping","conn":2,"dir":"out","data":"p"})",
               R"({"event":"pong","conn":2,"dir":"out","data":"q"})",
               R"({"event":"close","conn":2,"dir":"out","code":1005,"name":"no status","reason":""})",
               R"({"event":"close","conn":2,"dir":"out","code":1000,"name":"OK","reason":""})",
               R"({"event":"close","conn":2,"dir":"out","code":4000,"name":"private use","reason":"bye"})",
               R"({"event":"close","conn":2,"dir":"out","code":1005,"name":"no status","reason":""})"});
}

TEST_CASE("frames are dumped for a person, or become events") {
  report::Reporting frames;
  frames.frames = true;
  Fixture person(frames);
  person->report(1, link::FrameSeen{wire::Direction::in, frame(ws::Opcode::text, "hi")});
  const std::string dump = person.reports.err();
  CHECK(dump.find(" < TEXT fin len=2\n") != std::string::npos);
  CHECK(dump.find("\"hi\"\n") != std::string::npos);
  CHECK(person.reports.out().empty());

  frames.format = OutputFormat::json;
  frames.sent = true;
  Fixture program(frames);
  program->report(1, link::FrameSeen{wire::Direction::in, frame(ws::Opcode::text, "hi")});
  program->report(1, link::FrameSeen{wire::Direction::out, frame(ws::Opcode::ping, "p")});
  CHECK(program.reports.err().empty());
  CHECK(
      program.events() ==
      Events{
          R"({"event":"frame","conn":1,"dir":"in","opcode":1,"fin":true,"rsv":0,"masked":false,"length":2,"hex":"6869"})",
          R"({"event":"frame","conn":1,"dir":"out","opcode":9,"fin":true,"rsv":0,"masked":false,"length":1,"hex":"70"})",
          R"({"event":"ping","conn":1,"dir":"out","data":"p"})"});
}

TEST_CASE("heads and the body of a refusal are shown verbosely, and do no harm") {
  const wire::Head head{"GET / HTTP/1.1\r\nAuthorization: Basic secret\r\nX: \x1b\r\n\r\n"};
  Fixture verbose(verbosity(Verbosity::verbose));
  verbose->report(1, link::HeadSeen{wire::Direction::out, head});
  CHECK(verbose.reports.err() == "> GET / HTTP/1.1\n> Authorization: ***\n> X: \\x1b\n>\n");
  const base::Error error{base::ErrorKind::http, "no"};
  const http::ResponseHead answer;
  const auto refuse = [&](Fixture& fixture, std::string_view body) {
    fixture->error(1, error, 6, view::RefusalView{&answer, body});
    return fixture.reports.err();
  };
  CHECK(refuse(verbose,
               "one\n\x1b"
               "two") == "one\n\\x1btwo\n");
  CHECK(refuse(verbose, "").empty());
  const std::string euros = [] {
    std::string text;
    while (text.size() < 3000) text += "€";
    return text;
  }();
  CHECK(refuse(verbose, euros) == euros.substr(0, 1023) + "\n");
  CHECK(verbose.reports.out().empty());

  Fixture normal(verbosity(Verbosity::normal));
  normal->report(1, link::HeadSeen{wire::Direction::out, head});
  CHECK(refuse(normal, "text").empty());
}

TEST_CASE("an error that ends the command is an event") {
  const base::Error error{base::ErrorKind::connect, "ws://h/: connection refused", "try again"};
  Fixture client(json());
  client->error(1, error, 4);
  CHECK(client.events() ==
        Events{R"({"event":"error","conn":1,"kind":"connect","message":"ws://h/: connection refused","exit":4})"});
  http::ResponseHead head;
  head.status = 404;
  head.headers.add("A", "b");
  client->error(1, {base::ErrorKind::http, "no"}, 6, view::RefusalView{&head, "gone"});
  CHECK(client.events() == Events{R"({"event":"error","conn":1,"kind":"http","message":"no","exit":6,)"
                                  R"("status":404,"headers":[["A","b"]],"body":"gone"})"});

  Fixture server(json(), Scope::many);
  server->error(0, error, 4);
  CHECK(server.events().front().find(R"({"event":"error","conn":0,)") == 0);

  Fixture plain({});
  plain->error(1, error, 4);
  CHECK(plain.reports.out().empty());
  CHECK(plain.reports.err().empty());  // the one line for a person is somebody else's
}

TEST_CASE("what the event closed tells is no error besides") {
  Fixture client(json());
  for (const auto kind :
       {base::ErrorKind::lost, base::ErrorKind::closed, base::ErrorKind::expectation, base::ErrorKind::not_now}) {
    client->error(1, {kind, "words"}, 9);
  }
  CHECK(client.reports.out().empty());
}

TEST_CASE("what was asked for and what is answered are events") {
  Fixture client(json());
  client->expected(1, {"ack"});
  client->replying(1, 2);
  CHECK(client.events() == Events{R"({"event":"expect","conn":1,"ok":true,"expected":"ack","elapsed_ms":0.000})",
                                  R"({"event":"reply","conn":1,"rule":2})"});
  Fixture plain({});
  plain->expected(1, {"ack"});
  CHECK(plain.reports.out().empty());
}

TEST_CASE("words for a person name the client where there are many, and do no harm") {
  const struct {
    Verbosity verbosity;
    Scope scope;
    std::string noted;
    std::string warned;
  } rows[] = {
      {Verbosity::quiet, Scope::one, "", ""},
      {Verbosity::normal, Scope::one, "", "wscope: a\\x1b[31m\n"},
      {Verbosity::verbose, Scope::one, "* a\\x1b[31m\n", "wscope: a\\x1b[31m\n"},
      {Verbosity::quiet, Scope::many, "", ""},
      {Verbosity::normal, Scope::many, "", "wscope: client 5: a\\x1b[31m\n"},
      {Verbosity::verbose, Scope::many, "* client 5: a\\x1b[31m\n", "wscope: client 5: a\\x1b[31m\n"},
  };
  for (const auto& row : rows) {
    Fixture reporter(verbosity(row.verbosity), row.scope);
    const std::string text = "a" + std::string(escape_sequence);
    reporter->note(5, text);
    CHECK(reporter.reports.err() == row.noted);
    reporter->warn(5, text);
    CHECK(reporter.reports.err() == row.warned);
    CHECK(reporter.reports.out().empty());
  }
}

TEST_CASE("heads, TLS and timing are for those who asked for every detail") {
  const tls::Session session{"TLSv1.3", "AES", "", {{"CN=a", "CN=b", {"x", "y"}, "then", "2027\x1b"}}, "sha256//z="};
  const auto tell = [&](Fixture& reporter) {
    reporter->report(1, link::Secured{session});
    reporter->report(1, link::HeadSeen{wire::Direction::out, {"GET / HTTP/1.1\r\nCookie: a\r\n\r\n"}});
    reporter->report(1, link::Timed{{.tcp = std::chrono::milliseconds(1)}});
  };
  Fixture normal(verbosity(Verbosity::normal));
  tell(normal);
  CHECK(normal.reports.err().empty());
  Fixture verbose(verbosity(Verbosity::verbose));
  tell(verbose);
  CHECK(verbose.reports.err() ==
        "* TLSv1.3, AES, no ALPN\n"
        "* certificate CN=a for x, y, issued by CN=b, expires 2027\\x1b\n"
        "* its key is --pin sha256//z=\n"
        "> GET / HTTP/1.1\n> Cookie: ***\n>\n"
        "* TCP          1.00 ms |====================|\n");
  CHECK(verbose.reports.out().empty());
  report::Reporting both = json();
  Fixture silent(both);
  tell(silent);
  CHECK(silent.events().empty());
  both.verbosity = Verbosity::verbose;
  Fixture told(both);
  tell(told);
  const Events events = told.events();
  REQUIRE(events.size() == 3);
  CHECK(events[0].starts_with(R"({"event":"tls","conn":1,"version":"TLSv1.3")"));
  CHECK(events[1] == R"({"event":"head","conn":1,"dir":"out","line":"GET / HTTP/1.1","headers":[["Cookie","***"]]})");
  CHECK(events[2].starts_with(R"({"event":"timing","conn":1,"dns_ms":null,"tcp_ms":1.000)"));
}

TEST_CASE("a certificate made for the occasion is announced with its pin") {
  Fixture reporter(verbosity(Verbosity::normal), Scope::many);
  reporter->listening({"wss://[::1]:80/", "::1", 80, "sha256//x="});
  CHECK(reporter.reports.err() ==
        "Listening on wss://[::1]:80/ (press CTRL+C to quit)\n"
        "The certificate is self-signed: clients trust it with --pin sha256//x=\n");
}

// --- when messages came

TEST_CASE("a message is printed behind the time, a long one once") {
  report::Reporting wanted;
  wanted.timestamps = report::Timestamps::absolute;
  Fixture reporter(wanted);
  ws::Message piece = message(ws::Opcode::text, "one ");
  piece.finished = false;
  reporter->report(1, link::Received{piece});
  piece = message(ws::Opcode::text, "two");
  piece.first = false;
  reporter->report(1, link::Received{piece});
  const std::string out = reporter.reports.out();
  CHECK(out.size() == std::string("2026-11-30T09:12:01.123456Z one two\n").size());
  CHECK(out.substr(26) == "Z one two\n");
  CHECK(out.substr(0, 2) == "20");
}

TEST_CASE("or behind the seconds since the one before, the first since the open") {
  test::FakeTime time;
  net::Poller poller{&time};
  report::Reporting wanted;
  wanted.timestamps = report::Timestamps::relative;
  Reports reports(poller, wanted);
  reports->report(1, link::Opened{view::OpenView{}});
  time.pass(41213us);
  reports->report(1, link::Received{message(ws::Opcode::text, "a")});
  time.pass(2s);
  reports->report(1, link::Received{message(ws::Opcode::binary, "\xff")});
  CHECK(reports.out() == "+0.041213 a\n+2.000000 \xff");
}
