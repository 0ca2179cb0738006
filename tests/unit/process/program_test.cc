#include "process/program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "net/signals.h"

using namespace wscope;
using namespace std::chrono_literals;
using process::Launch;
using process::Program;

namespace {

// Turns the loop, and looks at the program upon SIGCHLD.
class Fixture final : private process::ProgramOwner, private net::Pollable {
 public:
  explicit Fixture(std::optional<base::Duration> patience = 5s)
      : signals_(std::move(net::Signals::install({SIGCHLD}).value())),
        program(poller, room_, patience, *this),
        wakes_(poller.add(signals_.fd(), {.readable = true}, *this)) {}
  ~Fixture() { poller.remove(wakes_); }

  void start(const std::string& script, Launch launch = {}) {
    launch.path = "/bin/sh";
    launch.arguments = {"sh", "-c", script};
    launch.environment.set("PATH", "/usr/bin:/bin");
    std::string what;
    REQUIRE(program.start(launch, what) == 0);
  }
  void turn_until(const std::function<bool()>& condition) {
    const base::TimePoint end = poller.now() + 60s;
    const auto tick = poller.add(-1, {}, *this);
    while (!condition()) {
      REQUIRE(poller.now() < end);
      poller.set_deadline(tick, poller.now() + 20ms);
      REQUIRE(poller.run_once().ok());
    }
    poller.remove(tick);
  }
  void run() {
    turn_until([this] { return ended; });
  }
  void give(std::string_view text) {
    program.write(base::as_bytes(text));
    program.flush();
  }

  net::Poller poller;
  std::string output;
  std::string errors;
  std::string events;
  bool ended = false;

 private:
  void handle_output(Program&, base::Bytes bytes) override { output += base::as_text(bytes); }
  void handle_output_end(Program&) override { events += "eof "; }
  void handle_errors(Program&, base::Bytes bytes) override { errors += base::as_text(bytes); }
  void handle_room(Program&) override { events += "room "; }
  void handle_exit(Program& one) override { events += one.status().text() + " "; }
  void handle_end(Program&) override {
    events += "end";
    ended = true;
  }
  void handle_ready(net::Poller::Id, net::Readiness) override {
    while (signals_.take()) program.look();
  }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  std::vector<std::byte> room_ = std::vector<std::byte>(Program::room_size);
  net::Signals signals_;

 public:
  Program program;

 private:
  net::Poller::Id wakes_;
};

// Whether a process is there, be it dead.
bool exists(pid_t process) { return ::kill(process, 0) == 0; }
bool runs(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string all;
  std::getline(file, all);
  const std::size_t end = all.rfind(')');
  return end != std::string::npos && all[end + 2] != 'Z';
}

}  // namespace

TEST_CASE("a program reads what is written and its end, and is read to its end") {
  Fixture fixture;
  fixture.start("cat; echo more; echo wrong >&2; exit 3");
  fixture.give("a line\n");
  fixture.turn_until([&] { return fixture.output == "a line\n"; });
  CHECK(fixture.program.running());
  fixture.program.end_input();
  fixture.run();
  CHECK(fixture.output == "a line\nmore\n");
  CHECK(fixture.errors == "wrong\n");
  CHECK(fixture.program.status() == process::Status{3, 0});
  CHECK_FALSE(exists(fixture.program.number()));
}

TEST_CASE("a signal that ends a program is told") {
  Fixture fixture;
  fixture.start("kill -KILL $$");
  fixture.run();
  CHECK(fixture.program.status().text() == "signal SIGKILL");
}

TEST_CASE("what is in the group of a program dies with it, who has left it lives") {
  Fixture fixture;
  fixture.start("sleep 1000 & echo $!; setsid sleep 1000 & sleep 0.1; exec 3>&1; echo $!");
  fixture.run();
  int child = 0;
  int left = 0;
  REQUIRE(std::sscanf(fixture.output.c_str(), "%d %d", &child, &left) == 2);
  fixture.turn_until([&] { return !runs(child); });
  CHECK(runs(left));
  ::kill(left, SIGKILL);
}

TEST_CASE("what a program has left in its pipe comes when there is room, and no more than that") {
  Fixture fixture;
  fixture.program.set_reads(false);
  fixture.start("head -c 5000 /dev/zero; setsid sh -c 'sleep 0.2; yes' & sleep 0.05");
  fixture.program.set_reads(false);
  fixture.turn_until([&] { return !fixture.program.running(); });
  CHECK(fixture.output.empty());
  CHECK_FALSE(fixture.ended);
  fixture.program.set_reads(true);
  fixture.run();
  CHECK(fixture.output.size() >= 5000);
  CHECK(fixture.output.size() < 100000);
}

