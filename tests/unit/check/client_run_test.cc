#include "check/client_run.h"

#include <doctest/doctest.h>

#include "check/baseline.h"

using namespace wscope;
using namespace wscope::check;

namespace {

streams::Outcome check_with(CheckPlan plan) {
  plan.listens = link::ListenAddress{.host = "127.0.0.1", .port = 0};
  plan.selection.only = {"c.request"};
  link::Loop loop;
  return check_clients(loop, plan);
}

}  // namespace

TEST_CASE("a program that never connects is told with its end") {
  CheckPlan plan;
  plan.program = {"sh", "-c", "exit 3"};
  const streams::Outcome outcome = check_with(plan);
  REQUIRE(outcome.error());
  CHECK(outcome.error()->kind == base::ErrorKind::connect);
  CHECK(outcome.error()->message == "sh: the program ended before it connected (exit status 3)");
}

TEST_CASE("a certificate that cannot be read is an error before anything else") {
  CheckPlan plan;
  plan.serves_tls = true;
  plan.tls.identity.certificate_file = "/nowhere/cert.pem";
  const streams::Outcome outcome = check_with(plan);
  REQUIRE(outcome.error());
  CHECK(outcome.error()->message.find("/nowhere/cert.pem") != std::string::npos);
}

TEST_CASE("clients that do not come in time are not waited for") {
  CheckPlan plan;
  plan.timeout = std::chrono::milliseconds(20);
  const streams::Outcome outcome = check_with(plan);
  REQUIRE(outcome.error());
  CHECK(outcome.error()->kind == base::ErrorKind::timeout);
}
