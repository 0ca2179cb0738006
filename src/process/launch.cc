#include "process/launch.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "net/io.h"

namespace wscope::process {
namespace {

// Where the child has the pipe that tells us what went wrong, until it is another program.
constexpr int report_fd = 3;

// Which part of it failed.
enum class Failed : int { exec, folder, terminal };  // so that a Report has no holes

struct Report {
  int error;
  Failed failed;
};

// All that the child needs, made before it is one: what it calls then has to be safe in a signal handler.
struct Child {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* folder;  // null: none
  std::array<int, 3> streams;
  bool has_terminal;
  const rlimit* descriptor_limit;  // null: none
  rlim_t most_descriptors;
  int report;
  pid_t parent;
};

[[noreturn]] void report_and_exit(int fd, Failed failed) noexcept {
  const Report report{errno, failed};
  static_cast<void>(!::write(fd, &report, sizeof report));
  ::_exit(127);
}

void close_from(int first, rlim_t most) noexcept {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  for (rlim_t fd = static_cast<rlim_t>(first); fd < most; ++fd) ::close(static_cast<int>(fd));
}

// That of handlers is so after exec anyway; until then they would write into pipes of ours.
void restore_signals() noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Child& child) noexcept {
  ::setsid();
  if (child.has_terminal && ::ioctl(child.streams[0], TIOCSCTTY, 0) != 0) {
    report_and_exit(child.report, Failed::terminal);
  }
  for (int fd = 0; fd < 3; ++fd) ::dup2(child.streams[static_cast<std::size_t>(fd)], fd);
  if (child.report != report_fd) ::dup2(child.report, report_fd);
  ::fcntl(report_fd, F_SETFD, FD_CLOEXEC);
  close_from(report_fd + 1, child.most_descriptors);
  if (child.folder != nullptr && ::chdir(child.folder) != 0) report_and_exit(report_fd, Failed::folder);
  if (child.descriptor_limit != nullptr) ::setrlimit(RLIMIT_NOFILE, child.descriptor_limit);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGHUP);
  if (::getppid() != child.parent) ::_exit(127);  // it has gone meanwhile
#endif
  restore_signals();
  ::execve(child.path, child.arguments, child.environment);
  report_and_exit(report_fd, Failed::exec);
}

// No handler of ours may run in the child.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

LaunchResult failure(int error, std::string what) { return {std::nullopt, error, std::move(what)}; }

// Ours, and the child's ends. All of them are above 2, as ours are always open, so that dup2() always does something.
struct Streams {
  Launched ours{};
  net::UniqueFd input{};
  net::UniqueFd output{};
  net::UniqueFd errors{};
};

int make_terminal(WindowSize size, Streams& into) {
  into.ours.input.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  const int master = into.ours.input.get();
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return errno;
  const char* const name = ::ptsname(master);
  if (name == nullptr) return errno;
  into.input.reset(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  into.ours.output.reset(::fcntl(master, F_DUPFD_CLOEXEC, 0));
  if (!into.input.valid() || !into.ours.output.valid() || !net::make_private(master)) return errno;
  set_window_size(master, size);
  return 0;
}

int make_pipe(net::UniqueFd& read_end, net::UniqueFd& write_end) {
  std::array<int, 2> ends{};
#ifdef __linux__
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
#else
  if (::pipe(ends.data()) != 0) return errno;
#endif
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  for (const int fd : ends) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return errno;
  }
  return 0;
}

int make_pipes(bool errors, Streams& into) {
  if (const int error = make_pipe(into.input, into.ours.input); error != 0) return error;
  if (const int error = make_pipe(into.ours.output, into.output); error != 0) return error;
  if (errors) {
    if (const int error = make_pipe(into.ours.errors, into.errors); error != 0) return error;
  } else {
    into.errors.reset(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!into.errors.valid()) return errno;
  }
  for (const net::UniqueFd* fd : {&into.ours.input, &into.ours.output, &into.ours.errors}) {
    if (fd->valid() && !net::make_private(fd->get())) return errno;
  }
  return 0;
}

std::string name_of(Failed failed, const Launch& launch) {
  if (failed == Failed::folder) return launch.folder;
  return failed == Failed::terminal ? "a terminal" : launch.path;
}

// Forks; the child does not return. -1: errno.
pid_t start(const Child& child) noexcept {
  const SignalsBlocked blocked;
  const pid_t process = ::fork();
  if (process == 0) become(child);
  return process;
}

}  // namespace

LaunchResult launch(const Launch& launch) {
  Streams streams;
  const int missing = launch.terminal ? make_terminal(*launch.terminal, streams) : make_pipes(launch.errors, streams);
  if (missing != 0) return failure(missing, launch.terminal ? "a terminal" : "a pipe");
  net::UniqueFd told;
  net::UniqueFd tells;
  if (const int error = make_pipe(told, tells); error != 0) return failure(error, "a pipe");
  std::vector<char*> arguments;
  for (const std::string& one : launch.arguments) arguments.push_back(const_cast<char*>(one.c_str()));  // NOLINT
  arguments.push_back(nullptr);
  const std::vector<char*> environment = launch.environment.pointers();
  const int output = launch.terminal ? streams.input.get() : streams.output.get();
  const int errors = launch.terminal ? streams.input.get() : streams.errors.get();
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  const Child child = {.path = launch.path.c_str(),
                       .arguments = arguments.data(),
                       .environment = environment.data(),
                       .folder = launch.folder.empty() ? nullptr : launch.folder.c_str(),
                       .streams = {streams.input.get(), output, errors},
                       .has_terminal = launch.terminal.has_value(),
                       .descriptor_limit = launch.descriptor_limit ? &*launch.descriptor_limit : nullptr,
                       .most_descriptors = now.rlim_cur,
                       .report = tells.get(),
                       .parent = ::getpid()};
  const pid_t process = start(child);
  if (process < 0) return failure(errno, "fork");
  tells.reset();
  Report report{};
  const net::IoResult result = net::attempt([&] { return ::read(told.get(), &report, sizeof report); });
  if (result.kind == net::IoResult::Kind::end) {
    streams.ours.process = process;
    return {std::move(streams.ours), 0, {}};
  }
  ::waitpid(process, nullptr, 0);
  return failure(report.error, name_of(report.failed, launch));
}

void set_window_size(int master, WindowSize size) noexcept {
  winsize window{};
  window.ws_row = size.rows;
  window.ws_col = size.columns;
  ::ioctl(master, TIOCSWINSZ, &window);
}

}  // namespace wscope::process
