#include "session/serve_front.h"

#include <csignal>
#include <functional>
#include <optional>
#include <thread>

#include "unit/peer/owner.h"
#include "unit/report/reports.h"
#include "unit/session/run_command.h"
#include "unit/streams/streams.h"

using namespace wscope;
using link::ServiceKind;

namespace {

streams::Outcome run_server(const session::ServeCommand& command) {
  return test::run_command([&](auto& loop, auto& signals) { return session::serve(loop, signals, command); });
}

session::ServeCommand serving(ServiceKind service, bool once = false) {
  session::ServeCommand command;
  command.address.port = 0;
  command.service = service;
  command.once = once;
  return command;
}

/// A client by hand. Nothing is asserted: meanwhile nobody would see it.
struct Hand {
  explicit Hand(std::uint16_t port)
      : socket(std::move(net::start_connect(net::SocketAddress::from_numeric("127.0.0.1", port).value()).value())) {
    test::wait_for(socket.get(), POLLOUT);
    exchange(test::upgrade_request, "\r\n\r\n");
  }
  /// Sends bytes, and hears until those that are wanted have come, or the end.
  bool exchange(std::string_view bytes, std::string_view wanted) {
    if (!bytes.empty()) static_cast<void>(net::send(socket.get(), base::as_bytes(bytes)));
    std::vector<std::byte> room(65'536);
    while (heard.find(wanted) == std::string::npos) {
      if (!test::wait_for(socket.get(), POLLIN)) return false;
      const net::IoResult result = net::receive(socket.get(), room);
      if (result.kind == net::IoResult::Kind::end || result.kind == net::IoResult::Kind::failed) return false;
      heard += base::as_text(base::Bytes(room).first(result.bytes));
    }
    return true;
  }
  /// Says Close and hears the server's.
  bool close(std::string_view payload = "\x03\xe8") { return exchange(test::masked_frame(0x88, payload), "\x88"); }

  net::UniqueFd socket;
  std::string heard;
};

/// What a server made of its input and clients.
struct Served : test::Run {
  std::string words;  // of the error
};

/// Runs a server in a thread, and `clients` with its port; a signal ends it then, unless it ends by itself.
Served run(const session::ServeCommand& command, const std::function<void(std::uint16_t)>& clients,
           std::string_view input = "", net::UniqueFd out = test::temporary_file()) {
  // For a signal that comes when the server has ended already.
  const auto before = ::signal(SIGTERM, [](int) {});
  const net::UniqueFd in = test::temporary_file(input);
  net::Pipe err = test::blocking_pipe();
  Served served;
  {
    const test::Streams streams(in, out, err.write_end);
    std::thread server([&] {
      const streams::Outcome outcome = run_server(command);
      served.status = outcome.status();
      if (outcome.error()) served.words = outcome.error()->message;
    });
    for (char c = 0; c != '\n' && ::read(err.read_end.get(), &c, 1) == 1;) served.err += c;
    const std::string_view url = "Listening on ws://127.0.0.1:";
    clients(static_cast<std::uint16_t>(std::stoi(served.err.substr(url.size()))));
    if (!command.once) ::kill(::getpid(), SIGTERM);
    server.join();
  }
  ::signal(SIGTERM, before);
  err.write_end.reset();
  served.err += test::read_to_end(err.read_end.get());
  if (::lseek(out.get(), 0, SEEK_END) > 0) served.out = test::content_of(out);
  return served;
}

const std::string hello = test::text_frame("hello");

}  // namespace

TEST_CASE("a server says where it listens, and a signal ends it well") {
  bool told = false;
  const Served served = run(serving(ServiceKind::echo), [&](std::uint16_t port) {
    Hand client(port);
    ::kill(::getpid(), SIGTERM);
    told = client.exchange("", test::frame(0x88, "\x03\xe9"));  // 1001
    client.close("\x03\xe9");
  });
  CHECK(served.err.find("/ (press CTRL+C to quit)\n") != std::string::npos);
  CHECK(told);
  CHECK(served.out.empty());
}

TEST_CASE("a server that cannot listen says why, as an event too") {
  const net::UniqueFd taken = test::listen_anywhere();
  session::ServeCommand command = serving(ServiceKind::echo);
  command.address.host = "127.0.0.1";
  command.address.port = net::local_address(taken.get()).port();
  const streams::Outcome outcome = run_server(command);
  CHECK(outcome.status() == 1);
  REQUIRE(outcome.error().has_value());
  CHECK(outcome.error()->message.find("address already in use") != std::string::npos);

  command.address.host = "example.com";
  command.reporting.format = streams::OutputFormat::json;
  const test::Run named = test::with_input("", [&] { return run_server(command).status(); });
  CHECK(named.status == 2);
  CHECK(test::events_in(named.out) ==
        std::vector<std::string>{
            R"({"event":"error","conn":0,"kind":"usage","message":"example.com: not an IP address","exit":2})"});
}

TEST_CASE("an echo says everything back") {
  bool heard = false;
  const Served served = run(serving(ServiceKind::echo), [&](std::uint16_t port) {
    Hand client(port);
    heard = client.exchange(hello, test::frame(0x81, "hello"));
    client.close();
  });
  CHECK(heard);
  CHECK(served.status == 0);
  CHECK(served.out.empty());
}

TEST_CASE("a broadcast goes to the others") {
  bool heard = false;
  const Served served = run(serving(ServiceKind::broadcast), [&](std::uint16_t port) {
    Hand one(port);
    Hand two(port);
    heard = two.exchange(hello, "") && one.exchange("", test::frame(0x81, "hello"));
    one.close();
    two.close();
  });
  CHECK(heard);
  CHECK(served.status == 0);
  CHECK(served.out.empty());
}

TEST_CASE("in a pipe stdin goes to the clients, and what they say to stdout") {
  bool heard = false;
  const auto talk = [&](std::uint16_t port) {
    Hand client(port);
    heard = client.exchange(hello, test::frame(0x81, "one") + test::frame(0x81, "two"));
    client.close();
  };
  const Served served = run(serving(ServiceKind::pipe), talk, "one\ntwo");
  CHECK(heard);
  CHECK(served.status == 0);
  CHECK(served.out == "hello\n");
}

TEST_CASE("events tell a whole life") {
  session::ServeCommand command = serving(ServiceKind::echo, true);
  command.reporting.format = streams::OutputFormat::json;
  const Served served = run(command, [&](std::uint16_t port) {
    Hand client(port);
    client.exchange(hello, test::frame(0x81, "hello"));
    client.close();
  });
  CHECK(served.status == 0);
  CHECK(test::outline(served.out) ==
        std::vector<std::string>{"listening 0", "open 1", "text 1 in", "close 1 in", "closed 1"});
}

TEST_CASE("a reader that has gone ends it quietly, a full disk does not") {
  net::Pipe pipe = test::blocking_pipe();
  net::UniqueFd out = std::move(pipe.write_end);
  int wanted = 0;
  SUBCASE("pipe") {}
  SUBCASE("disk") {
    out.reset(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!out.valid()) return;  // only Linux has it
    wanted = 1;
  }
  bool told = false;
  const auto talk = [&](std::uint16_t port) {
    Hand client(port);
    pipe.read_end.reset();
    told = client.exchange(hello, test::frame(0x88, "\x03\xe9"));
    client.close("\x03\xe9");
    client.exchange("", "never");
  };
  const Served served = run(serving(ServiceKind::pipe, true), talk, "", std::move(out));
  CHECK(told);
  CHECK(served.status == wanted);
}
