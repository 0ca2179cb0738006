// Each deadline of this layer after an hour in which nothing happened.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "link/echo.h"
#include "link/outgoing_connection.h"
#include "repl/interpreter.h"
#include "session/connect_front.h"
#include "session/repl_front.h"
#include "session/script_front.h"
#include "session/serve_front.h"
#include "support/fake_time.h"
#include "unit/link/notes.h"
#include "unit/link/serving.h"
#include "unit/repl/folder.h"
#include "unit/repl/noted_host.h"
#include "unit/report/reports.h"
#include "unit/streams/console_on_terminal.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::FakeTime;
using test::settle;

namespace {

/// A server in a loop whose clock the test has, with one client made by hand that was silent for an hour.
struct Silent {
  explicit Silent(link::Server::Options options = {}) : loop(&time), served(loop, std::move(options), notes) {
    notes.server = &served.server;
    client = served.connect_by_hand();
    settle(loop.poller);
    time.pass(1h);
    settle(loop.poller);
  }

  FakeTime time;
  link::Loop loop;
  test::Notes notes;
  test::Served served;
  net::UniqueFd client;
};

link::Server::Options closing_in_ten_seconds() {
  link::Server::Options options;
  options.timeouts.close = 10s;
  return options;
}

bool is_ready(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

const std::string going_away = test::frame(0x88, "\x03\xe9");

/// A session in the loop of a server whose clock the test has. Once the session's connection is open, an hour passes
/// and `act()` is called; then a second passes with every turn, until the session says Close or is over.
class Hour final : private net::Pollable {
 public:
  Hour() { notes.server = &served.server; }
  ~Hour() { loop.poller.remove(id_); }
  Hour(const Hour&) = delete;
  Hour& operator=(const Hour&) = delete;

  /// No assertion may fail meanwhile: nobody would see it.
  template <typename Command>
  streams::Outcome run(const net::UniqueFd& in, const net::UniqueFd& out, Command command) {
    settle(loop.poller);
    time.pass(1h);
    loop.poller.set_deadline(id_, net::Poller::at_once);
    const test::Streams streams(in, out, err);
    auto signals = net::Signals::install(session::repl_signals);
    return signals ? command(*signals) : streams::Outcome();
  }
  [[nodiscard]] session::ConnectCommand to_server() const {
    session::ConnectCommand command;
    command.endpoint.url = served.url;
    command.compression.reset();
    command.interaction.history = false;
    return command;
  }
  /// From act() to the end.
  [[nodiscard]] base::Duration taken() const { return time.now() - acted_at_; }

  FakeTime time;
  link::Loop loop{&time};
  test::Notes notes;
  test::Served served{loop, {}, notes};
  std::function<void()> act;
  net::UniqueFd err = test::temporary_file();

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint) override {
    const auto& clients = served.server.clients();
    const bool open = !clients.empty() && clients.begin()->second->is_open();
    if (open && !acted_) {
      time.pass(1h);
      acted_ = true;
      acted_at_ = time.now();
      if (act) act();
    } else if (open) {
      time.pass(1s);
    }
    loop.poller.set_deadline(id_, net::Poller::at_once);
  }

  net::Poller::Id id_ = loop.poller.add(-1, {}, *this);
  bool acted_ = false;
  base::TimePoint acted_at_;
};

/// Who makes a connection.
struct Caller final : link::OutgoingConnectionOwner {
  explicit Caller(std::uint16_t port) : loop(&time) {
    command.endpoint.url.host = "127.0.0.1";
    command.endpoint.url.port = port;
    command.endpoint.url.target = "/";
    command.compression.reset();
    command.timeouts.close = 10s;
    reports.emplace(loop.poller, command.reporting);
  }
  void start() {
    connection.emplace(loop, command, link::Delivery::whole, 1, **reports, *this);
    connection->start(command.endpoint.url, false);
  }
  void handle_message(const ws::Message&) override {}
  void handle_progress() override {}
  void handle_restart() override { ++restarts; }
  void handle_end() override { ++ends; }

  FakeTime time;
  link::Loop loop;
  session::ConnectCommand command;
  std::optional<test::Reports> reports;
  std::optional<link::OutgoingConnection> connection;
  int restarts = 0;
  int ends = 0;
};

/// A server made by hand that accepts one client after the other.
struct Hand {
  [[nodiscard]] std::uint16_t port() const { return net::local_address(listener.get()).port(); }
  net::UniqueFd open(Caller& from) const {
    net::UniqueFd socket;
    REQUIRE(test::run_until(from.loop.poller, [&] {
      socket = net::accept_connection(listener.get()).fd;
      return socket.valid();
    }));
    std::string request;
    REQUIRE(test::run_until(from.loop.poller,
                            [&] { return (request += test::hear(socket)).find("\r\n\r\n") != std::string::npos; }));
    const std::string name = "Sec-WebSocket-Key: ";
    test::say(socket, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                          ws::accept_value(request.substr(request.find(name) + name.size(), 24)) + "\r\n\r\n");
    REQUIRE(test::run_until(from.loop.poller, [&] { return from.connection->is_open(); }));
    return socket;
  }
  [[nodiscard]] bool has_visitor() const { return is_ready(listener.get()); }

