// The commands that an interpreter obeys itself.
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

TEST_CASE("what is shown is chosen, and told") {
  Fixture fixture;
  const report::ScreenChoices& shown = fixture.host.shown;
  CHECK(fixture.said("/show") ==
        "  frames off\n  control off\n  json off\n  ascii off\n  whole off\n  numbers off\n  timestamps off\n");
  const std::pair<const char*, const char*> lines[] = {
      {"/hex", "frames on\n"},           {"/json on", "json on\n"},
      {"/show control", "control on\n"}, {"/show whole on", "whole on\n"},
      {"/show numbers", "numbers on\n"}, {"/show timestamps relative", "timestamps relative\n"}};
  for (const auto& [line, state] : lines) CHECK(fixture.said(line) == state);
  CHECK(fixture.host.frames);
  CHECK(fixture.said("/show") ==
        "  frames on\n  control on\n  json on\n  ascii off\n  whole on\n  numbers on\n  timestamps relative\n");
  CHECK(fixture.said("/show timestamps") == "timestamps off\n");
  CHECK(shown.timestamps == report::Timestamps::off);
  CHECK(fixture.said("/show timestamps on") == "timestamps on\n");
  CHECK(shown.timestamps == report::Timestamps::absolute);
  fixture.obey("/json");
  CHECK_FALSE(shown.json);
  fixture.obey("/show frames off");
  CHECK_FALSE(fixture.host.frames);
  CHECK(holds(fixture.complaint("/show nothing"), "\"nothing\" cannot be shown"));
  CHECK(fixture.host.hints.back() == "/show frames|timestamps|control|json|ascii|whole|numbers [on|off]");
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
  for (const char* wrong : {"/set keymap", "/set keymap pico"}) {
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