TEST_CASE("a program that does not read is waited for, one that has closed its input is not") {
  Fixture fixture;
  fixture.start("read line; exec 0<&-; echo closed; sleep 1000");
  fixture.give(std::string(200000, 'x'));
  CHECK(fixture.program.waiting() > 0);
  fixture.give("\n");
  fixture.turn_until([&] { return fixture.output == "closed\n"; });
  fixture.give("dropped");
  fixture.turn_until([&] { return fixture.program.waiting() == 0; });
  CHECK_FALSE(fixture.program.takes_input());
  fixture.give("dropped, too");
  CHECK(fixture.program.waiting() == 0);
  CHECK(fixture.program.running());
}

TEST_CASE("a program that is left is ended in steps, with its group") {
  SUBCASE("by the end of its input") {
    Fixture fixture;
    fixture.start("cat >/dev/null; exit 4");
    fixture.program.leave(false);
    fixture.run();
    CHECK(fixture.program.status().code == 4);
  }
  SUBCASE("by SIGHUP") {
    Fixture fixture(1s);
    fixture.start("trap 'exit 5' HUP; echo ready; while :; do sleep 0.01; done");
    fixture.turn_until([&] { return fixture.output == "ready\n"; });
    fixture.program.leave(false);
    fixture.run();
    CHECK(fixture.program.status().code == 5);
  }
  SUBCASE("by SIGTERM") {
    Fixture fixture(1s);
    fixture.start("trap '' HUP; trap 'exit 6' TERM; echo ready; while :; do sleep 0.01; done");
    fixture.turn_until([&] { return fixture.output == "ready\n"; });
    fixture.program.leave(false);
    fixture.run();
    CHECK(fixture.program.status().code == 6);
  }
  SUBCASE("by SIGKILL") {
    Fixture fixture(200ms);
    fixture.start("trap '' HUP TERM; echo ready; while :; do sleep 0.01; done");
    fixture.turn_until([&] { return fixture.output == "ready\n"; });
    fixture.program.leave(false);
    fixture.run();
    CHECK(fixture.program.status().signal == SIGKILL);
  }
  SUBCASE("also if it is stopped") {
    Fixture fixture(1s);
    fixture.start("echo ready; kill -STOP $$; exit 7");
    fixture.turn_until([&] { return fixture.output == "ready\n"; });
    fixture.program.leave(false);
    fixture.run();
    CHECK(fixture.program.status().signal == SIGHUP);
  }
}

TEST_CASE("what waits for a program that is left is given to it") {
  Fixture fixture;
  fixture.start("sleep 0.1; wc -c");
  fixture.give(std::string(300000, 'x'));
  CHECK(fixture.program.waiting() > 0);
  fixture.program.leave(false);
  fixture.run();
  CHECK(fixture.output == "300000\n");
}

TEST_CASE("a program is dropped with what it writes") {
  Fixture fixture;
  fixture.start("cat; yes");
  fixture.turn_until([&] { return fixture.program.running(); });
  fixture.program.drop_output();
  fixture.program.kill();
  fixture.run();
  CHECK(fixture.output.empty());
  CHECK(fixture.events == "signal SIGKILL end");
}

TEST_CASE("a program on a terminal") {
  Fixture fixture;
  Launch launch;
  launch.terminal = process::WindowSize{33, 99};
  fixture.start(
      "test -t 0 && test -t 1 && test -t 2 && stty size; trap 'stty size; exit 3' WINCH; "
      "echo ready; while :; do sleep 0.01; done",
      std::move(launch));
  fixture.turn_until([&] { return fixture.output.find("ready") != std::string::npos; });
  CHECK(fixture.output == "33 99\r\nready\r\n");
  fixture.program.resize({44, 88});
  fixture.run();
  CHECK(fixture.output == "33 99\r\nready\r\n44 88\r\n");
  CHECK(fixture.program.status().code == 3);
}

TEST_CASE("a program on a terminal that is left is hung up") {
  Fixture fixture;
  Launch launch;
  launch.terminal = process::WindowSize();
  fixture.start("cat", std::move(launch));
  fixture.give("typed\n");
  fixture.turn_until([&] { return fixture.output == "typed\r\ntyped\r\n"; });
  fixture.program.leave(false);
  fixture.run();
  CHECK(fixture.program.status().signal == SIGHUP);
}

TEST_CASE("nobody survives who was started") {
  pid_t number = 0;
  {
    Fixture fixture;
    fixture.start("trap '' HUP TERM; while :; do sleep 0.01; done");
    number = fixture.program.number();
    CHECK(runs(number));
  }
  CHECK_FALSE(exists(number));
}
