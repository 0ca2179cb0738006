#include "streams/error_output.h"

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "streams.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;
using namespace std::chrono_literals;

namespace {

const std::string line = std::string(99, '.') + "\n";

/// What is said into a pipe as a shell makes them, unless the test gives another one.
struct Speaker {
  explicit Speaker(base::Duration patience = 1h, net::Pipe made = test::blocking_pipe())
      : pipe(std::move(made)), errors(poller, pipe.write_end.get(), patience) {
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~Speaker() { std::signal(SIGPIPE, SIG_DFL); }
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  [[nodiscard]] bool readable() const {
    pollfd polled{pipe.read_end.get(), POLLIN, 0};
    return ::poll(&polled, 1, 0) == 1;
  }
  /// What a reader gets who is as fast as can be.
  std::string read_all() {
    std::string text;
    std::vector<std::byte> room(65'536);
    for (;;) {
      test::settle(poller);
      if (!readable()) return text;
      const net::IoResult result = net::read_some(pipe.read_end.get(), room);
      if (result.kind != net::IoResult::Kind::done) return text;
      text += base::as_text(base::Bytes(room).first(result.bytes));
    }
  }
  /// Says lines as long as there is room for more; returns how many.
  std::size_t fill() {
    std::size_t lines = 0;
    for (; errors.has_room(); ++lines) errors.print(line);
    return lines;
  }

  net::Poller poller;
  net::Pipe pipe;
  streams::ErrorOutput errors;
};

std::string times(std::size_t number) {
  std::string text;
  for (std::size_t i = 0; i < number; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("what a reader takes is said at once") {
  Speaker speaker;
  speaker.errors.print("one\n");
  speaker.errors.print("");
  speaker.errors.print("two\nthree\n");
  REQUIRE(speaker.readable());
  CHECK(speaker.read_all() == "one\ntwo\nthree\n");
  CHECK(test::comes_to_rest(speaker.poller));
  CHECK(!test::is_non_blocking(speaker.pipe.write_end.get()));
}

TEST_CASE("a slow reader misses nothing if those who speak heed that there is no room") {
  Speaker speaker;
  const std::size_t lines = speaker.fill();
  CHECK(lines * line.size() > 250'000);
  CHECK(test::comes_to_rest(speaker.poller));
  CHECK(!speaker.errors.has_room());
  speaker.errors.print("what this turn still had to say\n");
  CHECK(speaker.read_all() == times(lines) + "what this turn still had to say\n");
  CHECK(speaker.errors.has_room());
  CHECK(test::comes_to_rest(speaker.poller));
}

TEST_CASE("a pipe that was non-blocking before loses no half lines") {
  Speaker speaker(1h, std::move(net::make_pipe().value()));
  const std::size_t lines = speaker.fill();
  CHECK(speaker.read_all() == times(lines));
}

TEST_CASE("nobody waits for a reader who has taken nothing for too long: lines are left out, and counted") {
  Speaker speaker(1ms);
  const std::size_t lines = speaker.fill();
  REQUIRE(test::run_until(speaker.poller, [&] { return speaker.errors.has_room(); }));
  speaker.errors.print("lost\n");
  speaker.errors.print("lost\nlost\n");
  CHECK(speaker.errors.has_room());
  CHECK(test::comes_to_rest(speaker.poller));
  const std::string note = "wscope: 3 lines left out here: nobody read the standard error\n";
  CHECK(speaker.read_all() == times(lines) + note);
  speaker.errors.print("said\n");
  CHECK(speaker.read_all() == "said\n");
}

TEST_CASE("memory is bounded, whatever one turn says") {
  Speaker speaker;
  const std::size_t most = (std::size_t{4} << 20) / line.size();
  for (std::size_t i = 0; i < 3 * most; ++i) speaker.errors.print(line);
  const std::string all = speaker.read_all();
  CHECK(all.size() < (std::size_t{4} << 20) + 100'000);
  const std::size_t note = all.find("wscope: ");
  REQUIRE(note != std::string::npos);
  CHECK(note % line.size() == 0);
  const std::size_t left_out = std::stoul(all.substr(note + 8));
  CHECK(note / line.size() + left_out == 3 * most);
  CHECK(all.ends_with(" lines left out here: nobody read the standard error\n"));
}

TEST_CASE("what waits in the end is written as long as somebody reads") {
  Speaker speaker(30s);
  const std::size_t lines = speaker.fill();
  std::string got;
  const std::size_t wanted = (lines + 1) * line.size();
  std::thread reader([&] {
    std::vector<std::byte> room(4096);
    while (got.size() < wanted) {
      const net::IoResult result = net::read_some(speaker.pipe.read_end.get(), room);
      if (result.kind != net::IoResult::Kind::done) break;
      got += base::as_text(base::Bytes(room).first(result.bytes));
    }
  });
  speaker.errors.finish(line);
  reader.join();
  CHECK(got == times(lines + 1));
}

TEST_CASE("in the end nobody waits long for a reader who takes nothing") {
  Speaker speaker(1ms);
  static_cast<void>(speaker.fill());
  speaker.errors.finish("the end\n");
  CHECK(speaker.errors.has_room());  // nobody is waited for
}

TEST_CASE("a reader who was given up is waited for no more in the end, and gets what it takes at once") {
  Speaker speaker(1ms);
  const std::size_t lines = speaker.fill();
  REQUIRE(test::run_until(speaker.poller, [&] { return speaker.errors.has_room(); }));
  speaker.errors.print("lost\n");
  std::vector<std::byte> room(65'536);
  std::size_t taken = net::read_some(speaker.pipe.read_end.get(), room).bytes;
  speaker.errors.finish("the end\n");
  std::string rest = speaker.read_all();
  CHECK(taken + rest.size() > 2 * 65'536 - line.size());
  CHECK(taken + rest.size() <= lines * line.size() + 100);
}

TEST_CASE("without anything to say nothing is done") {
  net::Poller poller;
  streams::ErrorOutput errors(poller, -1);
  errors.finish("");
  CHECK(errors.has_room());
}

TEST_CASE("a reader who has gone is told nothing") {
  Speaker speaker;
  speaker.pipe.read_end.reset();
  speaker.errors.print("hello\n");
  speaker.errors.print("hello\n");
  CHECK(speaker.errors.has_room());
  CHECK(test::comes_to_rest(speaker.poller));
  speaker.errors.finish("bye\n");
}

TEST_CASE("a stderr that is closed is told nothing") {
  net::Poller poller;
  streams::ErrorOutput errors(poller, -1);
  errors.print("hello\n");
  errors.finish("bye\n");
  CHECK(errors.has_room());
}

TEST_CASE("a file is written at once, whatever the size") {
  const net::UniqueFd file = test::temporary_file();
  net::Poller poller;
  streams::ErrorOutput errors(poller, file.get());
  const std::string text = times(100'000);
  errors.print(text);
  errors.finish("the end\n");
  CHECK(test::content_of(file) == text + "the end\n");
}
