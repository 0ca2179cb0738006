#include "check/autobahn_report.h"

#include <doctest/doctest.h>

using namespace wscope::check;

namespace {

Result with(Verdict verdict, const Case& one, std::string seen = "") {
  Result result;
  result.about = &one;
  result.verdict = verdict;
  result.seen = std::move(seen);
  return result;
}

constexpr Row row{"frame.a", "SC M", "5", "a frame", "that it is taken"};

}  // namespace

TEST_CASE("verdicts have Autobahn's words") {
  const Case one{nullptr, &row, "frame.a", "frame 3 | failed 1002"};
  CHECK(behavior_of(with(Verdict::pass, one)) == "OK");
  CHECK(behavior_of(with(Verdict::warn, one)) == "NON-STRICT");
  CHECK(behavior_of(with(Verdict::info, one)) == "INFORMATIONAL");
  CHECK(behavior_of(with(Verdict::fail, one)) == "FAILED");
  CHECK(behavior_of(with(Verdict::error, one)) == "FAILED");
  CHECK(behavior_of(with(Verdict::skip, one, "permessage-deflate is not offered")) == "UNIMPLEMENTED");
  CHECK(!behavior_of(with(Verdict::skip, one, "it does not echo")));
}

TEST_CASE("so has how a connection was closed") {
  const Case fails{nullptr, &row, "frame.a", "frame 3 | failed 1002"};
  Result result = with(Verdict::pass, fails);
  result.close_code = 1002;
  CHECK(close_behavior_of(result) == "OK");
  result.verdict = Verdict::warn;
  CHECK(close_behavior_of(result) == "WRONG CODE");
  result.close_code.reset();
  CHECK(close_behavior_of(result) == "UNCLEAN");
  result.verdict = Verdict::fail;
  CHECK(close_behavior_of(result) == "FAILED");
  result.verdict = Verdict::info;
  CHECK(close_behavior_of(result) == "INFORMATIONAL");
  const Case handshake{nullptr, &row, "c.status-404", "asked | answer 404 | rejected"};
  CHECK(close_behavior_of(with(Verdict::pass, handshake)) == "OK");
}

TEST_CASE("a file is called after agent and case") {
  CHECK(case_file_of("My Client/1.0", "frame.rsv-4") == "my_client_1_0_case_frame_rsv-4.json");
}