  net::UniqueFd listener = test::listen_anywhere();
};

}  // namespace

TEST_CASE("after an hour of silence clients hear that the server is going away, and have close_timeout to answer") {
  Silent server(closing_in_ten_seconds());
  server.served.server.shut_down();
  settle(server.loop.poller);
  CHECK(test::hear(server.client) == going_away);
  CHECK(server.served.server.clients().size() == 1);
  SUBCASE("who answers is gone") {
    server.time.pass(9s);
    test::say(server.client, test::masked_frame(0x88, "\x03\xe9"));
    net::half_close(server.client.get());
    CHECK(server.served.run_until_empty());
  }
  SUBCASE("who does not is given up") {
    server.time.pass(10s - 1ns);
    settle(server.loop.poller);
    CHECK(server.served.server.clients().size() == 1);
    server.time.pass(1ns);
    settle(server.loop.poller);
    CHECK(server.served.server.clients().empty());
  }
}

TEST_CASE("with --once an hour of silence is no reason to say that the client was lost") {
  link::Server::Options options = closing_in_ten_seconds();
  options.once = true;
  Silent server(options);
  server.served.server.shut_down();
  settle(server.loop.poller);
  test::say(server.client, test::masked_frame(0x88, "\x03\xe9"));
  net::half_close(server.client.get());
  CHECK(server.served.run_until_empty());
  CHECK_FALSE(server.served.server.ending().has_value());
}

