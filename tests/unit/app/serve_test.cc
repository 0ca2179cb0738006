#include "app/serve.h"

#include <csignal>
#include <thread>

#include "streams.h"

using namespace wscope;

namespace {

app::Outcome serve(const cli::EchoCommand& command) {
  return test::run_command([&](auto& loop, auto& signals) { return app::serve(loop, signals, command); });
}

}  // namespace

TEST_CASE("a server says where it listens, and a signal ends it well") {
  net::Pipe pipe = test::blocking_pipe();
  std::string line;
  int status = -1;
  {
    const net::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const test::Streams streams(null, null, pipe.write_end);
    std::thread server([&] {
      cli::EchoCommand command;
      command.address.port = 0;
      status = serve(command).status();
    });
    for (char c = 0; c != '\n' && ::read(pipe.read_end.get(), &c, 1) == 1;) line += c;
    ::kill(::getpid(), SIGTERM);
    server.join();
  }
  CHECK(line.find("Listening on ws://127.0.0.1:") == 0);
  CHECK(line.find("/ (press CTRL+C to quit)\n") != std::string::npos);
  CHECK(status == 0);
}

TEST_CASE("a server that cannot listen says why") {
  const net::UniqueFd taken = test::listen_anywhere();
  cli::EchoCommand command;
  command.address.host = "127.0.0.1";
  command.address.port = net::local_address(taken.get()).port();
  const app::Outcome outcome = serve(command);
  CHECK(outcome.status() == 1);
  REQUIRE(outcome.error().has_value());
  CHECK(outcome.error()->message.find("address already in use") != std::string::npos);

  command.address.host = "example.com";
  CHECK(serve(command).status() == 2);
}
