#include "net/signals.h"

#include <atomic>
#include <cassert>
#include <cerrno>

#include <unistd.h>

#include "net/io.h"

namespace wscope::net {
namespace {

// The one thing of the program that is not passed as an argument: a signal handler is given nothing but the number.
std::atomic<int> pipe_of_handler = -1;
static_assert(std::atomic<int>::is_always_lock_free, "else it is not safe in a signal handler");

extern "C" void write_to_pipe(int number) {
  const int error = errno;
  const auto byte = static_cast<std::byte>(number);
  // A full pipe drops the signal: tens of thousands of others are waiting there.
  [[maybe_unused]] const ssize_t written = ::write(pipe_of_handler.load(), &byte, 1);
  errno = error;
}

}  // namespace

base::Result<Signals> Signals::install(std::initializer_list<int> numbers) {
  auto pipe = make_pipe();
  if (!pipe) return std::move(pipe).error();
  assert(pipe_of_handler.load() == -1);
  // Before the first handler, which may run at once.
  pipe_of_handler = pipe->write_end.get();
  Signals signals(std::move(*pipe));
  signals.replace(SIGPIPE, SIG_IGN);
  for (const int number : numbers) signals.replace(number, write_to_pipe);
  return signals;
}

Signals::~Signals() {
  if (!pipe_.read_end.valid()) return;  // moved from
  for (const Replaced& replaced : replaced_) ::sigaction(replaced.number, &replaced.action, nullptr);
  pipe_of_handler = -1;
}

void Signals::replace(int number, void (*handler)(int)) {
  Replaced replaced{number, {}};
  ::sigaction(number, nullptr, &replaced.action);
  // But a child whose end is ignored could not be waited for.
  if (replaced.action.sa_handler == SIG_IGN && number != SIGCHLD) return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // poll() is interrupted all the same
  sigemptyset(&action.sa_mask);
  [[maybe_unused]] const int refused = ::sigaction(number, &action, nullptr);
  assert(refused == 0);
  replaced_.push_back(replaced);
}

std::optional<int> Signals::take() noexcept {
  std::byte number;
  if (read_some(fd(), {&number, 1}).kind != IoResult::Kind::done) return std::nullopt;
  return std::to_integer<int>(number);
}

}  // namespace wscope::net
