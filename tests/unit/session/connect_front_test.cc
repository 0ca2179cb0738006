#include "session/connect_front.h"

#include <optional>
#include <thread>

#include "unit/report/reports.h"
#include "unit/session/run_command.h"
#include "unit/streams/streams.h"
#include "ws/client_handshake.h"

using namespace wscope;
using streams::InputFormat;
using streams::OutputFormat;
using Lines = std::vector<std::string>;

namespace {

streams::Outcome connect_and_pipe(const session::ConnectCommand& command) {
  return test::run_command(
      [&](auto& loop, auto& signals) { return session::connect_and_pipe(loop, signals, command); });
}

session::ConnectCommand embedded_echo() {
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.silence = std::chrono::milliseconds(20);
  return command;
}

struct Session : test::Run {
  std::string words;  // of the error
};

Session connect(const session::ConnectCommand& command, std::string_view input) {
  Session session;
  static_cast<test::Run&>(session) = test::with_input(input, [&] {
    const streams::Outcome outcome = connect_and_pipe(command);
    if (outcome.error()) session.words = outcome.error()->message;
    return outcome.status();
  });
  return session;
}

/// A server that answers one request in a thread and ends, or listens until the client does; ACCEPT in its answer is
/// replaced.
struct Scripted {
  enum class Then { ends, listens };
  explicit Scripted(std::string answer, Then then = Then::ends)
      : thread([this, text = std::move(answer), then] { serve(text, then); }) {}
  ~Scripted() { thread.join(); }
  Scripted(const Scripted&) = delete;
  Scripted& operator=(const Scripted&) = delete;

  void serve(std::string answer, Then then) const {
    test::wait_for(listener.get(), POLLIN);
    const net::UniqueFd socket = net::accept_connection(listener.get()).fd;
    std::string request;
    std::vector<std::byte> room(4096);
    while (request.find("\r\n\r\n") == std::string::npos && test::wait_for(socket.get(), POLLIN)) {
      const net::IoResult result = net::receive(socket.get(), room);
      if (result.kind != net::IoResult::Kind::done) return;
      request += base::as_text(base::Bytes(room).first(result.bytes));
    }
    const std::string name = "Sec-WebSocket-Key: ";
    const std::string accept = ws::accept_value(request.substr(request.find(name) + name.size(), 24));
    if (const std::size_t at = answer.find("ACCEPT"); at != std::string::npos) answer.replace(at, 6, accept);
    static_cast<void>(net::send(socket.get(), base::as_bytes(answer)));
    if (then == Then::ends) net::half_close(socket.get());
    while (test::wait_for(socket.get(), POLLIN)) {
      const net::IoResult result = net::receive(socket.get(), room);
      if (result.kind == net::IoResult::Kind::end || result.kind == net::IoResult::Kind::failed) return;
    }
  }
  [[nodiscard]] session::ConnectCommand command() const {
    session::ConnectCommand made;
    made.endpoint.url.host = "127.0.0.1";
    made.endpoint.url.port = net::local_address(listener.get()).port();
    made.endpoint.url.target = "/";
    made.compression.reset();
    made.at_eof = session::AtEof::hold;
    return made;
  }

  net::UniqueFd listener = test::listen_anywhere();
  std::thread thread;
};

const std::string accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
    "ACCEPT\r\n\r\n";

const std::string refusal = "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 5\r\n\r\ngone\n";

}  // namespace

TEST_CASE("lines go out and come back as lines") {
  for (const bool binary : {false, true}) {
    session::ConnectCommand command = embedded_echo();
    if (binary) command.input.type = streams::MessageType::binary;
    const auto session = connect(command, "one\n\ntwo\r\nthree");
    CHECK(session.status == 0);
    CHECK(session.out == (binary ? "onetwothree" : "one\n\ntwo\nthree\n"));
    CHECK(session.err.empty());
  }
}

TEST_CASE("formats of input and output are independent") {
  session::ConnectCommand command = embedded_echo();
  command.input.format = InputFormat::hex;
  command.input.type = streams::MessageType::binary;
  command.reporting.format = OutputFormat::base64;
  CHECK(connect(command, "00ff\n6869\n").out == "AP8=\naGk=\n");
  command.input.format = InputFormat::whole;
  command.input.type = streams::MessageType::text;
  command.reporting.format = OutputFormat::nul;
  CHECK(connect(command, "one\ntwo\n").out == std::string("one\ntwo\n\0", 9));
  command.input.format = InputFormat::json;
  command.reporting.format = OutputFormat::hex;
  CHECK(connect(command, "{\"type\":\"ping\"}\n{\"type\":\"text\",\"data\":\"hi\"}").out == "6869\n");
}

