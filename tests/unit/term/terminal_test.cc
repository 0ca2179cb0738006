#include "term/terminal.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iterator>
#include <string>

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "terminal.h"

using namespace wscope;

namespace {

term::Terminal open(const test::Terminal& terminal, const char* name = "xterm") {
  ::setenv("TERM", name, 1);
  auto opened = term::Terminal::open(terminal.end(), terminal.end());
  if (!opened) FAIL(opened.error().message);
  return std::move(*opened);
}

bool same(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_lflag == b.c_lflag && a.c_cflag == b.c_cflag &&
         std::equal(std::begin(a.c_cc), std::end(a.c_cc), std::begin(b.c_cc));
}

/// Does `act` in a process of its own, in which nothing but the terminal catches signals; its number.
template <typename Act>
pid_t fork_to(Act act) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child > 0) return child;
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setpgid(0, 0);  // else it may not be stopped
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGTERM}) ::signal(number, SIG_DFL);
  act();
  ::_exit(0);
}

unsigned use_up_stack(unsigned depth) {  // NOLINT(misc-no-recursion): that is its purpose
  volatile char some[4096] = {};  // NOLINT(modernize-avoid-c-arrays): an array's functions are not for what is volatile
  some[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : use_up_stack(depth + 1) + static_cast<unsigned>(some[0]);
}

int wait_for_child(pid_t child, int options = 0) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, options) == child);
  return status;
}

}  // namespace

TEST_CASE("keys come as they are typed, unseen, and signals as always; then all is as before") {
  const test::Terminal pty;
  const termios before = pty.modes();
  {
    term::Terminal terminal = open(pty);
    CHECK(same(pty.modes(), before));
    REQUIRE(terminal.enter().ok());
    REQUIRE(terminal.enter().ok());
    const termios during = pty.modes();
    CHECK((during.c_lflag & (ICANON | ECHO | IEXTEN)) == 0);
    CHECK((during.c_lflag & ISIG) != 0);
    CHECK((during.c_iflag & (ICRNL | IXON)) == 0);
    CHECK(during.c_oflag == before.c_oflag);
    pty.type("\r\x13\x16");
    CHECK(terminal.input() == pty.end());
    REQUIRE(test::wait_for(terminal.input(), POLLIN));
    std::array<std::byte, 16> some;
    const net::IoResult read = terminal.read(some);
    CHECK(base::as_text(base::Bytes(some).first(read.bytes)) == "\r\x13\x16");
    terminal.leave();
    CHECK(same(pty.modes(), before));
    REQUIRE(terminal.enter().ok());
  }
  CHECK(same(pty.modes(), before));
  pty.type("x\n");
  const std::string once = "\x1b[?2004h\x1b[?2004l";
  CHECK(pty.look("\n") == once + once + "x\r\n");
}

TEST_CASE("what is typed and then taken away is not waited for") {
  test::Terminal pty;
  term::Terminal terminal = open(pty);
  REQUIRE(terminal.enter().ok());
  REQUIRE(pty.modes().c_cc[VMIN] == 0);
  pty.type("half");
  REQUIRE(test::wait_for(terminal.input(), POLLIN));
  REQUIRE(::tcflush(pty.end(), TCIFLUSH) == 0);
  std::array<std::byte, 16> some;
  CHECK(terminal.read(some).kind == net::IoResult::Kind::would_block);
  pty.type("x");
  REQUIRE(test::wait_for(terminal.input(), POLLIN));
  CHECK(terminal.read(some).bytes == 1);
  pty.hang_up();
  const net::IoResult::Kind end = terminal.read(some).kind;
  CHECK((end == net::IoResult::Kind::end || end == net::IoResult::Kind::failed));
}

TEST_CASE("one that was moved leaves nothing") {
  const test::Terminal pty;
  term::Terminal first = open(pty);
  REQUIRE(first.enter().ok());
  const termios during = pty.modes();
  {
    const term::Terminal second = std::move(first);
    first.leave();  // NOLINT(bugprone-use-after-move)
    CHECK(same(pty.modes(), during));
  }
  CHECK(!same(pty.modes(), during));
}

TEST_CASE("a dumb terminal is sent nothing") {
  for (const char* name : {"dumb", "unknown", ""}) {
    const test::Terminal pty;
    {
      term::Terminal terminal = open(pty, name);
      CHECK(terminal.abilities() == term::Prompt::Abilities::dumb);
      REQUIRE(terminal.enter().ok());
    }
    pty.type("x\n");
    CHECK(pty.look("\n") == "x\r\n");
  }
  const test::Terminal pty;
  CHECK(open(pty, "vt100").abilities() == term::Prompt::Abilities::full);
}

