// A terminal with somebody at it.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "net/fd.h"
#include "unit/net/descriptors.h"

namespace wscope::test {

/// A pseudo-terminal, and its modes.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(master_.valid());
    REQUIRE(::grantpt(master_.get()) == 0);
    REQUIRE(::unlockpt(master_.get()) == 0);
    path_ = ::ptsname(master_.get());
    end_.reset(::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    REQUIRE(end_.valid());
  }

  [[nodiscard]] const char* path() const noexcept { return path_.c_str(); }
  [[nodiscard]] int master() const noexcept { return master_.get(); }
  /// The end that programs use, blocking.
  [[nodiscard]] int end() const noexcept { return end_.get(); }
  void hang_up() noexcept { master_.reset(); }

  [[nodiscard]] termios modes() const {
    termios modes{};
    REQUIRE(::tcgetattr(end_.get(), &modes) == 0);
    return modes;
  }
  void set_modes(const termios& modes) const { REQUIRE(::tcsetattr(end_.get(), TCSANOW, &modes) == 0); }

  void type(std::string_view text) const {
    CHECK(::write(master_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  /// What is on the screen, up to and with `last`, as far as it has not been looked at.
  [[nodiscard]] std::string look(std::string_view last) const {
    std::string seen;
    std::array<char, 256> some{};
    while (seen.find(last) == std::string::npos && wait_for(master_.get(), POLLIN)) {
      const ssize_t size = ::read(master_.get(), some.data(), some.size());
      if (size <= 0) break;
      seen.append(some.data(), static_cast<std::size_t>(size));
    }
    return seen;
  }

 private:
  net::UniqueFd master_;
  std::string path_;
  net::UniqueFd end_;
};

/// Somebody who does `reaction` once there is `prompt` on the screen.
template <typename Reaction>
class Person {
 public:
  Person(const Terminal& terminal, std::string_view prompt, Reaction reaction)
      : thread_([&terminal, prompt = std::string(prompt), reaction] {
          static_cast<void>(terminal.look(prompt));
          reaction();
        }) {}
  ~Person() { thread_.join(); }
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

 private:
  std::thread thread_;
};

}  // namespace wscope::test
