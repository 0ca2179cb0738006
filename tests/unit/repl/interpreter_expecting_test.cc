// What an interpreter does with its lines while a message is expected.
#include <chrono>
#include <string>

#include "interpreting.h"
#include "support/fake_time.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::holds;
using test::Strings;

namespace {

/// On an echo server, in time that stands still.
struct Fixture {
  test::FakeTime time;
  test::Interpreting on{&time};

  Fixture() { on.open_echo(); }
  bool turn_until_met(std::size_t count) {
    return on.turn_until([&] { return on.host.outcomes.size() >= count; });
  }
};

}  // namespace

TEST_CASE("lines that are sent wait until what is expected has come, and commands do not") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("one");
  on.obey("/expect ^one$");
  on.obey("two");
  CHECK(on.host.take_said() == "waits until what is expected has come\n");
  CHECK(on.interpreter.expects());
  CHECK(!on.interpreter.idle());
  CHECK(holds(on.said("/connections"), "* [1] to "));
  CHECK(on.host.expected == Strings{"^one$"});
  REQUIRE(on.turn_until_received(2));
  CHECK(on.received == Strings{"1 one", "1 two"});
  CHECK(on.host.outcomes == Strings{"1 #2"});
  CHECK(on.host.expected == Strings{"^one$", ""});
  CHECK(on.interpreter.idle());
}

TEST_CASE("what has come since the last line is looked at first") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("one");
  REQUIRE(on.turn_until_received(1));
  on.obey("/expect one");
  CHECK(on.host.outcomes == Strings{"1 #2"});
  CHECK(on.interpreter.idle());
  on.obey("/expect one within 3");
  CHECK(on.interpreter.expects());
  on.interpreter.give_up();
  on.obey("two");
  REQUIRE(on.turn_until_received(2));
  on.obey("/expect one within 3");  // which was before that line
  CHECK(on.interpreter.expects());
}

TEST_CASE("in a script it is looked at since the last that was met") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("one", "script:1: ");
  on.obey("two", "script:2: ");
  REQUIRE(on.turn_until_received(2));
  on.obey("three", "script:3: ");
  on.obey("/expect one", "script:4: ");
  on.obey("/expect two", "script:5: ");
  REQUIRE(fixture.turn_until_met(2));
  CHECK(on.host.outcomes == Strings{"1 #3", "1 #4"});
}

TEST_CASE("what is expected is answered first") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("/reply ^ping$=pong");
  on.obey("ping");
  on.obey("/expect ping");
  on.obey("/expect pong");
  REQUIRE(fixture.turn_until_met(2));
  CHECK(on.host.outcomes == Strings{"1 #2", "1 #4"});
  CHECK(on.host.replies == Strings{"1 1"});
}

TEST_CASE("what does not come in time is an error, and so are the lines that waited") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("/expect never within 2.5");
  on.obey("one");
  on.obey("/expect else");
  fixture.time.pass(2s);
  on.interpreter.run();
  CHECK(on.interpreter.expects());
  fixture.time.pass(1s);
  REQUIRE(fixture.turn_until_met(1));
  CHECK(on.host.outcomes == Strings{"1 expected never: 2.5 s are over"});
  CHECK(on.host.complaints == Strings{"expected never: 2.5 s are over", "not sent: \"one\", \"/expect else\""});
  CHECK(on.interpreter.idle());
  on.obey("two");
  REQUIRE(on.turn_until_received(1));
  CHECK(on.received == Strings{"1 two"});
}

TEST_CASE("whoever gives up hears of the lines that waited, but not of all of very many") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("/expect never");
  for (int i = 0; i < 10; ++i) on.obey(std::to_string(i));
  on.interpreter.give_up();
  REQUIRE(on.host.complaints.size() == 2);
  CHECK(on.host.complaints.front() == "expected never: given up");
  CHECK(on.host.complaints.back().ends_with("\"7\" and 2 more"));
}

TEST_CASE("nothing more comes on a connection that is over") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("/expect never", "script:1: ");
  on.obey("one", "script:2: ");
  on.obey("/disconnect");
  REQUIRE(fixture.turn_until_met(1));
  CHECK(on.host.complaints == Strings{"script:1: expected never: connection 1 is gone"});
  CHECK(on.interpreter.idle());
  on.obey("/use all");
  CHECK(on.complaint("/expect never") == "expected never: nothing is connected");
  on.connections.forget_use();
}

TEST_CASE("what came before its end can be expected behind it") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("one", "script:1: ");
  REQUIRE(on.turn_until_received(1));
  on.obey("/disconnect");
  REQUIRE(on.turn_until([&] { return !on.ended.empty(); }));
  on.obey("/expect one", "script:2: ");
  CHECK(on.host.outcomes == Strings{"1 #2"});
}

TEST_CASE("a connection that is made again is waited for, and what came on it before is gone") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("one", "script:1: ");
  REQUIRE(on.turn_until_received(1));
  on.obey("/reconnect");
  on.obey("/expect one", "script:2: ");
  CHECK(on.interpreter.expects() == false);  // it was not made again yet
  REQUIRE(on.turn_until([&] { return on.opened == 2; }));
  on.obey("/expect one", "script:3: ");
  CHECK(on.interpreter.expects());
  on.obey("/reconnect");
  REQUIRE(on.turn_until([&] { return on.opened == 3; }));
  CHECK(on.interpreter.expects());
}

TEST_CASE("an interruption forgets what is expected without a word") {
  Fixture fixture;
  test::Interpreting& on = fixture.on;
  on.obey("/expect never");
  on.interpreter.interrupt();
  CHECK(on.interpreter.idle());
  CHECK(on.host.complaints.empty());
  CHECK(on.host.expected == Strings{"never", ""});
}

TEST_CASE("/expect needs a match and a connection") {
  test::Interpreting on;
  CHECK(on.complaint("/expect x") == "not connected");
  on.open_echo();
  CHECK(on.complaint("/expect") == "/expect: wants a MATCH");
  CHECK(holds(on.complaint("/expect .a = 1"), "/expect: "));
  CHECK(holds(on.host.hints.back(), "=="));
}