TEST_CASE("the size is the terminal's, and the usual one if it does not say") {
  const test::Terminal pty;
  const term::Terminal terminal = open(pty);
  CHECK(terminal.size() == term::ScreenSize{24, 80});
  const winsize size{.ws_row = 33, .ws_col = 111, .ws_xpixel = 0, .ws_ypixel = 0};
  REQUIRE(::ioctl(pty.end(), TIOCSWINSZ, &size) == 0);
  CHECK(terminal.size() == term::ScreenSize{33, 111});
}

TEST_CASE("a process that crashes ends by its signal and leaves the terminal as it was") {
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT}) {
    CAPTURE(number);
    const test::Terminal pty;
    const termios before = pty.modes();
    const int status = wait_for_child(fork_to([&] {
      term::Terminal terminal = open(pty);
      if (!terminal.enter()) return;
      if (number == SIGABRT) std::abort();
      ::raise(number);
    }));
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == number);
    CHECK(same(pty.modes(), before));
    CHECK(pty.look("\n").find("\x1b[?2004l\x1b[?2026l\x1b[?7h\x1b[0m") != std::string::npos);
  }
}

TEST_CASE("so does one that has no stack left") {
  const test::Terminal pty;
  const termios before = pty.modes();
  const int status = wait_for_child(fork_to([&] {
    term::Terminal terminal = open(pty);
    if (!terminal.enter()) return;
    use_up_stack(1);
  }));
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSEGV);
  CHECK(same(pty.modes(), before));
}

TEST_CASE("what crashes once the terminal was left does so by itself") {
  const test::Terminal pty;
  const int status = wait_for_child(fork_to([&] {
    {
      term::Terminal terminal = open(pty);
      if (!terminal.enter()) return;
    }
    ::raise(SIGSEGV);
  }));
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV));
  pty.type("x\n");
  CHECK(pty.look("\n") == "\x1b[?2004h\x1b[?2004lx\r\n");
}

TEST_CASE("a suspended process leaves the terminal as it was, and goes on in editing mode") {
  const test::Terminal pty;
  const termios before = pty.modes();
  const pid_t child = fork_to([&] {
    ::signal(SIGTSTP, SIG_IGN);  // as if it were caught
    term::Terminal terminal = open(pty);
    if (!terminal.enter()) ::_exit(1);
    terminal.suspend();
    if (!terminal.enter()) ::_exit(1);
    char key = 0;
    if (!test::wait_for(pty.end(), POLLIN) || ::read(pty.end(), &key, 1) != 1 || key != 'q') ::_exit(2);
  });
  REQUIRE(WIFSTOPPED(wait_for_child(child, WUNTRACED)));
  CHECK(pty.look("2004l") == "\x1b[?2004h\x1b[?2004l");
  CHECK(same(pty.modes(), before));
  REQUIRE(::kill(child, SIGCONT) == 0);
  CHECK(pty.look("2004h") == "\x1b[?2004h");
  CHECK((pty.modes().c_lflag & ICANON) == 0);
  pty.type("q");
  const int status = wait_for_child(child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(same(pty.modes(), before));
}

TEST_CASE("what is no terminal cannot be opened, and one that is gone cannot be entered") {
  test::Terminal pty;
  const net::Pipe pipe = test::blocking_pipe();
  const auto opened = term::Terminal::open(pipe.read_end.get(), pty.end());
  REQUIRE(!opened.ok());
  CHECK(opened.error().kind == base::ErrorKind::io);
  term::Terminal terminal = open(pty);
  pty.hang_up();
  CHECK(!terminal.enter().ok());
}

TEST_CASE("it is shown on the terminal that is typed on, if the output is something else") {
  test::Terminal pty;
  const net::Pipe pipe = test::blocking_pipe();
  const net::UniqueFd read_only(::open(pty.path(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  auto terminal = term::Terminal::open(read_only.get(), pipe.write_end.get());
  REQUIRE(terminal.ok());
  CHECK(terminal->output() != pipe.write_end.get());
  CHECK(::isatty(terminal->output()) == 1);
  REQUIRE(terminal->enter().ok());
  CHECK(pty.look("2004h") == "\x1b[?2004h");
  terminal->leave();
  CHECK(pty.look("2004l") == "\x1b[?2004l");
}
