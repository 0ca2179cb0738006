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

TEST_CASE("connecting wants a URL, and options as the command line has them") {
  Fixture fixture;
  CHECK(fixture.complaint("/connect") == "/connect: no URL");
  CHECK(fixture.host.hints.back() == "/connect URL [OPTIONS]");
  CHECK(holds(fixture.complaint("/connect -b"), "no URL"));
  CHECK(holds(fixture.complaint("/connect 'echo:"), "a quotation mark is not closed"));
  CHECK(holds(fixture.complaint("/connect --nonsense echo:"), "--nonsense"));
  CHECK(holds(fixture.complaint("/connect ftp://host/"), "not a WebSocket URL"));
  CHECK(fixture.connections.empty());
  CHECK(holds(fixture.said("/connect --help"), "--header"));
  CHECK(holds(fixture.said("/listen --help"), "--path"));
  CHECK(fixture.connections.empty());
  fixture.obey("/connect -H 'X-A: b c' echo:");
  CHECK(fixture.host.questions == 1);
  REQUIRE(fixture.turn_until([&] { return fixture.connections.is_open(1); }));
  CHECK(holds(fixture.said("/status"), "  > X-A: b c\n"));
}

TEST_CASE("a listener's passphrase is asked for, too") {
  Fixture fixture;
  fixture.obey("/listen 0");
  CHECK(fixture.host.questions == 1);
}

TEST_CASE("a listener announces itself, and who is at either end may be sent to") {
  Fixture fixture;
  fixture.obey("/listen 127.0.0.1:0");
  REQUIRE(fixture.host.ports.size() == 1);
  CHECK(fixture.complaint("hello") == "no client is connected");
  CHECK(fixture.said("/status") == "no client is connected\n");
  const std::string port = std::to_string(fixture.host.ports[0]);
  CHECK(fixture.said("/connections") == "  listening on ws://127.0.0.1:" + port + "/\n");
  fixture.obey("/connect :" + port);
  fixture.obey("/use all");
  REQUIRE(fixture.turn_until([&] { return fixture.connections.targets({Use::Kind::all, 0}).size() == 2; }));
  CHECK(fixture.clients.size() == 1);
  fixture.obey("to each other");
  REQUIRE(fixture.turn_until_received(2));
  CHECK(holds(fixture.complaint("/disconnect :1"), "nothing listens at :1"));
  CHECK(holds(fixture.complaint("/disconnect :x"), "nothing listens at :x"));
  CHECK(fixture.said("/disconnect :" + port) == "no longer listening at :" + port + "\n");
  REQUIRE(fixture.turn_until([&] { return fixture.connections.empty(); }));
}

TEST_CASE("one of several connections is used, told about and closed") {
  Fixture fixture;
  CHECK(fixture.said("/connections") == "not connected\n");
  for (const char* command : {"/disconnect", "/status"}) CHECK(holds(fixture.complaint(command), "not connected"));
  for (int i = 0; i < 3; ++i) fixture.open_echo();
  fixture.obey("/use 2");
  fixture.obey("hi");
  REQUIRE(fixture.turn_until_received(1));
  CHECK(fixture.received == Strings{"2 hi"});
  const std::string all = fixture.said("/connections");
  CHECK(holds(all, "  [1] to ws://"));
  CHECK(holds(all, "* [2] to ws://"));
  CHECK(holds(all, "  [3] to ws://"));
  CHECK(fixture.said("/status").starts_with("connection  2, client, open\nurl "));
  CHECK(fixture.said("/status 3").starts_with("connection  3, client, open\n"));
  const std::string both = fixture.said("/status all");
  for (const char* one : {"connection  1,", "connection  2,", "connection  3,"}) CHECK(holds(both, one));
  for (const char* command : {"/use 9", "/status 9", "/disconnect 9"}) {
    CHECK(holds(fixture.complaint(command), "there is no connection 9"));
    CHECK(fixture.host.hints.back() == "/connections lists them");
  }
  fixture.obey("/disconnect");
  REQUIRE(fixture.turn_until([&] { return fixture.connections.rows().size() == 2; }));
  CHECK_FALSE(fixture.connections.exists(2));
  CHECK(fixture.host.disconnects == std::vector<link::ConnectionNumber>{2});
  fixture.obey("/disconnect all");
  REQUIRE(fixture.turn_until([&] { return fixture.connections.empty(); }));
  CHECK(fixture.host.disconnects == std::vector<link::ConnectionNumber>{2, 1, 3});
}