TEST_CASE("a line longer than all buffers comes back whole") {
  const std::string line(3'000'000, 'x');
  session::ConnectCommand command = embedded_echo();
  SUBCASE("after a silence") { command.at_eof = session::AtEof::wait; }
  SUBCASE("though the connection is closed at the end of the input") { command.at_eof = session::AtEof::close; }
  SUBCASE("as one message of all input") { command.input.format = InputFormat::whole; }
  const auto session = connect(command, line);
  CHECK(session.status == 0);
  CHECK(session.out.size() == line.size() + 1);
}

TEST_CASE("a long line that was decoded comes back whole too") {
  session::ConnectCommand command = embedded_echo();
  command.input.format = InputFormat::hex;
  command.input.type = streams::MessageType::binary;
  const auto session = connect(command, std::string(12'000'000, 'a'));
  CHECK(session.status == 0);
  CHECK(session.out.size() == 6'000'000);
}

TEST_CASE("a line that is not UTF-8 is named, and those before it are sent") {
  const auto session = connect(embedded_echo(), "one\ntwo\n\xff\nfour\n");
  CHECK(session.status == 1);
  CHECK(session.out == "one\ntwo\n");
  CHECK(session.words == "standard input: line 3 is not UTF-8");
}

TEST_CASE("messages of the command line go first, and stdin follows only if it is wanted") {
  session::ConnectCommand command = embedded_echo();
  command.first_messages = {{.payload = "first"}, {.payload = "\xc3\xbc"}};
  CHECK(connect(command, "stdin\n").out == "first\n\xc3\xbc\nstdin\n");
  for (const InputFormat format : {InputFormat::lines, InputFormat::whole, InputFormat::json}) {
    CAPTURE(static_cast<int>(format));
    command.reads_stdin = false;
    command.input.format = format;
    CHECK(connect(command, "stdin\n").out == "first\n\xc3\xbc\n");
  }
  for (wire::StoredInstruction& message : command.first_messages) message.opcode = ws::Opcode::binary;
  CHECK(connect(command, "").out == "first\xc3\xbc");
}

TEST_CASE("it ends with the message that was waited for") {
  session::ConnectCommand command = embedded_echo();
  command.at_eof = session::AtEof::hold;
  SUBCASE("by number") { command.count = 2; }
  SUBCASE("by what it says") { command.until.push_back(talk::Match::parse_argument("^tw").value()); }
  const auto session = connect(command, "one\ntwo\nthree\n");
  CHECK(session.status == 0);
  CHECK(session.out == "one\ntwo\n");
}

TEST_CASE("an end without the message that was waited for is a failure") {
  session::ConnectCommand command = embedded_echo();
  command.at_eof_given = true;
  command.silence = std::chrono::milliseconds(500);
  std::string words;
  SUBCASE("by number") {
    command.count = 3;
    words = "received 2 of 3 messages: 0.5 s of silence";
  }
  SUBCASE("by what it says") {
    command.until.push_back(talk::Match::parse_argument("three").value());
    words = "no message matched --until: 0.5 s of silence";
  }
  const auto session = connect(command, "one\ntwo\n");
  CHECK(session.status == 11);
  CHECK(session.out == "one\ntwo\n");
  CHECK(session.words == words);
}

TEST_CASE("events tell a whole life, with what is sent if that is wanted") {
  session::ConnectCommand command = embedded_echo();
  command.reporting.format = OutputFormat::json;
  CHECK(test::outline(connect(command, "hi\n").out) ==
        Lines{"connecting 1", "open 1", "text 1 in", "close 1 in", "closed 1"});
  command.reporting.sent = true;
  CHECK(test::outline(connect(command, "hi\n").out) ==
        Lines{"connecting 1", "open 1", "text 1 out", "text 1 in", "close 1 out", "close 1 in", "closed 1"});
}

