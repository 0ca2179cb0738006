#include "check/driver.h"

#include <doctest/doctest.h>

#include "check/step.h"

using namespace wscope::check;
using Kind = DriverRequest::Kind;

namespace {

const std::vector<Case>& two() {
  static const Row row{"frame.a", "C M", "5", "a \"frame\"", "that it is taken", "ping | ponged"};
  static const std::vector<Case> cases{{nullptr, &row, "frame.a", "ping"}, {nullptr, &row, "frame.b", "ping"}};
  return cases;
}

auto read(std::string_view target) {
  std::vector<const Case*> cases;
  for (const Case& one : two()) cases.push_back(&one);
  return read_driver_target(target, cases);
}

}  // namespace

TEST_CASE("the paths of Autobahn's fuzzing server are known") {
  CHECK(read("/getCaseCount")->kind == Kind::case_count);
  CHECK(read("/getCaseInfo?case=2")->index == 1);
  CHECK(read("/stopServer")->kind == Kind::stop_server);
  const auto run = read("/runCase?case=1&agent=my%20client/1.0");
  CHECK(run->kind == Kind::run_case);
  CHECK(run->index == 0);
  CHECK(run->agent == "my client/1.0");
  CHECK(read("/runCase?agent=a+b&casetuple=frame.b")->index == 1);
  CHECK(read("/runCase?agent=a+b&casetuple=frame.b")->agent == "a b");
  CHECK(read("/getCaseStatus?case=1&agent=a")->kind == Kind::case_status);
  CHECK(!read("/updateReports?agent=a")->shuts_down);
  CHECK(read("/updateReports?agent=a&shutdownOnComplete=true")->shuts_down);
}

TEST_CASE("a parameter that is wrong or missing is told") {
  for (const std::string_view target :
       {"/", "/runcase?case=1&agent=a", "/runCase", "/runCase?case=1", "/runCase?case=1&agent=", "/runCase?agent=a",
        "/runCase?case=0&agent=a", "/runCase?case=3&agent=a", "/runCase?case=x&agent=a", "/runCase?case=1x&agent=a",
        "/runCase?case=99999999999999999999&agent=a", "/runCase?casetuple=frame.c&agent=a", "/getCaseInfo",
        "/getCaseStatus?case=1", "/updateReports", "/updateReports?agent"}) {
    CAPTURE(target);
    CHECK(!read(target));
  }
  CHECK(read("/runCase?case=3&agent=a").error().message == "case is a number from 1 to 2");
}

TEST_CASE("what answers is a case, too") {
  CHECK(parse_program(answering_case("12").program).ok());
  CHECK(answering_case("12").program == "asked | answer | text hex:3132 | close | closes");
  CHECK(answering_case("").program == "asked | answer | close | closes");
  const Case refused = refusing_case(400, "the parameter agent is missing");
  CHECK(parse_program(refused.program).ok());
  CHECK(refused.program.find("Content-Length: 31 ") != std::string::npos);
  CHECK(info_of(two().front()) == R"({"id":"frame.a","description":"a \"frame\""})");
}