TEST_CASE("after an hour of silence a client that reads too slowly is told, and has close_timeout") {
  Silent server(closing_in_ten_seconds());
  const std::string text(100'000, 'x');
  link::Client& client = *server.served.server.clients().begin()->second;
  while (client.is_open()) server.served.server.send_to_all({.payload = base::as_bytes(text)}, nullptr);
  settle(server.loop.poller);
  server.time.pass(10s - 1ns);
  settle(server.loop.poller);
  CHECK(server.served.server.clients().size() == 1);
  server.time.pass(1ns);
  settle(server.loop.poller);
  CHECK(server.served.server.clients().empty());
}

TEST_CASE("after an hour of silence our Close is answered, and no loss") {
  const Hand hand;
  Caller caller(hand.port());
  caller.start();
  const net::UniqueFd server = hand.open(caller);
  caller.time.pass(1h);
  settle(caller.loop.poller);
  caller.connection->close(ws::close_code::normal);
  caller.connection->peer()->flush();
  caller.time.pass(9s);
  settle(caller.loop.poller);
  CHECK(caller.ends == 0);
  test::say(server, test::frame(0x88, "\x03\xe8"));
  SUBCASE("and the end of TCP is in time") { net::half_close(server.get()); }
  SUBCASE("and the end of TCP is waited for a second") {
    settle(caller.loop.poller);
    CHECK(caller.ends == 0);
    caller.time.pass(1s);
  }
  settle(caller.loop.poller);
  CHECK(caller.ends == 1);
  CHECK_FALSE(caller.connection->judge().has_value());
}

TEST_CASE("after an hour of silence a connection that is lost is made again after the shortest wait") {
  const Hand hand;
  Caller caller(hand.port());
  caller.command.reconnect.emplace();
  caller.start();
  for (int i = 1; i <= 8; ++i) {
    const net::UniqueFd server = hand.open(caller);
    caller.time.pass(1h);
    settle(caller.loop.poller);
    test::say(server, test::frame(0x88, "\x03\xe9"));
    net::half_close(server.get());
    REQUIRE(test::run_until(caller.loop.poller, [&] { return caller.restarts == i; }));
    caller.time.pass(250ms - 1ns);
    settle(caller.loop.poller);
    CHECK_FALSE(hand.has_visitor());
    caller.time.pass(250ms + 1ns);
    settle(caller.loop.poller);
    CHECK(hand.has_visitor());
  }
}

TEST_CASE("after an hour of silence /close is answered, and a /wait takes as long as it says") {
  FakeTime time;
  test::Connected connected(&time);
  test::NotedHost host;
  repl::Interpreter interpreter(connected.loop, connected.connections, connected.journal, &cli::read_plan, host);
  link::ConnectPlan command = test::Connected::to_echo();
  command.timeouts.close = 10s;
  connected.connections.connect(std::move(command));
  REQUIRE(connected.turn_until([&] { return connected.connections.is_open(1); }));
  settle(connected.loop.poller);
  time.pass(1h);
  settle(connected.loop.poller);
  const auto obey = [&](const char* line) {
    interpreter.add(line);
    interpreter.run();
    settle(connected.loop.poller);
  };
  obey("/wait 10");
  time.pass(10s - 1ns);
  settle(connected.loop.poller);
  CHECK(interpreter.waits());
  time.pass(1ns);
  settle(connected.loop.poller);
  CHECK_FALSE(interpreter.waits());
  obey("/close");
  REQUIRE(connected.turn_until([&] { return !connected.ended.empty(); }));
  CHECK(connected.ended == test::Strings{"1"});
}

TEST_CASE("after an hour an arrow key may come in two parts, and an Escape alone is a key once nothing follows it") {
  FakeTime time;
  test::ConsoleOnTerminal console(&time);
  console.history.add("older", false);
  CHECK(console.shows({">"}));
  time.pass(1h);
  console.type("\x1b");
  settle(console.poller);
  time.pass(59ms);
  settle(console.poller);
  console.type("[A");
  CHECK(console.shows({"> older"}));
  time.pass(1h);
  console.type("\x1b");
  settle(console.poller);
  (*console).flush();
  time.pass(60ms);
  settle(console.poller);
  console.type("[A");
  CHECK(console.shows({"> olderA"}));  // Alt-[ and an A
}

TEST_CASE("after an hour of silence a session's last answers have all of -w") {
  Hour hour;
  session::ConnectCommand command = hour.to_server();
  command.silence = 10s;
  const net::UniqueFd out = test::temporary_file();
  streams::Outcome outcome;
  SUBCASE("in a pipe") {
    net::Pipe in = test::blocking_pipe();
    hour.act = [&] {
      static_cast<void>(net::write_some(in.write_end.get(), base::as_bytes("x\n")));
      in.write_end.reset();
    };
    outcome = hour.run(in.read_end, out,
                       [&](net::Signals& signals) { return session::connect_and_pipe(hour.loop, signals, command); });
  }
  SUBCASE("in a script") {
    const net::UniqueFd in = test::temporary_file("/wait 10\nx\n");
    command.interaction.commands = "-";
    command.silence = 5s;
    outcome = hour.run(in, out, [&](net::Signals& signals) {
      return session::run_script(hour.loop, signals, session::ReplStart(std::move(command)), &cli::read_plan);
    });
  }
  CHECK(outcome.status() == 0);
  CHECK(hour.taken() >= 10s);
  CHECK(hour.taken() < 40s);
  CHECK(hour.notes.lines[1] == "message 1 x");
}

TEST_CASE("an hour before a session is none of its --timeout") {
  Hour hour;
  session::ConnectCommand command = hour.to_server();
  command.timeout = 2h;
  command.at_eof = session::AtEof::hold;
  const net::UniqueFd in = test::temporary_file();
  const net::UniqueFd out = test::temporary_file();
  streams::Outcome outcome;
  SUBCASE("in a pipe") {
    outcome = hour.run(in, out,
                       [&](net::Signals& signals) { return session::connect_and_pipe(hour.loop, signals, command); });
  }
  SUBCASE("in a script") {
    command.interaction.commands = "-";
    outcome = hour.run(in, out, [&](net::Signals& signals) {
      return session::run_script(hour.loop, signals, session::ReplStart(std::move(command)), &cli::read_plan);
    });
  }
  CHECK(outcome.status() == streams::exit_status(base::ErrorKind::timeout));
  CHECK(hour.taken() >= 1h);
  CHECK(hour.taken() < 1h + 40s);
}

TEST_CASE("after an hour of silence a person who leaves waits for the answer for two seconds") {
  const test::Environment environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  const test::Terminal terminal;
  const net::UniqueFd end(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0));
  Hour hour;
  bool answers = true;
  SUBCASE("which comes") {}
  SUBCASE("which does not come") { answers = false; }
  hour.act = [&] {
    if (!answers) hour.served.server.hold(true);
    terminal.type("\x04");
  };
  const streams::Outcome outcome = hour.run(end, end, [&](net::Signals& signals) {
    return session::run_repl(hour.loop, signals, session::ReplStart(hour.to_server()), cli::in_session);
  });
  CHECK(outcome.status() == 0);
  if (!answers) CHECK(hour.taken() >= 2s);
  CHECK(hour.taken() < 40s);
}
