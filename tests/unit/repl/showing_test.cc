#include "repl/showing.h"

#include <doctest/doctest.h>

#include <string>

#include "noted_host.h"
#include "repl/variables.h"

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

TEST_CASE("which messages are shown is chosen, and told") {
  test::NotedHost host;
  base::SystemRandom random;
  repl::Variables variables(random);
  const auto said = [&](Action action, std::string_view arguments) {
    const auto chosen = repl::choose_messages(action, arguments, host, variables);
    return chosen ? host.take_said() : "error: " + chosen.error().message;
  };
  const auto shows = [&host](std::string_view text) { return host.shown.lets_through({base::as_bytes(text), false}); };
  CHECK(said(Action::filter, "") == "filter off\n");
  CHECK(shows("b"));
  CHECK(said(Action::filter, "a|b") == "filter a|b\n");
  CHECK(shows("b"));
  CHECK(!shows("c"));
  CHECK(said(Action::mute, "b") == "mute b\n");
  CHECK(shows("a"));
  CHECK(!shows("b"));
  CHECK(said(Action::filter, "off") == "filter off\n");
  CHECK(shows("c"));
  CHECK(!shows("b"));
  CHECK(said(Action::mute, ".a = 1").starts_with("error: "));
  CHECK(said(Action::mute, "") == "mute b\n");
  CHECK(said(Action::mute, "off") == "mute off\n");
  CHECK(shows("b"));
  host.has_screen = false;
  CHECK(said(Action::mute, "b") == "error: there is no screen");
  CHECK(repl::chooses_messages(Action::mute));
  CHECK(!repl::chooses_messages(Action::hex));
}

TEST_CASE("without a screen there are frames alone") {
  test::NotedHost host;
  host.has_screen = false;
  CHECK(repl::choose_shown(Action::hex, "on", host).ok());
  CHECK(host.frames);
  CHECK(repl::choose_shown(Action::json, "on", host).error().message == "there is no screen");
}
