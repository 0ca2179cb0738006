#include "term/tty.h"

#include <csignal>
#include <optional>

#include "net/signals.h"
#include "terminal.h"

using namespace wscope;
using test::Person;
using test::Terminal;

namespace {

term::Tty open(const Terminal& terminal) {
  auto tty = term::Tty::open(terminal.path());
  if (!tty) FAIL(tty.error().message);
  return std::move(*tty);
}

/// What was typed, which must be a line.
std::string line_of(const base::Result<std::optional<std::string>>& line) {
  if (!line) FAIL(line.error().message);
  REQUIRE(line->has_value());
  return **line;
}

bool same(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_lflag == b.c_lflag && a.c_cflag == b.c_cflag &&
         std::equal(std::begin(a.c_cc), std::end(a.c_cc), std::begin(b.c_cc));
}

/// Never readable.
struct Nothing {
  net::Pipe pipe = test::blocking_pipe();
  [[nodiscard]] int fd() const { return pipe.read_end.get(); }
};

}  // namespace

TEST_CASE("a line is read and not shown, and the terminal is as before") {
  const Terminal terminal;
  const termios before = terminal.modes();
  const Nothing nothing;
  std::string line;
  {
    const Person person(terminal, "Password: ", [&] { terminal.type("open sesame\n"); });
    line = line_of(open(terminal).read_secret("Password: ", {nothing.fd()}));
  }
  CHECK(line == "open sesame");
  CHECK(terminal.look("\n") == "\r\n");
  CHECK(same(terminal.modes(), before));
}

TEST_CASE("a system that cannot wait for a line is an error, not an empty line") {
  const Terminal terminal;
  const termios before = terminal.modes();
  const Nothing nothing;
  auto tty = open(terminal);
  {
    const test::DescriptorLimit one(1);
    const auto line = tty.read_secret("? ", {nothing.fd()});
    CHECK_FALSE(line.ok());
  }
  CHECK(same(terminal.modes(), before));
}

TEST_CASE("nothing is shown and signals still come while a line is typed") {
  const Terminal terminal;
  const Nothing nothing;
  termios during{};
  {
    const Person person(terminal, "? ", [&] {
      during = terminal.modes();
      terminal.type("\n");
    });
    CHECK(line_of(open(terminal).read_secret("? ", {nothing.fd()})).empty());
  }
  CHECK((during.c_lflag & (ECHO | ECHONL)) == 0);
  CHECK((during.c_lflag & ISIG) != 0);
  CHECK((during.c_lflag & ICANON) != 0);
  CHECK(during.c_cc[VINTR] != _POSIX_VDISABLE);
  CHECK(during.c_cc[VQUIT] == _POSIX_VDISABLE);
}

TEST_CASE("a line can be corrected, and may be long and of any characters") {
  const Terminal terminal;
  const Nothing nothing;
  const auto typed = [&](const std::string& text) {
    const Person person(terminal, "? ", [&] { terminal.type(text); });
    return line_of(open(terminal).read_secret("? ", {nothing.fd()}));
  };
  CHECK(typed("ab\x7f"
              "c\n") == "ac");
  CHECK(typed("wrong\x15right\n") == "right");
  CHECK(typed("\xc3\xa9 \t\x1b[A\n") == "\xc3\xa9 \t\x1b[A");
  CHECK(typed("a\rb") == "a");
  CHECK(typed("half\x04 and half\n") == "half and half");
  CHECK(typed(std::string(2000, 'x') + "\n") == std::string(2000, 'x'));
}

TEST_CASE("a terminal in another mode is read by lines and left in its mode") {
  const Terminal terminal;
  const Nothing nothing;
  termios raw = terminal.modes();
  ::cfmakeraw(&raw);
  terminal.set_modes(raw);
  const termios before = terminal.modes();
  {
    const Person person(terminal, "? ", [&] { terminal.type("a\r"); });
    CHECK(line_of(open(terminal).read_secret("? ", {nothing.fd()})) == "a");
  }
  CHECK(same(terminal.modes(), before));
}

TEST_CASE("what is typed before the prompt does not count, what is typed behind the line is left there") {
  const Terminal terminal;
  const Nothing nothing;
  terminal.type("too early\n");
  {
    const Person person(terminal, "? ", [&] { terminal.type("in time\nnext\n"); });
    CHECK(line_of(open(terminal).read_secret("? ", {nothing.fd()})) == "in time");
  }
  char next[16] = {};
  CHECK(::read(terminal.end(), next, sizeof next) == 5);
  CHECK(std::string(next) == "next\n");
}

TEST_CASE("a signal interrupts the line, and what was typed of it is forgotten") {
  auto signals = net::Signals::install({SIGTERM});
  REQUIRE(signals.ok());
  const Terminal terminal;
  const termios before = terminal.modes();
  {
    const Person person(terminal, "? ", [&] {
      terminal.type("half");
      ::kill(::getpid(), SIGTERM);
    });
    const auto line = open(terminal).read_secret("? ", {signals->fd()});
    REQUIRE(line.ok());
    CHECK(!line->has_value());
  }
  CHECK(signals->take() == SIGTERM);
  CHECK(same(terminal.modes(), before));
  terminal.type("whole\n");
  char next[16] = {};
  CHECK(::read(terminal.end(), next, sizeof next) == 6);
  CHECK(std::string(next) == "whole\n");
}

TEST_CASE("the end of the terminal's input is an error, and its modes are put back") {
  const Terminal terminal;
  const termios before = terminal.modes();
  const Nothing nothing;
  {
    const Person person(terminal, "? ", [&] { terminal.type("\x04"); });
    const auto line = open(terminal).read_secret("? ", {nothing.fd()});
    REQUIRE(!line.ok());
    CHECK(line.error().kind == base::ErrorKind::io);
    CHECK(line.error().message == "no line was typed");
  }
  CHECK(same(terminal.modes(), before));
}

TEST_CASE("a terminal that goes away is an error") {
  Terminal terminal;
  const Nothing nothing;
  term::Tty tty = open(terminal);
  terminal.hang_up();
  const auto line = tty.read_secret("? ", {nothing.fd()});
  REQUIRE(!line.ok());
  CHECK(line.error().kind == base::ErrorKind::io);
}

TEST_CASE("what is no terminal cannot be opened") {
  for (const char* path : {"/dev/null", "/nonexistent"}) {
    const auto tty = term::Tty::open(path);
    REQUIRE(!tty.ok());
    CHECK(tty.error().kind == base::ErrorKind::io);
    CHECK(tty.error().message.find(path) == 0);
  }
}
