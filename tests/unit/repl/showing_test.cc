#include "repl/showing.h"

#include <doctest/doctest.h>

#include <string>

#include "noted_host.h"

using namespace wscope;
using repl::Action;

TEST_CASE("what is about showing is known") {
  int count = 0;
  for (const repl::SlashCommand& command : repl::slash_commands()) count += repl::is_about_showing(command.action);
  CHECK(count == 3);
}

TEST_CASE("a switch says what it is from now on, also if that is the other way round") {
  test::NotedHost host;
  const auto said = [&host](Action action, std::string_view arguments) {
    CHECK(repl::choose_shown(action, arguments, host).ok());
    return host.take_said();
  };
  CHECK(said(Action::hex, "") == "frames on\n");
  CHECK(said(Action::hex, "") == "frames off\n");
  CHECK(said(Action::json, "on") == "json on\n");
  CHECK(host.shown.json);
  CHECK(said(Action::json, "") == "json off\n");
  CHECK(said(Action::show, "control") == "control on\n");
  CHECK(said(Action::show, "timestamps") == "timestamps on\n");
  CHECK(said(Action::show, "timestamps relative") == "timestamps relative\n");
  CHECK(said(Action::show, "timestamps") == "timestamps off\n");
  CHECK(host.shown.timestamps == report::Timestamps::off);
}

TEST_CASE("without a screen there are frames alone") {
  test::NotedHost host;
  host.has_screen = false;
  CHECK(repl::choose_shown(Action::hex, "on", host).ok());
  CHECK(host.frames);
  CHECK(repl::choose_shown(Action::json, "on", host).error().message == "there is no screen");
}