TEST_CASE("what is sent is told at once, though nothing comes back") {
  const Scripted server(accepted, Scripted::Then::listens);
  session::ConnectCommand command = server.command();
  command.reporting.format = OutputFormat::json;
  command.reporting.sent = true;
  command.at_eof = session::AtEof::close;
  command.timeouts.close = std::chrono::milliseconds(1);
  net::Pipe in = test::blocking_pipe();
  const net::Pipe out = test::blocking_pipe();
  const net::UniqueFd err = test::temporary_file();
  bool told = false;
  {
    const test::Streams streams(in.read_end, out.write_end, err);
    std::thread client([&] { static_cast<void>(connect_and_pipe(command)); });
    std::string heard;
    std::vector<std::byte> room(4096);
    const auto hear = [&](std::string_view wanted) {
      while (heard.find(wanted) == std::string::npos) {
        if (!test::wait_for(out.read_end.get(), POLLIN)) return false;
        const net::IoResult result = net::read_some(out.read_end.get(), room);
        heard += base::as_text(base::Bytes(room).first(result.bytes));
      }
      return true;
    };
    told = hear(R"("event":"open")");
    static_cast<void>(net::write_some(in.write_end.get(), base::as_bytes("hi\n")));
    told = told && hear(R"("dir":"out","data":"hi")");
    in.write_end.reset();
    client.join();
  }
  CHECK(told);
}

TEST_CASE("a person may see the handshake, every frame, and how it ended") {
  session::ConnectCommand command = embedded_echo();
  command.reporting.verbosity = report::Verbosity::verbose;
  command.reporting.frames = true;
  const auto session = connect(command, "hi\n");
  CHECK(session.out == "hi\n");
  std::size_t at = 0;
  for (const std::string part : {"* trying 127.0.0.1:", "> GET / HTTP/1.1\n", "< HTTP/1.1 101 ", "* open, permessage-",
                                 " > TEXT fin len=2 mask=", " < TEXT fin ", " > CLOSE ", " < CLOSE ",
                                 "* closed: sent 1000 (OK); then received 1000 (OK)\n"}) {
    CAPTURE(part);
    const std::size_t found = session.err.find(part, at);
    CHECK(found != std::string::npos);
    at = std::min(found, session.err.size());
  }
}

TEST_CASE("a refusal is told with all that came of it") {
  const std::string words = "upgrade refused: HTTP 404 Not Found: gone";
  {
    const Scripted server(refusal);
    const auto session = connect(server.command(), "");
    CHECK(session.status == 6);
    CHECK(session.words == words);
    CHECK(session.err.empty());
  }
  {
    const Scripted server(refusal);
    session::ConnectCommand command = server.command();
    command.reporting.verbosity = report::Verbosity::verbose;
    const auto session = connect(command, "");
    CHECK(session.err.find("< HTTP/1.1 404 Not Found\n< A: b\n") != std::string::npos);
    CHECK(session.err.find("gone\n") != std::string::npos);
  }
  {
    const Scripted server(refusal);
    session::ConnectCommand command = server.command();
    command.reporting.format = OutputFormat::json;
    const Lines events = test::events_in(connect(command, "").out);
    REQUIRE(events.size() == 2);
    CHECK(events[1] == R"({"event":"error","conn":1,"kind":"http","message":")" + words +
                           R"(","exit":6,"status":404,"headers":[["A","b"],["Content-Length","5"]],"body":"gone\n"})");
  }
}

TEST_CASE("a server that answers something else than HTTP is told so") {
  const Scripted server("SSH-2.0-server\r\n\r\n");
  const auto session = connect(server.command(), "");
  CHECK(session.status == 6);
  CHECK(session.words.find("upgrade failed: ") != std::string::npos);
}

TEST_CASE("who does not listen refuses") {
  const net::UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  const auto address = net::SocketAddress::from_numeric("127.0.0.1", 0).value();
  REQUIRE(::bind(socket.get(), address.data(), address.size()) == 0);
  session::ConnectCommand command;
  command.endpoint.url.host = "127.0.0.1";
  command.endpoint.url.port = net::local_address(socket.get()).port();
  command.endpoint.url.target = "/";
  const auto session = connect(command, "");
  CHECK(session.status == 4);
  CHECK(session.words == command.endpoint.url.text() + ": connection refused");
}

TEST_CASE("a name that does not resolve is an error of its own") {
  session::ConnectCommand command;
  command.endpoint.url.host = std::string(64, 'x');
  CHECK(connect(command, "").status == 3);
}

TEST_CASE("a reader that has gone ends it quietly, a full disk does not") {
  const net::UniqueFd in = test::temporary_file("one\ntwo\n");
  const net::UniqueFd err = test::temporary_file();
  net::Pipe pipe = test::blocking_pipe();
  net::UniqueFd out = std::move(pipe.write_end);
  int wanted = 0;
  SUBCASE("pipe") { pipe.read_end.reset(); }
  SUBCASE("disk") {
    out.reset(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!out.valid()) return;  // only Linux has it
    wanted = 1;
  }
  int status = 0;
  {
    const test::Streams streams(in, out, err);
    status = connect_and_pipe(embedded_echo()).status();
  }
  CHECK(status == wanted);
}
