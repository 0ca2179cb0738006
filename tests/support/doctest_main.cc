// The main of every doctest executable, compiled once. Tests are the same whoever starts them: no signal ignored or
// blocked, nothing standard closed, no news in the environment.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

extern char** environ;

namespace {

// What programs need to run at all, and what the tools that look into them are told.
bool is_kept(std::string_view name) {
  for (const char* whole : {"PATH", "TMPDIR"}) {
    if (name == whole) return true;
  }
  for (const char* begin : {"LD_", "DYLD_", "GCOV_", "LLVM_"}) {
    if (name.starts_with(begin)) return true;
  }
  return name.ends_with("SAN_OPTIONS");
}

void forget_the_environment() {
  std::vector<std::string> names;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names) {
    if (!is_kept(name)) ::unsetenv(name.c_str());
  }
}

void forget_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGALRM,
                           SIGUSR1, SIGUSR2, SIGWINCH}) {
    std::signal(number, SIG_DFL);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  forget_the_environment();
  forget_signals();
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= 2) fd = ::open("/dev/null", O_RDWR);
  ::close(fd);
  ::umask(022);
  return doctest::Context(argc, argv).run();
}
