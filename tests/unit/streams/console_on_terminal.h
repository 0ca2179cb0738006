// A console on a terminal whose screen a test can look at.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poll.h>

#include "streams.h"
#include "streams/console.h"
#include "support/screen.h"
#include "support/turns.h"
#include "unit/cli/environment.h"
#include "unit/term/terminal.h"

namespace wscope::test {

/// What is typed is noted; what is shown is on a screen of 24 rows and 80 columns.
class ConsoleOnTerminal final : private streams::ConsoleOwner {
 public:
  using Rows = std::vector<std::string>;

  explicit ConsoleOnTerminal(const base::TimeSource* time = nullptr) : poller(time), console_(make()) {
    REQUIRE(console_.enter().ok());
  }

  [[nodiscard]] streams::Console* operator->() noexcept { return &console_; }
  [[nodiscard]] streams::Console& operator*() noexcept { return console_; }
  [[nodiscard]] const Terminal& terminal() const noexcept { return terminal_; }
  void type(std::string_view keys) const { terminal_.type(keys); }
  void hang_up() { terminal_.hang_up(); }

  /// Turns the loop as a session does, until `done()`.
  template <typename Done>
  bool turn_until(Done done) {
    return run_until(poller, [&] {
      console_.flush();
      look();
      return done();
    });
  }
  /// Turns the loop until the screen shows just these rows.
  bool shows(const Rows& rows) {
    const bool shown = turn_until_shown([&] { return screen.all() == rows; });
    if (!shown) CHECK(joined(screen.all()) == joined(rows));
    return shown;
  }
  /// Takes what has come to the screen.
  void look() {
    std::array<char, 4096> some{};
    for (pollfd polled{terminal_.master(), POLLIN, 0}; ::poll(&polled, 1, 0) == 1 && (polled.revents & POLLIN) != 0;) {
      const ssize_t size = ::read(terminal_.master(), some.data(), some.size());
      if (size <= 0) return;
      const std::string_view bytes(some.data(), static_cast<std::size_t>(size));
      written += bytes;
      screen.write(bytes);
    }
  }

  net::Poller poller;
  term::History history;
  Screen screen{24, 80};
  std::string written;  // to the terminal
  std::vector<std::string> lines;
  std::vector<std::string> edited;
  std::function<void()> before_keys;  // done before the next ones are read
  int ends = 0;
  std::function<term::Completions(std::string_view)> completes = [](std::string_view) { return term::Completions(); };

 private:
  static std::string joined(const Rows& rows) {
    std::string all;
    for (const std::string& row : rows) all += row + "\n";
    return all;
  }
  template <typename Done>
  bool turn_until_shown(Done done) {
    const base::TimePoint end = base::Clock::now() + std::chrono::seconds(30);
    return turn_until([&] { return done() || base::Clock::now() >= end; }) && done();
  }
  // The console keeps the descriptor that it has opened anew.
  streams::Console make() {
    const Environment environment({Environment::Variable{"TERM", "xterm"}});
    auto opened = term::Terminal::open(terminal_.end(), terminal_.end());
    REQUIRE(opened.ok());
    const net::UniqueFd end(::fcntl(terminal_.end(), F_DUPFD_CLOEXEC, 0));
    const Replaced replaced(STDOUT_FILENO, end);
    return {poller, std::move(*opened), history, *this};
  }
  void handle_line(std::string line) override { lines.push_back(std::move(line)); }
  void handle_keys_waiting() override {
    if (before_keys) std::exchange(before_keys, nullptr)();
  }
  void handle_end_of_input() override { ++ends; }
  [[nodiscard]] term::Completions complete(std::string_view text) override { return completes(text); }
  void handle_edit(std::string text) override { edited.push_back(std::move(text)); }

  Terminal terminal_;
  streams::Console console_;
};

}  // namespace wscope::test
