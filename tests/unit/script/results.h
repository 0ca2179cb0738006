// Results that the tests of reports have in common.
#pragma once

#include <chrono>

#include "script/test_result.h"

namespace wscope::script {

inline constexpr view::WallTime noon{std::chrono::microseconds(1'795'165'921'123'456)};

inline TestResult passed_script() {
  using namespace std::chrono_literals;
  return {.name = "tick.ws", .elapsed = 310ms, .ended = noon, .sections = {{"tick.ws", Verdict::passed, 310ms}}};
}

inline TestResult flaky_script() {
  TestResult result = passed_script();
  result.attempts = 3;
  return result;
}

inline TestResult skipped_script() {
  return {.name = "later.ws",
          .verdict = Verdict::skipped,
          .ended = noon,
          .sections = {{"later.ws", Verdict::skipped, {}}},
          .reason = "needs \"redis\" & <more>"};
}

// Its first section has passed, its last one was not reached.
inline TestResult failed_script() {
  using namespace std::chrono_literals;
  TestResult result{
      .name = "a/login.ws",
      .verdict = Verdict::failed,
      .elapsed = 2060ms,
      .ended = noon,
      .exit_status = 11,
      .sections = {
          {"open #1", Verdict::passed, 60ms}, {"log in", Verdict::failed, 2s}, {"log out", Verdict::skipped, {}}}};
  result.failure = Failure{.place = "a/login.ws:5:13",
                           .line = 5,
                           .message = "no match in 2.0 s; 1 message came",
                           .excerpt = "  expect .type == \"ack\"\n         ^^^^^",
                           .events = {R"(1  +0.041 s  text  {"type":"error"}     .type is "error")"},
                           .expected = ".type == \"ack\"",
                           .got = R"(text {"type":"error"})",
                           .diff = ""};
  return result;
}

}  // namespace wscope::script
