#include "session/pipe_front.h"

#include <unistd.h>

namespace wscope::session {

base::Result<void> PipeFront::enter_terminal(streams::InputSource& input, streams::OutputQueue& output,
                                             streams::ErrorOutput& errors) {
  auto terminal = term::Terminal::open(STDIN_FILENO, STDOUT_FILENO);
  if (!terminal) return std::move(terminal).error();
  return terminal_.emplace(poller_, std::move(*terminal), input, output, errors).enter();
}

void PipeFront::handle_signal(int number) {
  const auto goes_on = [this] {
    look_at_signals();
    return !session().leaving();
  };
  if (number == SIGCHLD) return look_at_programs();
  if (terminal_ && terminal_->handle_signal(number, goes_on)) return;
  ++ending_signals_;
  session().signalled(number, now());
}

}  // namespace wscope::session
