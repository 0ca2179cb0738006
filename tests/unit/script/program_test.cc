#include "script/program.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace wscope;
using namespace std::chrono_literals;

namespace {

// Hours of patience: whoever runs this may be slow.
std::string end_of(script::Program& program) {
  for (int i = 0; i < 6000; ++i) {
    if (const auto end = program.take_end()) return *end;
    std::this_thread::sleep_for(10ms);
  }
  return "does not end";
}

std::string run(const std::string& command, const std::vector<std::string>& environment = {}) {
  script::Program program;
  REQUIRE(program.start(command, environment));
  CHECK(program.running());
  return end_of(program);
}

}  // namespace

TEST_CASE("a program ends well, or it is said how") {
  CHECK(run("true") == "");
  CHECK(run("exit 3") == "exit status 3");
  CHECK(run("kill -9 $$") == "killed by signal 9");
}

TEST_CASE("it has our environment, with variables in it") {
  CHECK(run("test \"$a\" = 'b c' && test -n \"$PATH\"", {"a=b c"}) == "");
  CHECK(run("test \"$PATH\" = x", {"PATH=x"}) == "");
}

TEST_CASE("its stdin is empty") { CHECK(run("test -z \"$(cat)\"") == ""); }

TEST_CASE("what is left is killed with all that it has started") {
  script::Program program;
  REQUIRE(program.start("sleep 1000 & sleep 1000", {}));
  program.kill();
  CHECK(!program.running());
  CHECK(!program.take_end());
}

TEST_CASE("what it says can be read, as far as it is there") {
  script::Program program;
  REQUIRE(program.start("echo out; echo err >&2", {}, script::Program::Output::read));
  std::string said;
  for (int i = 0; i < 6000 && !program.said_all(); ++i) {
    if (!program.read(said)) std::this_thread::sleep_for(10ms);
  }
  CHECK(said == "out\nerr\n");
  CHECK(end_of(program) == "");
}
