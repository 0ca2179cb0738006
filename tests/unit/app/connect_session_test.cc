#include "app/connect_session.h"

#include "streams.h"

using namespace wscope;

namespace {

app::Outcome connect_and_pipe(const cli::ConnectCommand& command) {
  return test::run_command([&](auto& loop, auto& signals) { return app::connect_and_pipe(loop, signals, command); });
}

cli::ConnectCommand embedded_echo() {
  cli::ConnectCommand command;
  command.endpoint.embedded = true;
  command.silence = std::chrono::milliseconds(20);
  return command;
}

/// The exit status; stderr holds the message.
test::Run connect(const cli::ConnectCommand& command, std::string_view input) {
  base::Error error;
  auto run = test::with_input(input, [&] {
    const app::Outcome outcome = connect_and_pipe(command);
    if (outcome.error()) error = *outcome.error();
    return outcome.status();
  });
  CHECK(run.err.empty());
  run.err = error.message;
  return run;
}

}  // namespace

TEST_CASE("lines go out and come back as lines") {
  for (const bool binary : {false, true}) {
    cli::ConnectCommand command = embedded_echo();
    command.binary = binary;
    const auto run = connect(command, "one\n\ntwo\r\nthree");
    CHECK(run.status == 0);
    CHECK(run.out == (binary ? "onetwothree" : "one\n\ntwo\nthree\n"));
  }
}

TEST_CASE("a line longer than all buffers comes back whole") {
  const std::string line(3'000'000, 'x');
  cli::ConnectCommand command = embedded_echo();
  SUBCASE("after a silence") { command.at_eof = cli::AtEof::wait; }
  SUBCASE("though the connection is closed at the end of the input") { command.at_eof = cli::AtEof::close; }
  const auto run = connect(command, line);
  CHECK(run.status == 0);
  CHECK(run.out.size() == line.size() + 1);
}

TEST_CASE("a line that is not UTF-8 is named, and those before it are sent") {
  const auto run = connect(embedded_echo(), "one\ntwo\n\xff\nfour\n");
  CHECK(run.status == 1);
  CHECK(run.out == "one\ntwo\n");
  CHECK(run.err == "standard input: line 3 is not UTF-8");
}

TEST_CASE("who does not listen refuses") {
  const net::UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  const auto address = net::SocketAddress::from_numeric("127.0.0.1", 0).value();
  REQUIRE(::bind(socket.get(), address.data(), address.size()) == 0);
  cli::ConnectCommand command;
  command.endpoint.url.host = "127.0.0.1";
  command.endpoint.url.port = net::local_address(socket.get()).port();
  command.endpoint.url.target = "/";
  const auto run = connect(command, "");
  CHECK(run.status == 4);
  CHECK(run.err == command.endpoint.url.text() + ": connection refused");
}

TEST_CASE("a name that does not resolve is an error of its own") {
  cli::ConnectCommand command;
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
