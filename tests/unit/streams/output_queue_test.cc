#include "streams/output_queue.h"

#include <cerrno>
#include <csignal>
#include <string>

#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;

namespace {

bool readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

/// A queue in front of a pipe as a shell makes them.
struct Printer final : streams::OutputOwner {
  Printer() { std::signal(SIGPIPE, SIG_IGN); }
  ~Printer() { std::signal(SIGPIPE, SIG_DFL); }
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void handle_output() override {
    ++calls;
    CHECK(output.queue().empty());
  }
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
  streams::OutputQueue output{poller, pipe.write_end.get(), *this};
  int calls = 0;
};

}  // namespace

TEST_CASE("what a pipe takes is written at once and nobody is called") {
  Printer printer;
  printer.print("hello\n");
  printer.print("");
  CHECK(printer.output.queue().empty());
  CHECK(printer.read_all() == "hello\n");
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.calls == 0);
  CHECK(!test::is_non_blocking(printer.pipe.write_end.get()));
}

TEST_CASE("what a slow reader does not take waits, in order, and its owner hears when it is gone") {
  Printer printer;
  std::string all;
  while (!printer.output.full()) {
    const std::string line = std::to_string(all.size()) + std::string(10'000, '.') + '\n';
    printer.print(line);
    all += line;
  }
  CHECK(printer.output.queue().size() >= 250'000);
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.calls == 0);
  CHECK(printer.read_all() == all);
  CHECK(printer.calls == 1);
  CHECK(!printer.output.full());
  CHECK(test::comes_to_rest(printer.poller));
}

TEST_CASE("the owner hears when the reader has made room just before a flush") {
  Printer printer;
  printer.print(std::string(70'000, 'x'));  // a pipe takes 65 536
  REQUIRE(!printer.output.queue().empty());
  std::vector<std::byte> room(65'536);
  REQUIRE(net::read_some(printer.pipe.read_end.get(), room).bytes > 0);
  printer.output.flush();
  CHECK(printer.output.queue().empty());
  CHECK(printer.calls == 0);
  CHECK(test::run_until(printer.poller, [&] { return printer.calls == 1; }));
  printer.print("more");
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.calls == 1);
}

TEST_CASE("a reader that has gone is an error, and nothing is kept for it") {
  Printer printer;
  SUBCASE("before anything is written") {
    printer.pipe.read_end.reset();
    printer.print("to nobody");
    CHECK(printer.calls == 0);
    CHECK(test::run_until(printer.poller, [&] { return printer.calls == 1; }));
  }
  SUBCASE("while output waits") {
    printer.print(std::string(1'000'000, 'x'));
    CHECK(!printer.output.queue().empty());
    printer.pipe.read_end.reset();
    CHECK(test::run_until(printer.poller, [&] { return printer.calls == 1; }));
  }
  CHECK(printer.output.error() == EPIPE);
  CHECK(printer.output.queue().empty());
  printer.print("more");
  CHECK(printer.output.queue().empty());
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.calls == 1);
}

TEST_CASE("a reader of a pipe that goes away is noticed while there is nothing to write") {
  Printer printer;
  printer.print("one\n");
  printer.pipe.read_end.reset();
  REQUIRE(test::run_until(printer.poller, [&] { return printer.calls > 0; }));
  CHECK(printer.output.error() == EPIPE);
  CHECK(test::comes_to_rest(printer.poller));
  CHECK(printer.calls == 1);
}
