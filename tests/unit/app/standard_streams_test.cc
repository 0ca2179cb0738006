#include "app/standard_streams.h"

#include <cerrno>

#include "streams.h"

using namespace wscope;

TEST_CASE("what is printed goes to its stream") {
  const auto run = test::with_input("", [] {
    app::print_error("to stderr\n");
    return app::print_out("to stdout\n") && app::print_out("") ? 0 : 1;
  });
  CHECK(run.status == 0);
  CHECK(run.out == "to stdout\n");
  CHECK(run.err == "to stderr\n");
}

TEST_CASE("what cannot be printed is told") {
  const net::UniqueFd none;
  bool printed = true;
  {
    const test::Streams streams(none, none, none);
    printed = app::print_out("to nowhere");
    app::print_error("to nowhere");
  }
  CHECK(!printed);
}

TEST_CASE("streams that are missing are filled with an empty input and an output that fails") {
  const net::UniqueFd none;
  bool printed = true;
  char byte = 0;
  ssize_t bytes = -1;
  int next = -1;
  {
    const test::Streams streams(none, none, none);
    app::fill_standard_streams();
    printed = app::print_out("to nowhere");
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
    app::fill_standard_streams();
    char byte = 0;
    return app::print_out("output") && ::read(STDIN_FILENO, &byte, 1) == 1 ? byte : 0;
  });
  CHECK(run.status == 'i');
  CHECK(run.out == "output");
}
