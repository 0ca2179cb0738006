#include "term/terminal.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "net/error.h"
#include "term/job_control.h"

namespace wscope::term {
namespace {

constexpr std::string_view begin_pastes = "\x1b[?2004h";
constexpr std::string_view end_pastes = "\x1b[?2004l";
// Whatever was being painted when the process crashed.
constexpr std::string_view end_painting = "\x1b[?2026l\x1b[?7h\x1b[0m\r\n";
constexpr std::array<int, 6> crashes = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};

// What a signal handler needs to put the terminal back, which is given nothing but the signal's number.
struct Entered {
  std::atomic<bool> active = false;
  int input = -1;
  int output = -1;
  bool dumb = false;
  termios before{};
  std::array<struct sigaction, crashes.size()> actions{};
  std::array<std::byte, std::size_t{1} << 14> stack{};  // for the handler: a crash may be that of the usual one
};
Entered entered;
static_assert(std::atomic<bool>::is_always_lock_free, "else it is not safe in a signal handler");

// Not if that would wait for somebody: the terminal may be stopped.
void print(int fd, std::string_view text) noexcept {
  pollfd polled{fd, POLLOUT, 0};
  if (::poll(&polled, 1, 0) != 1 || (polled.revents & POLLOUT) == 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
}

extern "C" void restore_and_crash(int number) {
  const int error = errno;
  if (entered.active.exchange(false)) {
    if (!entered.dumb) {
      print(entered.output, end_pastes);
      print(entered.output, end_painting);
    }
    ::tcsetattr(entered.input, TCSANOW, &entered.before);
  }
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    if (crashes[i] == number) ::sigaction(number, &entered.actions[i], nullptr);
  }
  ::raise(number);  // it comes once this handler is left
  errno = error;
}

void catch_crashes() noexcept {
  const stack_t stack{.ss_sp = entered.stack.data(), .ss_flags = 0, .ss_size = entered.stack.size()};
  stack_t before{};
  if (::sigaltstack(nullptr, &before) == 0 && (before.ss_flags & SS_DISABLE) != 0) ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = restore_and_crash;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGTTOU);  // modes can be set from the background then
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    ::sigaction(crashes[i], nullptr, &entered.actions[i]);
    if (entered.actions[i].sa_handler != SIG_IGN) ::sigaction(crashes[i], &action, nullptr);
  }
}

void let_crash() noexcept {
  for (std::size_t i = 0; i < crashes.size(); ++i) ::sigaction(crashes[i], &entered.actions[i], nullptr);
}

termios editing_modes(termios modes) noexcept {
  modes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ECHONL | IEXTEN);
  modes.c_lflag |= static_cast<tcflag_t>(ISIG);
  modes.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
  modes.c_cc[VMIN] = 0;  // what poll() has seen may be gone: Ctrl-C takes all that was typed before it away
  modes.c_cc[VTIME] = 0;
  return modes;
}

bool is_dumb(const char* name) noexcept {
  if (name == nullptr) return true;
  const std::string_view term(name);
  return term.empty() || term == "dumb" || term == "unknown";
}

bool is_tmux() noexcept {
  const char* session = std::getenv("TMUX");  // NOLINT(concurrency-mt-unsafe): there is one thread
  return session != nullptr && *session != '\0';
}

}  // namespace

base::Result<Terminal> Terminal::open(int input, int output) {
  if (::isatty(input) == 0) return net::system_error("stdin", errno);
  net::UniqueFd own;
  if (::isatty(output) == 0) {
    std::array<char, PATH_MAX> name;
    if (const int error = ::ttyname_r(input, name.data(), name.size()); error != 0) {
      return net::system_error("the terminal", error);
    }
    own.reset(::open(name.data(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
    if (!own.valid()) return net::system_error(name.data(), errno);
  }
  const int shown_on = own.valid() ? own.get() : output;
  return Terminal(input, shown_on, std::move(own), is_dumb(std::getenv("TERM")));
}

Terminal::Terminal(Terminal&& other) noexcept
    : input_(other.input_),
      output_(other.output_),
      own_(std::move(other.own_)),
      dumb_(other.dumb_),
      entered_(std::exchange(other.entered_, false)) {}

Terminal::~Terminal() { leave(); }

base::Result<void> Terminal::enter() {
  if (entered_) return {};
  wait_for_foreground(input_);
  if (::tcgetattr(input_, &entered.before) != 0) return net::system_error("the terminal", errno);
  entered.input = input_;
  entered.output = output_;
  entered.dumb = dumb_;
  catch_crashes();
  entered.active = true;
  entered_ = true;
  const termios modes = editing_modes(entered.before);
  while (::tcsetattr(input_, TCSANOW, &modes) != 0) {
    if (errno == EINTR) continue;
    const int error = errno;
    leave();
    return net::system_error("the terminal", error);
  }
  if (!dumb_) print(output_, begin_pastes);
  return {};
}

void Terminal::leave() noexcept {
  if (!std::exchange(entered_, false)) return;
  sigset_t background;
  sigset_t before;
  sigemptyset(&background);
  sigaddset(&background, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &background, &before);
  if (!dumb_) print(output_, end_pastes);
  ::tcsetattr(input_, TCSANOW, &entered.before);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  entered.active = false;
  let_crash();
}

void Terminal::suspend() {
  leave();
  stop();
}

ScreenSize Terminal::size() const noexcept {
  ScreenSize size;
  winsize told{};
  if (::ioctl(output_, TIOCGWINSZ, &told) != 0) return size;
  if (told.ws_row > 0) size.rows = told.ws_row;
  if (told.ws_col > 0) size.columns = told.ws_col;
  return size;
}

Prompt::Abilities Terminal::abilities() const noexcept {
  if (dumb_) return Prompt::Abilities::dumb;
  return is_tmux() ? Prompt::Abilities::tmux : Prompt::Abilities::full;
}

int Terminal::input() const noexcept { return input_; }

net::IoResult Terminal::read(base::MutableBytes into) const noexcept {
  const net::IoResult result = net::read_some(input_, into);
  if (result.kind != net::IoResult::Kind::end) return result;
  pollfd polled{input_, 0, 0};
  const bool gone = ::poll(&polled, 1, 0) == 1 && (polled.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  return gone ? result : net::IoResult{net::IoResult::Kind::would_block};
}

}  // namespace wscope::term
