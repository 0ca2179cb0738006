#include "repl/interpreter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "folder.h"
#include "interpreting.h"

using namespace wscope;
using link::Use;
using test::holds;
using test::Strings;
using Fixture = test::Interpreting;

TEST_CASE("lines wait for the connection to open and keep their order") {
  Fixture fixture;
  fixture.obey("/connect echo:");
  fixture.obey("one");
  fixture.obey("/send /two");
  fixture.obey("//three");
  CHECK(!fixture.interpreter.idle());
  CHECK(fixture.received.empty());
  REQUIRE(fixture.turn_until_received(3));
  CHECK(fixture.received == Strings{"1 one", "1 /two", "1 /three"});
  CHECK(fixture.interpreter.idle());
  CHECK(fixture.host.complaints.empty());
}

TEST_CASE("an empty line says nothing, typed or in a script") {
  Fixture fixture;
  fixture.obey("");
  fixture.obey("", "script:1: ");
  CHECK(fixture.interpreter.idle());
  CHECK(fixture.host.complaints.empty());
}

TEST_CASE("lines that wait are forgotten upon an interruption") {
  Fixture fixture;
  fixture.obey("/connect echo:");
  fixture.obey("one");
  fixture.interpreter.interrupt();
  CHECK(fixture.interpreter.idle());
  fixture.obey("two");
  REQUIRE(fixture.turn_until_received(1));
  CHECK(fixture.received == Strings{"1 two"});
}

TEST_CASE("a command that is typed and sends nothing waits for nothing") {
  Fixture fixture;
  fixture.obey("/connect echo:");
  fixture.obey("hi");
  fixture.obey("/wait 1000");
  CHECK(holds(fixture.said("/connections"), "* [1] to "));
  CHECK(fixture.said("/help quit") == repl::help_text(*repl::find_slash_command("quit")));
  CHECK(holds(fixture.complaint("/clsoe"), "no such command"));
  fixture.obey("/disconnect");
  CHECK(fixture.host.complaints.back() == R"("hi" was not sent: connection 1 is not open)");
  fixture.obey("never");
  CHECK(holds(fixture.said("/connections"), "not connected"));
  fixture.obey("/quit");
  CHECK(fixture.host.quits == 1);
  CHECK_FALSE(fixture.interpreter.idle());
}

TEST_CASE("a command of a script waits for the lines before it") {
  Fixture fixture;
  fixture.obey("/connect echo:", "script:1: ");
  fixture.obey("hi", "script:2: ");
  fixture.obey("/connections", "script:3: ");
  CHECK(fixture.host.take_said().empty());
  REQUIRE(fixture.turn_until([&] { return fixture.interpreter.idle(); }));
  CHECK(holds(fixture.host.take_said(), ", open\n"));
}

TEST_CASE("messages of the command line go first, and were not typed") {
  Fixture fixture;
  fixture.obey("/connect -x one -x two echo:");
  fixture.obey("three");
  REQUIRE(fixture.turn_until_received(3));
  CHECK(fixture.received == Strings{"1 one", "1 two", "1 three"});
  CHECK(fixture.host.typed == std::vector<bool>{true, true, false, true, false, true, true, true});
  link::ConnectPlan again;
  again.first_messages = {{.payload = "four"}};
  fixture.interpreter.add_first_messages(again, 1);
  fixture.interpreter.add_first_messages(again, 1);  // for the same connection, which was not open in between
  fixture.interpreter.run();
  REQUIRE(fixture.turn_until_received(4));
  CHECK_FALSE(fixture.typed_just_so());
  fixture.obey("five", "script:1: ");
  CHECK_FALSE(fixture.typed_just_so());
}

TEST_CASE("a line goes to the connection that was in use when it was typed, or nowhere") {
  Fixture fixture;
  fixture.open_echo();
  const net::UniqueFd listener = test::listen_anywhere();
  const std::string silent = std::to_string(net::local_address(listener.get()).port());
  fixture.obey("/connect -x secret :" + silent);
  fixture.obey("for two");
  fixture.connections.set_use({Use::Kind::one, 1});
  fixture.obey("for one");
  REQUIRE(fixture.turn_until_received(1));
  fixture.connections.close(2);
  CHECK(fixture.host.complaints == Strings{R"("secret" was not sent: connection 2 is not open)",
                                           R"("for two" was not sent: connection 2 is not open)"});
  CHECK(fixture.received == Strings{"1 for one"});
  CHECK(fixture.interpreter.idle());
}

