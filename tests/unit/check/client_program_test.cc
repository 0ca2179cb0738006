#include "check/client_program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace wscope;
using namespace wscope::check;

namespace {

struct Owner final : ClientProgramOwner, net::Pollable {
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  void handle_program_over(ClientProgram&) override { over = true; }
  bool over = false;
};

// Runs a script of sh to its end, or to when it is told to leave.
struct Fixture {
  explicit Fixture(const std::string& script, bool leaves = false) {
    auto launch = launch_of_client({"sh", "-c", script}, "ws://here/");
    REQUIRE(launch.ok());
    std::string what;
    REQUIRE(program.start(*launch, what) == 0);
    if (leaves) program.leave();
    // Without SIGCHLD it is looked at now and then.
    while (!owner.over) {
      program.look();
      poller.set_deadline(tick, poller.now() + std::chrono::milliseconds(5));
      static_cast<void>(poller.run_once());
    }
  }
  ~Fixture() { poller.remove(tick); }

  net::Poller poller;
  std::vector<std::byte> room = std::vector<std::byte>(process::Program::room_size);
  Owner owner;
  net::Poller::Id tick = poller.add(-1, {}, owner);
  ClientProgram program{poller, room, owner};
};

}  // namespace

TEST_CASE("the URL is put into the words, and into the environment") {
  const auto launch = launch_of_client({"sh", "{url}", "a={url},{url}"}, "ws://here/x");
  REQUIRE(launch.ok());
  CHECK(launch->arguments == std::vector<std::string>{"sh", "ws://here/x", "a=ws://here/x,ws://here/x"});
  const std::vector<std::string>& lines = launch->environment.lines();
  CHECK(std::find(lines.begin(), lines.end(), "WSCOPE_URL=ws://here/x") != lines.end());
  CHECK(!launch_of_client({"/nowhere/client"}, "").ok());
}

TEST_CASE("how a program has ended is told with what it said last") {
  const Fixture fixture("echo out; echo first >&2; echo no way >&2; exit 3");
  CHECK(fixture.program.over());
  CHECK(!fixture.program.crashed());
  CHECK(fixture.program.end_words() == "exit status 3: no way");
}

TEST_CASE("a program that dies of itself has crashed") {
  const Fixture fixture("kill -SEGV $$");
  CHECK(fixture.program.crashed());
  CHECK(fixture.program.end_words() == "signal SIGSEGV");
}

TEST_CASE("one that waits for its input ends when it is told to leave") {
  const Fixture fixture("cat >/dev/null; exit 4", true);
  CHECK(fixture.program.end_words() == "exit status 4");
}
