#include "streams/standard_streams.h"

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include <poll.h>

#include "streams.h"

using namespace wscope;

TEST_CASE("what is printed goes to its stream") {
  const auto run =
      test::with_input("", [] { return streams::print_out("to stdout\n") && streams::print_out("") ? 0 : 1; });
  CHECK(run.status == 0);
  CHECK(run.out == "to stdout\n");
}

TEST_CASE("an output that is non-blocking for everybody is waited for") {
  const net::UniqueFd none;
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  std::string text(1 << 20, 'x');
  std::string got;
  bool printed = false;
  std::thread reader([&] {
    std::array<char, 65536> room;
    while (got.size() < text.size()) {
      pollfd readable{pipe->read_end.get(), POLLIN, 0};
      static_cast<void>(::poll(&readable, 1, -1));
      const ssize_t size = ::read(pipe->read_end.get(), room.data(), room.size());
      if (size == 0) break;
      if (size > 0) got.append(room.data(), static_cast<std::size_t>(size));
    }
  });
  {
    const test::Streams streams(none, pipe->write_end, none);
    printed = streams::print_out(text);
  }
  reader.join();
  CHECK(printed);
  CHECK(got == text);
}

TEST_CASE("what cannot be printed is told") {
  const net::UniqueFd none;
  bool printed = true;
  {
    const test::Streams streams(none, none, none);
    printed = streams::print_out("to nowhere");
  }
  CHECK(!printed);
}

TEST_CASE("what goes into a pipe has colours only if that was asked for") {
  using view::ColorChoice;
  const auto run = test::with_input("", [] {
    const bool automatic = streams::style_of_stdout(ColorChoice::automatic).enabled();
    const bool never = streams::style_of_stdout(ColorChoice::never).enabled();
    return !automatic && !never && streams::style_of_stdout(ColorChoice::always).enabled() ? 0 : 1;
  });
  CHECK(run.status == 0);
}

TEST_CASE("streams that are missing are filled with an empty input and an output that fails") {
  const net::UniqueFd none;
  bool printed = true;
  char byte = 0;
  ssize_t bytes = -1;
  int next = -1;
  {
    const test::Streams streams(none, none, none);
    streams::fill_standard_streams();
    printed = streams::print_out("to nowhere");
    bytes = ::read(STDIN_FILENO, &byte, 1);
    next = ::dup(STDERR_FILENO);
    ::close(next);
  }
  CHECK(!printed);
  CHECK(bytes == 0);
  CHECK(next > STDERR_FILENO);
}

TEST_CASE("streams that are there stay as they are") {
  const auto run = test::with_input("input", [] {
    streams::fill_standard_streams();
    char byte = 0;
    return streams::print_out("output") && ::read(STDIN_FILENO, &byte, 1) == 1 ? byte : 0;
  });
  CHECK(run.status == 'i');
  CHECK(run.out == "output");
}