TEST_CASE("a script goes on with what it uses, also if that is gone") {
  Fixture fixture;
  for (int i = 0; i < 2; ++i) fixture.open_echo();
  fixture.connections.close(2);
  REQUIRE(fixture.turn_until([&] { return !fixture.connections.exists(2); }));
  fixture.obey("for two", "script:1: ");
  CHECK(fixture.host.complaints == Strings{"script:1: connection 2 is not open"});
  fixture.obey("/use 1", "script:2: ");
  fixture.obey("for one", "script:3: ");
  REQUIRE(fixture.turn_until_received(1));
  CHECK(fixture.received == Strings{"1 for one"});
}

TEST_CASE("what is typed behind a script waits for it, and what goes elsewhere for nothing") {
  Fixture fixture;
  fixture.open_echo();
  const net::UniqueFd listener = test::listen_anywhere();
  fixture.obey("/connect :" + std::to_string(net::local_address(listener.get()).port()));
  fixture.obey("one", "script:1: ");
  fixture.interpreter.add("/use 1", "script:2: ");
  CHECK(fixture.interpreter.obeys_script());
  fixture.connections.set_use({Use::Kind::one, 1});
  fixture.obey("two");
  test::settle(fixture.loop.poller);
  CHECK(fixture.received.empty());
  fixture.connections.close(2);
  CHECK_FALSE(fixture.interpreter.obeys_script());
  REQUIRE(fixture.turn_until_received(1));
  CHECK(fixture.received == Strings{"1 two"});
}

TEST_CASE("a line for all waits until all are open or failed") {
  Fixture fixture;
  fixture.open_echo();
  fixture.obey("/connect echo:");
  fixture.obey("/use all");
  fixture.obey("hi");
  REQUIRE(fixture.turn_until_received(2));
  std::sort(fixture.received.begin(), fixture.received.end());
  CHECK(fixture.received == Strings{"1 hi", "2 hi"});
}

TEST_CASE("a line that waits for its connection is said to wait, once") {
  Fixture fixture;
  fixture.obey("/connect echo:");
  fixture.obey("hi");
  fixture.interpreter.run();
  CHECK(fixture.host.take_said() == "waits until connection 1 is open\n");
  REQUIRE(fixture.turn_until_received(1));
  CHECK(fixture.host.take_said().empty());
}

TEST_CASE("what cannot be obeyed is complained of, with its place and its usage") {
  Fixture fixture;
  fixture.obey("hello", "script:3: ");
  CHECK(fixture.host.complaints == Strings{"script:3: not connected"});
  CHECK(fixture.host.hints == Strings{"/connect URL"});
  CHECK(fixture.complaint("/clsoe") == "/clsoe: no such command");
  CHECK(fixture.complaint("/use x") == "/use: wants the number of a connection, or all");
  CHECK(fixture.host.hints.back() == "/use N|all");
  CHECK(fixture.complaint("/help nothing") == "/help: \"nothing\" is no command");
}

TEST_CASE("/wait keeps back what comes behind it") {
  Fixture fixture;
  fixture.open_echo();
  fixture.obey("/wait 0.02");
  const base::TimePoint begun = base::Clock::now();
  fixture.obey("late");
  CHECK_FALSE(fixture.interpreter.idle());
  REQUIRE(fixture.turn_until_received(1));
  CHECK(base::Clock::now() - begun >= std::chrono::milliseconds(15));
  CHECK(fixture.interpreter.idle());
  fixture.obey("/wait 1000");
  CHECK(!fixture.interpreter.idle());
  fixture.interpreter.interrupt();
  CHECK(fixture.interpreter.idle());
  for (const char* wrong : {"", "x", "-1", "1s", "nan", "inf", "1e9"}) {
    CHECK(fixture.complaint("/wait " + std::string(wrong)) == "/wait: wants seconds");
  }
}

TEST_CASE("a script is obeyed in the place of its line, also within another one") {
  Fixture fixture;
  fixture.open_echo();
  const test::Folder folder;
  const std::string inner = folder.file("inner file", "\n\r\ntwo\r\nthree\n\n");
  const std::string outer = folder.file("outer", "one\n/source " + inner + "\nfour\n/nothing\n");
  fixture.interpreter.add("/source " + outer);
  fixture.interpreter.add("five");
  fixture.interpreter.run();
  REQUIRE(fixture.turn_until_received(5));
  CHECK(fixture.received == Strings{"1 one", "1 two", "1 three", "1 four", "1 five"});
  CHECK(fixture.host.complaints == Strings{outer + ":4: /nothing: no such command"});
  CHECK(holds(fixture.complaint("/source"), "wants a file"));
  CHECK(fixture.complaint("/source /nowhere/at/all").starts_with("/nowhere/at/all"));
}

