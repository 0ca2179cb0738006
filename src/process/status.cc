#include "process/status.h"

#include <algorithm>
#include <iterator>

#include <signal.h>
#include <sys/wait.h>

namespace wscope::process {
namespace {

struct Named {
  int number;
  std::string_view name;
};

// Those of POSIX; of numbers that mean two things the usual one.
constexpr Named names[] = {
    {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},       {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},     {SIGTRAP, "SIGTRAP"},
    {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},       {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL"},   {SIGUSR1, "SIGUSR1"},
    {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"},     {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"},   {SIGTERM, "SIGTERM"},
    {SIGCHLD, "SIGCHLD"}, {SIGCONT, "SIGCONT"},     {SIGSTOP, "SIGSTOP"}, {SIGTSTP, "SIGTSTP"},   {SIGTTIN, "SIGTTIN"},
    {SIGTTOU, "SIGTTOU"}, {SIGURG, "SIGURG"},       {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"},   {SIGPROF, "SIGPROF"},
    {SIGSYS, "SIGSYS"},   {SIGVTALRM, "SIGVTALRM"}, {SIGIO, "SIGIO"},     {SIGWINCH, "SIGWINCH"},
};

}  // namespace

Status Status::of_wait(int status) noexcept {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

std::string Status::text() const {
  return signal != 0 ? "signal " + signal_name(signal) : "exit status " + std::to_string(code);
}

std::string signal_name(int number) {
  const auto* const found = std::find_if(std::begin(names), std::end(names),
                                         [number](const Named& candidate) { return candidate.number == number; });
  return found != std::end(names) ? std::string(found->name) : std::to_string(number);
}

}  // namespace wscope::process
