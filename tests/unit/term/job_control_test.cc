#include "term/job_control.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"

using namespace wscope;

namespace {

// Runs `check` in a session whose terminal is `pty`, as the shell.
int in_session(const test::Terminal& pty, int (*check)(int terminal)) {
  const pid_t session = ::fork();
  if (session == 0) {
    ::setsid();
    const int terminal = ::open(pty.path(), O_RDWR);
    ::_exit(check(terminal));
  }
  int status = 0;
  ::waitpid(session, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a process in the background stops until it is in the foreground") {
  const test::Terminal pty;
  const auto check = [](int terminal) {
    const pid_t job = ::fork();
    if (job == 0) {
      ::setpgid(0, 0);
      term::wait_for_foreground(terminal);
      ::_exit(::tcgetpgrp(terminal) == ::getpgrp() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(job, &status, WUNTRACED);
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTTIN) return 2;
    ::signal(SIGTTOU, SIG_IGN);
    ::tcsetpgrp(terminal, job);
    ::kill(-job, SIGCONT);
    ::waitpid(job, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
  };
  CHECK(in_session(pty, check) == 0);
}

TEST_CASE("who is in the foreground, or ignores the signal, or has no terminal, goes on") {
  const test::Terminal pty;
  CHECK(in_session(pty, [](int terminal) {
          term::wait_for_foreground(terminal);
          return 0;
        }) == 0);
  CHECK(in_session(pty, [](int terminal) {
          const pid_t job = ::fork();
          if (job == 0) {
            ::signal(SIGTTIN, SIG_IGN);
            ::setpgid(0, 0);
            term::wait_for_foreground(terminal);
            ::_exit(0);
          }
          int status = 0;
          ::waitpid(job, &status, WUNTRACED);
          return WIFEXITED(status) ? 0 : 1;
        }) == 0);
  term::wait_for_foreground(-1);
}
