#include "net/signals.h"

#include <cerrno>
#include <csignal>

#include "descriptors.h"

using namespace wscope;
using net::Signals;

namespace {

using Handler = void (*)(int);

Handler handler_of(int number) {
  struct sigaction action {};
  REQUIRE(::sigaction(number, nullptr, &action) == 0);
  return action.sa_handler;
}

}  // namespace

TEST_CASE("signals are taken in the order in which they came") {
  auto signals = Signals::install({SIGUSR1, SIGUSR2});
  REQUIRE(signals.ok());
  CHECK_FALSE(signals->take());
  errno = ENOENT;
  for (const int number : {SIGUSR1, SIGUSR2, SIGUSR1}) REQUIRE(::raise(number) == 0);
  CHECK(errno == ENOENT);
  CHECK(test::wait_for(signals->fd(), POLLIN));
  CHECK(signals->take() == SIGUSR1);
  CHECK(signals->take() == SIGUSR2);
  CHECK(signals->take() == SIGUSR1);
  CHECK_FALSE(signals->take());
}

TEST_CASE("everything is as before when they go") {
  const Handler before = handler_of(SIGUSR1);
  const Handler pipe_before = handler_of(SIGPIPE);
  {
    auto signals = Signals::install({SIGUSR1});
    REQUIRE(signals.ok());
    const Signals moved = std::move(*signals);
    CHECK((handler_of(SIGUSR1) != before));
    CHECK((handler_of(SIGPIPE) == SIG_IGN));
  }
  CHECK((handler_of(SIGUSR1) == before));
  CHECK((handler_of(SIGPIPE) == pipe_before));
  CHECK(Signals::install({SIGUSR1}).ok());
}

TEST_CASE("a write to a closed pipe is an error, not the end") {
  auto signals = Signals::install({});
  REQUIRE(signals.ok());
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  pipe->read_end.reset();
  CHECK(net::write_some(pipe->write_end.get(), base::as_bytes("x")).error == EPIPE);
}

TEST_CASE("the end of a child is heard of, also if that was ignored") {
  const Handler before = std::signal(SIGCHLD, SIG_IGN);
  {
    auto signals = Signals::install({SIGCHLD});
    REQUIRE(signals.ok());
    REQUIRE(::raise(SIGCHLD) == 0);
    CHECK(signals->take() == SIGCHLD);
  }
  CHECK((handler_of(SIGCHLD) == SIG_IGN));
  std::signal(SIGCHLD, before);
}

TEST_CASE("an ignored signal stays ignored") {
  const Handler before = std::signal(SIGUSR2, SIG_IGN);
  {
    auto signals = Signals::install({SIGUSR2});
    REQUIRE(signals.ok());
    REQUIRE(::raise(SIGUSR2) == 0);
    CHECK_FALSE(signals->take());
  }
  CHECK((handler_of(SIGUSR2) == SIG_IGN));
  std::signal(SIGUSR2, before);
}
