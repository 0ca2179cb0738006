#include "process/launch.h"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace wscope;
using process::Launch;

namespace {

Launch shell(const std::string& script) {
  Launch launch;
  launch.path = "/bin/sh";
  launch.arguments = {"sh", "-c", script};
  launch.environment.set("PATH", "/usr/bin:/bin");
  return launch;
}

// What it has written to the end, and is gone.
std::string all_of(const process::Launched& program) {
  std::string text;
  std::array<char, 4096> room{};
  for (pollfd polled{program.output.get(), POLLIN, 0}; ::poll(&polled, 1, 20'000) == 1;) {
    const ssize_t got = ::read(program.output.get(), room.data(), room.size());
    if (got <= 0) break;
    text.append(room.data(), static_cast<std::size_t>(got));
  }
  ::waitpid(program.process, nullptr, 0);
  return text;
}

}  // namespace

TEST_CASE("why a program cannot be started is told") {
  Launch launch = shell("");
  launch.path = "/nowhere/x";
  auto result = process::launch(launch);
  CHECK_FALSE(result.launched);
  CHECK(result.error == ENOENT);
  CHECK(result.what == "/nowhere/x");
  launch.path = "/bin/sh";
  launch.folder = "/nowhere";
  result = process::launch(launch);
  CHECK(result.error == ENOENT);
  CHECK(result.what == "/nowhere");
  launch.folder.clear();
  launch.path = (std::filesystem::temp_directory_path() / ("wscope-noexec-" + std::to_string(::getpid()))).string();
  std::ofstream(launch.path) << "echo no shebang\n";
  std::filesystem::permissions(launch.path, std::filesystem::perms::owner_all);
  CHECK(process::launch(launch).error == ENOEXEC);
  std::filesystem::permissions(launch.path, std::filesystem::perms::owner_read);
  CHECK(process::launch(launch).error == EACCES);
  std::filesystem::remove(launch.path);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no corpse is left
  CHECK(errno == ECHILD);
}

TEST_CASE("a program begins with nothing of ours") {
  const int leak = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  REQUIRE(leak > 2);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  const auto old = ::signal(SIGUSR2, SIG_IGN);
  const auto old_pipe = ::signal(SIGPIPE, SIG_IGN);
  Launch launch = shell(
      "ls /proc/self/fd; grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status; ulimit -n; pwd; env; "
      "cut -d' ' -f1,5,6 /proc/$$/stat; echo $$");
  launch.folder = "/";
  launch.descriptor_limit = rlimit{77, 77};
  const auto result = process::launch(launch);
  sigset_t now;
  ::sigprocmask(SIG_SETMASK, &before, &now);
  ::signal(SIGUSR2, old);
  ::signal(SIGPIPE, old_pipe);
  ::close(leak);
  CHECK(sigismember(&now, SIGUSR1) == 1);  // ours is as it was
  CHECK(sigismember(&now, SIGUSR2) == 0);
  REQUIRE(result.launched);
  const std::string output = all_of(*result.launched);
  const std::string number = std::to_string(result.launched->process);
  CAPTURE(output);
  CHECK(output.starts_with("0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));  // 3: ls's
  CHECK(output.find("\n77\n/\n") != std::string::npos);
  CHECK(output.find("HOME=") == std::string::npos);
  // Its session and its group are its own.
  CHECK(output.ends_with(number + " " + number + " " + number + "\n" + number + "\n"));
}

TEST_CASE("our ends of its pipes do not block, and are closed for others") {
  const auto result = process::launch(shell("cat"));
  REQUIRE(result.launched);
  for (const auto* fd : {&result.launched->input, &result.launched->output, &result.launched->errors}) {
    CHECK((::fcntl(fd->get(), F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC) != 0);
  }
  ::kill(-result.launched->process, SIGKILL);
  ::waitpid(result.launched->process, nullptr, 0);
  Launch silent = shell("echo no >&2; echo yes");
  silent.errors = false;
  const auto second = process::launch(silent);
  REQUIRE(second.launched);
  CHECK_FALSE(second.launched->errors.valid());
  CHECK(all_of(*second.launched) == "yes\n");
}
