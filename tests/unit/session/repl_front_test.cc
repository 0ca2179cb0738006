#include "session/repl_front.h"

#include <string>

#include "cli/command_line.h"
#include "unit/cli/environment.h"
#include "unit/repl/folder.h"
#include "unit/streams/streams.h"
#include "unit/term/terminal.h"

using namespace wscope;
using test::Environment;
using test::Terminal;

namespace {

net::UniqueFd end_of(const Terminal& terminal) { return net::UniqueFd(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0)); }

struct Session {
  int status = -1;
  std::string words;  // of the error
};

/// Runs a session whose person does `act`; what it returns is for nobody.
template <typename Act>
Session run(const Terminal& terminal, session::ReplStart start, Act act) {
  const Environment environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  const net::UniqueFd end = end_of(terminal);
  Session session;
  std::thread person(act);
  {
    const test::Streams streams(end, end, end);
    auto signals = net::Signals::install(session::repl_signals);
    if (signals) {
      link::Loop loop;
      const streams::Outcome outcome = session::run_repl(loop, *signals, std::move(start), cli::in_session);
      session.status = outcome.status();
      if (outcome.error()) session.words = outcome.error()->message;
    }
  }
  person.join();
  return session;
}

session::ConnectCommand to_echo() {
  session::ConnectCommand command;
  command.endpoint.embedded = true;
  command.interaction.history = false;
  return command;
}

session::UnconnectedCommand unconnected() {
  session::UnconnectedCommand command;
  command.interaction.history = false;
  return command;
}

template <typename... Commands>
std::vector<cli::Command> commands(Commands&&... some) {
  std::vector<cli::Command> all;
  (all.emplace_back(std::forward<Commands>(some)), ...);
  return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a session is for a person at a terminal, and not for what programs are for") {
  const Terminal terminal;
  const net::UniqueFd end = end_of(terminal);
  const net::UniqueFd file = test::temporary_file();
  const auto wanted = [&](const cli::Command& command, const net::UniqueFd& in, const net::UniqueFd& out) {
    const test::Streams streams(in, out, file);
    return session::wants_repl(command);
  };
  for (const cli::Command& command : commands(cli::Command(to_echo()), unconnected(), session::ServeCommand())) {
    CHECK(wanted(command, end, end));
    CHECK_FALSE(wanted(command, file, end));
    CHECK(wanted(command, end, file));  // which gets the payloads
  }
  session::ConnectCommand json = to_echo();
  json.reporting.format = streams::OutputFormat::json;
  session::ConnectCommand counts = to_echo();
  counts.count = 1;
  session::ConnectCommand whole = to_echo();
  whole.input.format = streams::InputFormat::whole;
  session::ServeCommand echo;
  echo.service = link::ServiceKind::echo;
  session::ServeCommand once;
  once.once = true;
  for (const cli::Command& command : commands(std::move(json), std::move(counts), std::move(whole), std::move(echo),
                                              std::move(once), cli::ShowText())) {
    CHECK_FALSE(wanted(command, end, end));
  }
}

TEST_CASE("a person talks to a server and leaves") {
  const Terminal terminal;
  std::string answer;
  std::string farewell;
  const Session session = run(terminal, to_echo(), [&] {
    static_cast<void>(terminal.look("Connected (press CTRL+C to quit)"));
    terminal.type("hello\r");
    answer = terminal.look("< hello");
    terminal.type("/quit\r");
    farewell = terminal.look("Disconnected (code: 1000");
  });
  CHECK(session.status == 0);
  CHECK(session.words.empty());
  CHECK(has(answer, "< hello"));
  CHECK(has(farewell, "Disconnected (code: 1000"));
  CHECK((terminal.modes().c_lflag & ECHO) != 0);
}

TEST_CASE("without a URL it says what can be done, and what is wrong ends nothing") {
  const Terminal terminal;
  std::string seen;
  const Session session = run(terminal, unconnected(), [&] {
    seen += terminal.look("/help lists the commands");
    terminal.type("hello\r");
    seen += terminal.look("hint: /connect URL");
    terminal.type("/connect\r");
    seen += terminal.look("no URL");
    terminal.type("/connect echo:\r");
    seen += terminal.look("Connected (");
    terminal.type("/disconnect\r");
    seen += terminal.look("Disconnected (");
    terminal.type("/connections\r");
    seen += terminal.look("not connected\r");
    terminal.type("\x04");
  });
  CHECK(session.status == 0);
  CHECK(has(seen, "error: not connected"));
  CHECK(has(seen, "Disconnected (code: 1000"));
}

TEST_CASE("a connection that cannot be made ends what was begun for it") {
  session::ConnectCommand command;
  {
    const net::UniqueFd listener = test::listen_anywhere();
    command.endpoint.url.port = net::local_address(listener.get()).port();
  }
  command.endpoint.url.host = "127.0.0.1";
  command.endpoint.url.target = "/";
  command.interaction.history = false;
  const Terminal terminal;
  const Session session = run(terminal, std::move(command), [] {});
  CHECK(session.status == streams::exit_status(base::ErrorKind::connect));
  CHECK(session.words.ends_with("connection refused"));
}

TEST_CASE("what was typed is in the history of the next session") {
  const test::Folder folder;
  const Environment environment({Environment::Variable{"XDG_STATE_HOME", folder.path()}});
  const auto with_history = [] {
    session::ConnectCommand command = to_echo();
    command.interaction.history = true;
    return command;
  };
  const Terminal first;
  run(first, with_history(), [&] {
    static_cast<void>(first.look("Connected ("));
    first.type("remember me\r");
    static_cast<void>(first.look("< remember me"));
    first.type("\x04");
  });
  const Terminal second;
  std::string recalled;
  run(second, with_history(), [&] {
    static_cast<void>(second.look("Connected ("));
    second.type("\x1b[A\r");
    recalled = second.look("< remember me");
    second.type("\x04");
  });
  CHECK(has(recalled, "< remember me"));
}

TEST_CASE("Ctrl-C clears what is typed, and then quits") {
  const Terminal terminal;
  std::string seen;
  const Session session = run(terminal, to_echo(), [&] {
    static_cast<void>(terminal.look("Connected ("));
    terminal.type("typed");
    static_cast<void>(terminal.look("typed"));
    ::kill(::getpid(), SIGINT);
    seen = terminal.look("^C");
    ::kill(::getpid(), SIGINT);
  });
  CHECK(session.status == 0);
  CHECK(has(seen, "^C"));
}

TEST_CASE("an editor gets what is typed, and what it makes of it is typed then") {
  const Environment environment({Environment::Variable{"VISUAL", "sed -i s/a/b/g"}});
  const Terminal terminal;
  std::string answer;
  const Session session = run(terminal, to_echo(), [&] {
    static_cast<void>(terminal.look("Connected ("));
    terminal.type("/edit banana\r");
    static_cast<void>(terminal.look("> bbnbnb"));
    terminal.type("\r");
    answer = terminal.look("< bbnbnb");
    terminal.type("/quit\r");
  });
  CHECK(session.status == 0);
  CHECK(has(answer, "< bbnbnb"));
}
