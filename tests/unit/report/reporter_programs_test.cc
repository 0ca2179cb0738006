#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "report/reporter.h"
#include "reports.h"

using namespace wscope;
using report::Verbosity;
using Scope = report::Reporter::Scope;
using Events = std::vector<std::string>;

TEST_CASE("what a program says is told as it is, when it begins and ends to those who asked for every detail") {
  using State = view::ExecView::State;
  const view::ExecView start = {.process = 42};
  const view::ExecView line = {State::errors, 42, base::as_bytes("a\x1b[31m")};
  const view::ExecView exit = {.state = State::exit, .process = 42, .status = 3};
  const view::ExecView killed = {.state = State::exit, .process = 42, .signal = "SIGKILL"};
  const auto told = [&](const report::Reporting& reporting) {
    net::Poller poller;
    test::Reports reports(poller, reporting, Scope::many);
    for (const view::ExecView* one : {&start, &line, &exit, &killed}) reports->report(5, link::Ran{*one});
    return std::pair(reports.err(), test::events_in(reports.out()));
  };
  CHECK(told({.verbosity = Verbosity::quiet}) == std::pair(std::string("[5] a\x1b[31m\n"), Events{}));
  CHECK(told({.verbosity = Verbosity::verbose}).first ==
        "* client 5: process 42 has begun\n[5] a\x1b[31m\n* client 5: process 42 has ended: exit status 3\n"
        "* client 5: process 42 has ended: signal SIGKILL\n");
  const auto [lines, events] = told({.format = streams::OutputFormat::json});
  CHECK(lines == "[5] a\x1b[31m\n");
  REQUIRE(events.size() == 4);
  CHECK(events[1].find(R"("state":"stderr","pid":42,"data":"a\u001b[31m")") != std::string::npos);
}
