#include "session/pipe_front.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "cli/command_line.h"
#include "session/connect_front.h"
#include "session/serve_front.h"
#include "unit/cli/environment.h"
#include "unit/streams/streams.h"
#include "unit/term/terminal.h"

using namespace wscope;
using test::Terminal;

namespace {

/// Runs a command on a terminal whose person does `act`; stdout is `out` or, if that is none, the terminal.
template <typename Run, typename Act>
int run_typed(const Terminal& terminal, const net::UniqueFd& out, Run run, Act act) {
  const test::Environment environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  const net::UniqueFd end(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0));
  int status = -1;
  std::thread person(act);
  {
    const test::Streams streams(end, out.valid() ? out : end, end);
    auto signals = net::Signals::install(session::typed_signals);
    link::Loop loop;
    if (signals) status = run(loop, *signals).status();
  }
  person.join();
  return status;
}

session::ConnectCommand to_echo() {
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.count = 2;
  return command;
}

}  // namespace

TEST_CASE("lines are typed into a pipe, whose output is shown or goes where it is to go") {
  const session::ConnectCommand command = to_echo();
  const auto run = [&](link::Loop& loop, net::Signals& signals) {
    return session::connect_and_pipe(loop, signals, command);
  };
  for (const bool elsewhere : {false, true}) {
    CAPTURE(elsewhere);
    const Terminal terminal;
    const net::UniqueFd out = elsewhere ? test::temporary_file() : net::UniqueFd();
    std::string seen;
    const int status = run_typed(terminal, out, run, [&] {
      seen += terminal.look("> ");
      terminal.type("one\r");
      seen += terminal.look("> ");
      terminal.type("/two\r");
      seen += terminal.look("/two");
    });
    CHECK(status == 0);
    if (elsewhere) CHECK(test::content_of(out) == "one\n/two\n");
    CHECK((terminal.modes().c_lflag & ECHO) != 0);
  }
}

TEST_CASE("a server in a pipe is typed to, too, and a signal ends it") {
  session::ServeCommand command;
  command.reporting.format = streams::OutputFormat::json;
  const Terminal terminal;
  std::string seen;
  const auto run = [&](link::Loop& loop, net::Signals& signals) { return session::serve(loop, signals, command); };
  const int status = run_typed(terminal, {}, run, [&] {
    seen += terminal.look("\"event\":\"listening\"");
    seen += terminal.look("> ");
    ::kill(::getpid(), SIGWINCH);
    terminal.type("hello\r");
    seen += terminal.look("hello");
    ::kill(::getpid(), SIGTERM);
  });
  CHECK(status == 0);
  CHECK(seen.find("listening") != std::string::npos);
  CHECK((terminal.modes().c_lflag & ECHO) != 0);
}
