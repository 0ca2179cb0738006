#include "process/shell.h"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <string>
#include <utility>

#include <sys/wait.h>

#include "net/fd.h"
#include "process/status.h"

using namespace wscope;

namespace {

struct Run {
  std::string said;
  process::Status status;
};

// What a command says and how it ends, with its stderr on the same pipe.
Run run(process::ShellLaunch launch) {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  launch.output = launch.errors = pipe->write_end.get();
  const auto process = process::start_shell(launch);
  REQUIRE(process.ok());
  pipe->write_end.reset();
  int status = 0;
  REQUIRE(::waitpid(*process, &status, 0) == *process);
  std::array<char, 4096> room{};  // which is less than a pipe takes
  const ssize_t size = ::read(pipe->read_end.get(), room.data(), room.size());
  return {std::string(room.data(), static_cast<std::size_t>(size > 0 ? size : 0)), process::Status::of_wait(status)};
}

}  // namespace

TEST_CASE("a command for the shell speaks to where it is told, and its end is for who waits") {
  const Run all = run({.command = "echo out; echo err >&2; exit 3"});
  CHECK(all.said == "out\nerr\n");
  CHECK(all.status == process::Status{3, 0});
}

TEST_CASE("it has arguments, as they are") {
  CHECK(run({.command = "echo \"$#:$1:$2\"", .arguments = {"a b", "$x"}}).said == "2:a b:$x\n");
}

TEST_CASE("it has no input, and our environment, unless it gets another") {
  CHECK(run({.command = "cat; echo \"${PATH:+path}\""}).said == "path\n");
  std::string only = "x=1";
  const std::array<char*, 2> lines = {only.data(), nullptr};
  CHECK(run({.command = "echo \"$x${HOME:+home}\"", .environment = lines.data()}).said == "1\n");
}

TEST_CASE("what we ignore it does not") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const Run ended = run({.command = "kill -PIPE $$; echo lives"});
  std::signal(SIGPIPE, before);
  CHECK(ended.status.signal == SIGPIPE);
}

TEST_CASE("it can have a group of its own") {
  const std::string command = "test \"$(ps -o pgid= -p $$ | tr -d ' ')\" = $$ && echo own || echo ours";
  CHECK(run({.command = command, .own_group = true}).said == "own\n");
  CHECK(run({.command = command}).said == "ours\n");
}
