#include <doctest/doctest.h>

#include "check/client_run.h"

using namespace wscope;
using namespace wscope::check;

namespace {

// Why there is no run with this plan; empty: there is one.
std::string flaw_of(const CheckPlan& plan) {
  link::Loop loop;
  auto signals = net::Signals::install({});
  REQUIRE(signals.ok());
  ReportOutputs outputs(loop.poller, 0);
  const ClientIdentities identities;
  const auto run = make_program_run({loop, plan, *signals, outputs, identities});
  return run ? std::string() : run.error().message;
}

}  // namespace

TEST_CASE("a run of a client needs cases that are about one") {
  CheckPlan plan;
  plan.listens = link::ListenAddress{};
  plan.program = {"sh"};
  CHECK(flaw_of(plan).empty());
  plan.selection.only = {"no.such"};
  CHECK(flaw_of(plan) == "--only: no case is called no.such");
  plan.selection.only = {"hs.basic"};
  CHECK(flaw_of(plan) == "no case is left");
}

TEST_CASE("a run of a program needs that") {
  CheckPlan plan;
  plan.listens = link::ListenAddress{};
  plan.program = {"/nowhere/client"};
  CHECK(flaw_of(plan).find("/nowhere/client") != std::string::npos);
}
