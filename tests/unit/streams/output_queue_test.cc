#include "streams/output_queue.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;

namespace {

bool readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

/// A queue in front of a pipe as a shell makes them.
struct Printer {
  Printer() { std::signal(SIGPIPE, SIG_IGN); }
  ~Printer() { std::signal(SIGPIPE, SIG_DFL); }
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void print(std::string_view text) {
    REQUIRE(output.queue().append(base::as_bytes(text)));
    output.flush();
  }
  /// What a reader gets until everything is written.
  std::string read_all() {
    std::string text;
    std::vector<std::byte> room(65'536);
    while (!output.queue().empty() || readable(pipe.read_end.get())) {
      if (readable(pipe.read_end.get())) {
        const net::IoResult result = net::read_some(pipe.read_end.get(), room);
        text += base::as_text(base::Bytes(room).first(result.bytes));
      } else {
        REQUIRE(poller.run_once().ok());
      }
    }
    return text;
  }

  net::Poller poller;
  net::Pipe pipe = test::blocking_pipe();
  streams::OutputQueue output{poller, pipe.write_end.get()};
};

}  // namespace

TEST_CASE("what a pipe takes is written at once") {
  Printer printer;
  printer.print("hello\n");
  printer.print("");
  CHECK(printer.output.queue().empty());
  CHECK(printer.read_all() == "hello\n");
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(!test::is_non_blocking(printer.pipe.write_end.get()));
}

TEST_CASE("what a slow reader does not take waits, in order, and is written when the loop turns") {
  Printer printer;
  std::string all;
  while (!printer.output.full()) {
    const std::string line = std::to_string(all.size()) + std::string(10'000, '.') + '\n';
    printer.print(line);
    all += line;
  }
  CHECK(printer.output.queue().size() >= 250'000);
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.read_all() == all);
  CHECK(!printer.output.full());
  CHECK(test::comes_to_rest(printer.poller));
}

TEST_CASE("a reader that has gone is an error, and nothing is kept for it") {
  Printer printer;
  SUBCASE("before anything is written") {
    printer.pipe.read_end.reset();
    printer.print("to nobody");
  }
  SUBCASE("while output waits") {
    printer.print(std::string(1'000'000, 'x'));
    CHECK(!printer.output.queue().empty());
    printer.pipe.read_end.reset();
    CHECK(test::run_until(printer.poller, [&] { return printer.output.error() != 0; }));
  }
  CHECK(printer.output.error() == EPIPE);
  CHECK(printer.output.queue().empty());
  printer.print("more");
  CHECK(printer.output.queue().empty());
  CHECK(test::comes_to_rest(printer.poller));
}

TEST_CASE("a reader of a pipe that goes away is noticed while there is nothing to write") {
  Printer printer;
  printer.print("one\n");
  printer.pipe.read_end.reset();
  REQUIRE(test::run_until(printer.poller, [&] { return printer.output.error() != 0; }));
  CHECK(printer.output.error() == EPIPE);
  CHECK(test::comes_to_rest(printer.poller));
}

TEST_CASE("what a reader is slow to take is waited for, outside of the loop, as long as is said") {
  Printer printer;
  const std::string much(std::size_t{1} << 20, 'x');
  printer.print(much);
  REQUIRE(!printer.output.queue().empty());
  const base::TimePoint begun = printer.poller.now();
  printer.output.finish(std::chrono::milliseconds(50));
  CHECK(printer.poller.now() - begun >= std::chrono::milliseconds(50));
  REQUIRE(!printer.output.queue().empty());

  std::string text;
  std::thread reader([&] {
    std::vector<std::byte> room(65'536);
    while (text.size() < much.size()) {
      const net::IoResult result = net::read_some(printer.pipe.read_end.get(), room);
      if (result.kind != net::IoResult::Kind::done) break;
      text += base::as_text(base::Bytes(room).first(result.bytes));
    }
  });
  printer.output.finish(std::chrono::minutes(1));
  CHECK(printer.output.queue().empty());
  reader.join();
  CHECK(text == much);
}
