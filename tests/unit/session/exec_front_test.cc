#include "session/exec_front.h"

#include <csignal>

#include "net/signals.h"
#include "session/pipe_front.h"
#include "unit/report/reports.h"
#include "unit/streams/streams.h"

using namespace wscope;

namespace {

struct Session : test::Run {
  std::string words;  // of the error
};

// Runs a script of sh with an echo.
Session run(const std::string& script) {
  Session session;
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.reads_stdin = false;
  command.exec.emplace().arguments = {"/bin/sh", "-c", script};
  static_cast<test::Run&>(session) = test::with_input("", [&] {
    auto signals = net::Signals::install(session::program_signals);
    REQUIRE(signals.ok());
    link::Loop loop;
    const streams::Outcome outcome = session::connect_and_exec(loop, *signals, command);
    if (outcome.error()) session.words = outcome.error()->message;
    return outcome.status();
  });
  return session;
}

}  // namespace

TEST_CASE("a program talks to a server") {
  const Session session = run("echo hello; read a; test \"$a\" = hello");
  CHECK(session.status == 0);
  CHECK(session.words.empty());
  CHECK(session.out.empty());
}

TEST_CASE("a program that fails is the status, if the connection did not") {
  const Session session = run("exit 3");
  CHECK(session.status == 1);
  CHECK(session.words == "/bin/sh: exit status 3");
}

TEST_CASE("a program that is not there is said before anything else") {
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.exec.emplace().arguments = {"/nowhere/program"};
  auto signals = net::Signals::install(session::program_signals);
  REQUIRE(signals.ok());
  link::Loop loop;
  const streams::Outcome outcome = session::connect_and_exec(loop, *signals, command);
  CHECK(outcome.status() == 1);
  CHECK(outcome.error()->message == "/nowhere/program: no such file or directory");
}