TEST_CASE("what is closed without a sign of its own is told") {
  Fixture fixture;
  fixture.obey("/connect echo:");
  CHECK(fixture.said("/disconnect") == "connection 1 is given up\n");
  CHECK(holds(fixture.complaint("/disconnect"), "there is no connection 1"));
  CHECK(fixture.host.disconnects == std::vector<link::ConnectionNumber>{1});
  fixture.obey("/listen 127.0.0.1:0");
  CHECK(fixture.said("/disconnect all").starts_with("no longer listening on ws://127.0.0.1:"));
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

TEST_CASE("what is shown is chosen, and told") {
  Fixture fixture;
  const report::ScreenChoices& shown = fixture.host.shown;
  CHECK(fixture.said("/show") ==
        "  frames off\n  control off\n  json off\n  whole off\n  numbers off\n  timestamps off\n");
  const std::pair<const char*, const char*> lines[] = {
      {"/hex", "frames on\n"},           {"/json on", "json on\n"},
      {"/show control", "control on\n"}, {"/show whole on", "whole on\n"},
      {"/show numbers", "numbers on\n"}, {"/show timestamps relative", "timestamps relative\n"}};
  for (const auto& [line, state] : lines) CHECK(fixture.said(line) == state);
  CHECK(fixture.host.frames);
  CHECK(fixture.said("/show") ==
        "  frames on\n  control on\n  json on\n  whole on\n  numbers on\n  timestamps relative\n");
  CHECK(fixture.said("/show timestamps") == "timestamps off\n");
  CHECK(shown.timestamps == report::Timestamps::off);
  CHECK(fixture.said("/show timestamps on") == "timestamps on\n");
  CHECK(shown.timestamps == report::Timestamps::absolute);
  fixture.obey("/json");
  CHECK_FALSE(shown.json);
  fixture.obey("/show frames off");
  CHECK_FALSE(fixture.host.frames);
  CHECK(holds(fixture.complaint("/show nothing"), "\"nothing\" cannot be shown"));
  CHECK(fixture.host.hints.back() == "/show frames|timestamps|control|json|whole|numbers [on|off]");
  CHECK(holds(fixture.complaint("/show json maybe"), "wants on or off"));
  CHECK(holds(fixture.complaint("/show timestamps maybe"), "on, off or relative"));
  CHECK(holds(fixture.complaint("/hex maybe"), "wants on or off"));
  fixture.host.has_screen = false;
  CHECK(holds(fixture.complaint("/show control"), "there is no screen"));
  fixture.obey("/show frames on");
  CHECK(fixture.host.frames);
}

TEST_CASE("the terminal, help and the end are the host's") {
  Fixture fixture;
  fixture.obey("/set keymap vi");
  CHECK(fixture.host.keymap == term::Keymap::vi);
  for (const char* wrong : {"/set", "/set keymap", "/set keymap pico", "/set tabs vi"}) {
    CHECK(holds(fixture.complaint(wrong), "knows keymap emacs and keymap vi"));
  }
  fixture.obey("/clear");
  CHECK(fixture.host.clears == 1);
  fixture.obey("/edit some text");
  CHECK(fixture.host.edited == Strings{"some text"});
  CHECK(fixture.said("/help") == repl::help_text(80));
  CHECK(fixture.said("/help keys") == repl::help_on_keys());
  fixture.host.size.reset();
  CHECK(fixture.said("/hel") == repl::help_text());
  CHECK(fixture.said("/help /exit") == repl::help_text(*repl::find_slash_command("quit")));
  fixture.obey("/exit");
  CHECK(fixture.host.quits == 1);
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
