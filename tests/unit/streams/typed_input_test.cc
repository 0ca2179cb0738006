#include "streams/typed_input.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "items.h"
#include "streams.h"
#include "support/turns.h"
#include "unit/cli/environment.h"
#include "unit/term/terminal.h"

using namespace wscope;
using streams::InputFormat;
using Items = std::vector<std::string>;

namespace {

/// Lines that are typed on a terminal; stdout and stderr are it, too, or files.
struct Fixture {
  explicit Fixture(InputFormat format = InputFormat::lines, bool shows = true)
      : out(shows ? end_of(terminal) : test::temporary_file()),
        input(poller, -1,
              {.format = format,
               .type = format == InputFormat::hex ? streams::MessageType::binary : streams::MessageType::text,
               .typed = true}),
        output(poller, out.get()) {
    const net::UniqueFd end = end_of(terminal);
    stdin_ = std::make_unique<test::Replaced>(STDIN_FILENO, end);
    stdout_ = std::make_unique<test::Replaced>(STDOUT_FILENO, out);
    stderr_ = std::make_unique<test::Replaced>(STDERR_FILENO, out);
    const test::Environment environment({test::Environment::Variable{"TERM", "xterm"}});
    auto opened = term::Terminal::open(STDIN_FILENO, STDOUT_FILENO);
    if (!opened) return;
    typed = std::make_unique<streams::TypedInput>(poller, std::move(*opened), input, output, errors);
    entered = typed->enter().ok();
  }
  ~Fixture() { typed.reset(); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  static net::UniqueFd end_of(const test::Terminal& terminal) {
    return net::UniqueFd(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0));
  }
  void turn() {
    while (const streams::InputItem* item = input.next()) items.push_back(test::in_words(*item));
    output.flush();
    typed->flush();
  }
  /// What it is before it is told with doctest, which prints to stdout.
  template <typename Done>
  bool turn_until(Done done) {
    const base::TimePoint end = base::Clock::now() + std::chrono::seconds(20);
    for (turn(); !done() && base::Clock::now() < end; turn()) {
      const test::Alarm alarm(poller, std::chrono::milliseconds(1));
      if (!poller.run_once()) return false;
    }
    return done();
  }
  /// What has come to the screen by now.
  void look() {
    std::array<char, 4096> some{};
    for (pollfd polled{terminal.master(), POLLIN, 0}; ::poll(&polled, 1, 0) == 1;) {
      const ssize_t size = ::read(terminal.master(), some.data(), some.size());
      if (size <= 0) return;
      seen.append(some.data(), static_cast<std::size_t>(size));
    }
  }
  void leave() {
    typed.reset();
    stdin_.reset();
    stdout_.reset();
    stderr_.reset();
  }

  test::Terminal terminal;
  net::UniqueFd out;
  net::Poller poller;
  streams::InputSource input;
  streams::OutputQueue output;
  streams::ErrorOutput errors{poller, STDERR_FILENO};
  std::unique_ptr<test::Replaced> stdin_, stdout_, stderr_;
  std::unique_ptr<streams::TypedInput> typed;
  bool entered = false;
  std::string seen;
  Items items;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what is typed is the input, a line of any length, until Ctrl-D") {
  Fixture fixture;
  const std::string piece(1000, 'x');
  for (int i = 0; i < 6; ++i) {
    fixture.terminal.type(piece);
    fixture.turn_until([&] {
      fixture.look();
      return std::count(fixture.seen.begin(), fixture.seen.end(), 'x') >= (i + 1) * 1000;
    });
  }
  fixture.terminal.type("\rtwo\r");
  const bool came = fixture.turn_until([&] { return fixture.items.size() == 2; });
  const bool done_before = fixture.input.done();
  fixture.terminal.type("\x04");
  const bool ended = fixture.turn_until([&] { return fixture.input.done(); });
  const bool restored = (fixture.terminal.modes().c_lflag & ICANON) != 0;
  fixture.leave();
  CHECK(fixture.entered);
  CHECK(came);
  CHECK(!done_before);
  CHECK(ended);
  CHECK(restored);
  REQUIRE(fixture.items.size() == 2);
  CHECK(fixture.items[0].size() == 5 + 6000);
  CHECK(fixture.items[1] == "text two");
}

TEST_CASE("what is printed is shown above the line that is typed, and as usual once that is over") {
  Fixture fixture;
  fixture.terminal.type("typ");
  static_cast<void>(fixture.output.queue().append(base::as_bytes(std::string_view("{\"event\":1}\n"))));
  fixture.errors.print("wscope: said\n");
  const std::string& seen = fixture.seen;
  fixture.turn_until([&] {
    fixture.look();
    return has(seen, "typ") && has(seen, "event") && has(seen, "said");
  });
  fixture.typed->leave();
  fixture.errors.print("behind\n");
  fixture.turn_until([&] {
    fixture.look();
    return has(seen, "behind");
  });
  fixture.leave();
  CHECK(has(seen, "{\"event\":1}"));
  CHECK(has(seen, "wscope: said"));
  CHECK(seen.find("typ") > seen.find("event"));
  CHECK(seen.find("behind") > seen.find("typ"));
}

TEST_CASE("what is printed elsewhere is not shown") {
  Fixture fixture(InputFormat::hex, false);
  static_cast<void>(fixture.output.queue().append(base::as_bytes(std::string_view("payload"))));
  fixture.errors.print("said\n");
  fixture.terminal.type("00ff\r");
  const bool came = fixture.turn_until([&] { return !fixture.items.empty(); });
  fixture.leave();
  CHECK(came);
  CHECK(fixture.items == Items{"binary 00ff"});
  CHECK(test::content_of(fixture.out) == "said\npayload");
}

TEST_CASE("signals of the terminal are obeyed, others are not") {
  Fixture fixture;
  const auto goes_on = [] { return true; };
  const bool window = fixture.typed->handle_signal(SIGWINCH, goes_on);
  const bool interrupt = fixture.typed->handle_signal(SIGINT, goes_on);
  fixture.leave();
  CHECK(window);
  CHECK(!interrupt);
}

TEST_CASE("without a terminal nothing is typed") {
  const net::UniqueFd file = test::temporary_file();
  const test::Terminal terminal;
  bool of_file = true;
  bool of_terminal = false;
  {
    const test::Replaced input(STDIN_FILENO, file);
    of_file = streams::TypedInput::is_typed();
  }
  {
    const net::UniqueFd end = Fixture::end_of(terminal);
    const test::Replaced input(STDIN_FILENO, end);
    of_terminal = streams::TypedInput::is_typed();
  }
  CHECK(!of_file);
  CHECK(of_terminal);
}
