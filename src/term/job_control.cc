#include "term/job_control.h"

#include <signal.h>
#include <unistd.h>

namespace wscope::term {

void wait_for_foreground(int terminal) noexcept {
  // The signal stops nobody whose parent is gone, or who ignores it.
  for (int tries = 0; tries < 16; ++tries) {
    const pid_t group = ::tcgetpgrp(terminal);
    if (group < 0 || group == ::getpgrp()) return;
    ::kill(0, SIGTTIN);
  }
}

void stop() noexcept {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGTSTP, &action, &before);
  ::raise(SIGTSTP);
  ::sigaction(SIGTSTP, &before, nullptr);
}

}  // namespace wscope::term