TEST_CASE("a script waits for all that was typed before it") {
  Fixture fixture;
  fixture.open_echo();
  const test::Folder folder;
  const std::string script = folder.file("script", "one\n");
  const net::UniqueFd listener = test::listen_anywhere();
  fixture.obey("/connect :" + std::to_string(net::local_address(listener.get()).port()));
  fixture.obey("for two");
  fixture.obey("/use 1");
  fixture.obey("/source " + script);
  fixture.obey("/source /nowhere/at/all");
  fixture.obey("two");
  test::settle(fixture.loop.poller);
  CHECK(fixture.received.empty());
  fixture.connections.close(2);
  CHECK(fixture.host.complaints.back().starts_with("/nowhere/at/all"));
  REQUIRE(fixture.turn_until_received(2));
  CHECK(fixture.received == Strings{"1 one", "1 two"});
}

TEST_CASE("a script that reads itself ends") {
  Fixture fixture;
  const test::Folder folder;
  const std::string path = folder.path_of("loop");
  static_cast<void>(folder.file("loop", "/source " + path + "\n/source " + path + "\n"));
  CHECK(fixture.complaint("/source " + path) == path + ":1: /source: scripts read each other too deeply");
  CHECK(fixture.interpreter.idle());
}

TEST_CASE("a long script does not hold the loop") {
  Fixture fixture;
  const test::Folder folder;
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "/connections\n";
  fixture.obey("/source " + folder.file("script", lines));
  const std::size_t at_once = fixture.host.take_said().size();
  CHECK(at_once > 0);
  CHECK(!fixture.interpreter.idle());
  REQUIRE(test::run_until(fixture.loop.poller, [&] { return fixture.interpreter.idle(); }));
  CHECK(fixture.host.take_said().size() > 2 * at_once);
  CHECK(test::comes_to_rest(fixture.loop.poller));
}

TEST_CASE("one after the other, any number of scripts is read") {
  Fixture fixture;
  const test::Folder folder;
  const std::string path = folder.file("script", "/show\n");
  for (int i = 0; i < 2000; ++i) fixture.obey("/source " + path);
  CHECK(fixture.host.complaints.empty());
}

TEST_CASE("lines wait while a program has the terminal") {
  Fixture fixture;
  fixture.open_echo();
  fixture.host.is_busy = true;
  fixture.obey("/help quit");
  fixture.obey("hi");
  CHECK(fixture.host.take_said().empty());
  CHECK_FALSE(fixture.interpreter.idle());
  fixture.host.is_busy = false;
  fixture.interpreter.run();
  CHECK(fixture.interpreter.idle());
  REQUIRE(fixture.turn_until_received(1));
}

TEST_CASE("a message is sent again, and shown as it was not typed") {
  Fixture fixture;
  fixture.open_echo();
  fixture.obey("hi");
  fixture.obey("/resend");
  CHECK_FALSE(fixture.typed_just_so());
  REQUIRE(fixture.turn_until_received(2));
  CHECK(fixture.received == Strings{"1 hi", "1 hi"});
  CHECK(fixture.complaint("/resend 7") == "/resend: there is no #7");
}

TEST_CASE("a name stands for a line, typed or in a script") {
  Fixture fixture;
  CHECK(fixture.said("/alias") == "there are none\n");
  fixture.obey("/alias hi /send hello,");
  fixture.obey("/alias /e echo");
  CHECK(fixture.said("/alias") == "  /e echo\n  /hi /send hello,\n");
  fixture.open_echo();
  fixture.obey("/hi  world");
  fixture.obey("/e");
  fixture.obey("/hi", "script:1: ");
  REQUIRE(fixture.turn_until_received(3));
  CHECK(fixture.received == Strings{"1 hello, world", "1 echo", "1 hello,"});
  const test::Folder folder;
  fixture.obey("/source " + folder.file("script", "/hi there\n"));
  REQUIRE(fixture.turn_until_received(4));
  CHECK(fixture.received.back() == "1 hello, there");
  fixture.obey("/alias hi");
  CHECK(fixture.complaint("/hi").starts_with("/hi: no such command"));
  CHECK(holds(fixture.complaint("/alias hi"), "there is no hi"));
  CHECK(holds(fixture.complaint("/alias quit /send x"), "/quit is a command"));
}
