#include "decode/stdout_writer.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "stand_in.h"

using namespace wscope;

namespace {

// Text that is written to stdout, and what becomes of the command.
struct Written {
  explicit Written(test::Stdout& to, std::string text, bool reads) {
    auto signals = net::Signals::install({SIGTERM});
    REQUIRE(signals.ok());
    if (!reads) to.close_reader();
    decode::StdoutWriter writer(*signals, outcome);
    writer.write(text);
    is_empty = text.empty();
  }
  streams::Outcome outcome{};
  bool is_empty = false;
};

}  // namespace

TEST_CASE("all is written, and nobody who reads is no failure") {
  bool decided = true;
  std::string read;
  bool quiet = false;
  int status = -1;
  {
    test::Stdout to;
    const Written written(to, "hello", true);
    decided = written.outcome.decided();
    read = to.read();
  }
  {
    test::Stdout to;
    const Written written(to, "hello", false);
    quiet = written.outcome.decided() && !written.outcome.error();
    status = written.outcome.status();
  }
  CHECK_FALSE(decided);
  CHECK(read == "hello");
  CHECK(quiet);
  CHECK(status == 0);
}

TEST_CASE("a signal ends the wait for a reader") {
  streams::Outcome outcome;
  {
    test::Stdout to;
    auto signals = net::Signals::install({SIGTERM});
    REQUIRE(signals.ok());
    decode::StdoutWriter writer(*signals, outcome);
    ::raise(SIGTERM);
    std::string text(std::size_t{4} << 20, 'x');
    writer.write(text);
  }
  CHECK(outcome.status() == 128 + SIGTERM);
}
