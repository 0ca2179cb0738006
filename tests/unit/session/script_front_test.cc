#include "session/script_front.h"

#include <string>

#include "cli/command_line.h"
#include "unit/repl/folder.h"
#include "unit/report/reports.h"
#include "unit/session/run_command.h"
#include "unit/streams/streams.h"

using namespace wscope;

namespace {

struct Session : test::Run {
  std::string words;  // of the error
};

Session run(session::ReplStart start, std::string_view input = {}) {
  Session session;
  static_cast<test::Run&>(session) = test::with_input(input, [&] {
    const streams::Outcome outcome = test::run_command([&](auto& loop, auto& signals) {
      return session::run_script(loop, signals, std::move(start), &cli::read_plan);
    });
    if (outcome.error()) session.words = outcome.error()->message;
    return outcome.status();
  });
  return session;
}

session::UnconnectedCommand unconnected(const std::string& path) {
  session::UnconnectedCommand command;
  command.interaction.commands = path;
  return command;
}

session::ConnectCommand to_echo(const std::string& path) {
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.silence = std::chrono::milliseconds(20);
  command.interaction.commands = path;
  return command;
}

}  // namespace

TEST_CASE("lines of a file are sent, and messages are printed as in a pipe") {
  const test::Folder folder;
  const std::string path = folder.file("script", "one\n/send two\r\n/fragment 1 abc\n//three");
  const Session session = run(to_echo(path));
  CHECK(session.status == 0);
  CHECK(session.out == "one\ntwo\nabc\n/three\n");
  CHECK(session.err.empty());
}

TEST_CASE("a script connects by itself, and may come from stdin") {
  const Session session = run(unconnected("-"), "/connect echo:\nhello\n/wait 0.05\n/quit\nnever\n");
  CHECK(session.status == 0);
  CHECK(session.out == "hello\n");
  CHECK(session.words.empty());
}

TEST_CASE("it goes on after a /wait") {
  const test::Folder folder;
  const Session session = run(to_echo(folder.file("script", "one\n/wait 0.02\ntwo\n/wait 0.02\nthree\n")));
  CHECK(session.status == 0);
  CHECK(session.out == "one\ntwo\nthree\n");
}

TEST_CASE("first messages go before the script") {
  const test::Folder folder;
  session::ConnectCommand command = to_echo(folder.file("script", "two\n"));
  command.first_messages = {{.payload = "one"}};
  CHECK(run(std::move(command)).out == "one\ntwo\n");
}

TEST_CASE("the first line that cannot be obeyed is named and ends it") {
  const test::Folder folder;
  const std::string path = folder.file("script", "one\n\n/clsoe\nnever\n");
  const Session session = run(to_echo(path));
  CHECK(session.status == 1);
  CHECK(session.words == path + ":3: /clsoe: no such command");
  CHECK(session.out.find("never") == std::string::npos);
  CHECK(run(unconnected("-"), "hello\n").words == "standard input:1: not connected");
  CHECK(run(unconnected("-"), "/connect\n").status == 1);
  CHECK(run(unconnected("-"), "/clear\n").words == "standard input:1: /clear: needs a terminal");
}

TEST_CASE("a script that does not connect ends at once") {
  const Session session = run(unconnected("-"), "/connections\n/help quit\n");
  CHECK(session.status == 0);
  CHECK(session.out.empty());
  CHECK(session.err == "not connected\n/quit: close everything and end\nThe same as /exit.\n");
  CHECK(run(unconnected("-"), "").status == 0);
}

TEST_CASE("a script that cannot be read is a failure") {
  const Session session = run(unconnected("/nowhere/at/all"));
  CHECK(session.status == 1);
  CHECK(session.words.starts_with("/nowhere/at/all: "));
}

TEST_CASE("a connection that fails ends the script with its exit status") {
  std::string port;
  {
    const net::UniqueFd listener = test::listen_anywhere();
    port = std::to_string(net::local_address(listener.get()).port());
  }
  const Session session = run(unconnected("-"), "/connect ws://127.0.0.1:" + port + "/\nhello\n");
  CHECK(session.status == streams::exit_status(base::ErrorKind::connect));
  CHECK(session.words.ends_with("connection refused"));
}

TEST_CASE("what happens are events if they are wanted") {
  const test::Folder folder;
  session::ConnectCommand command = to_echo(folder.file("script", "hi\n"));
  command.reporting.format = streams::OutputFormat::json;
  const auto outline = test::outline(run(std::move(command)).out);
  REQUIRE(outline.size() >= 3);
  CHECK(std::count(outline.begin(), outline.end(), "text 1 in") == 1);
  CHECK(outline.back() == "closed 1");
}

TEST_CASE("a server obeys a script as well, and tells where it listens") {
  const test::Folder folder;
  session::ServeCommand command;
  command.address = {.host = "127.0.0.1", .port = 0};
  command.interaction.commands = folder.file("script", "/connections\n/quit\n");
  const Session session = run(std::move(command));
  CHECK(session.status == 0);
  CHECK(session.err.starts_with("Listening on ws://127.0.0.1:"));
  CHECK(session.err.find("  listening on ws://127.0.0.1:") != std::string::npos);
}
