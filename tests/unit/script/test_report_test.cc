#include "script/test_report.h"

#include <doctest/doctest.h>

#include "results.h"

using namespace std::chrono_literals;
using namespace wscope;
using script::ReportFormat;

namespace {

std::string added(ReportFormat format, const script::TestResult& result) {
  const auto report = script::make_report(format, false);
  static_cast<void>(report->begin(1));
  return report->add(result);
}

}  // namespace

TEST_CASE("text: a line for each script, a failure in front of its line, and the sum") {
  const auto report = script::make_report(ReportFormat::text, false);
  std::string text = report->begin(4);
  text += report->add(script::passed_script());
  text += report->add(script::failed_script());
  text += report->add(script::skipped_script());
  text += report->add(script::flaky_script());
  text += report->end({2, 1, 1, 1, 2430ms}, false);
  CHECK(text ==
        "ok 1 - tick.ws # 0.31 s\n"
        "a/login.ws:5:13: no match in 2.0 s; 1 message came\n"
        "  expect .type == \"ack\"\n"
        "         ^^^^^\n"
        "  1  +0.041 s  text  {\"type\":\"error\"}     .type is \"error\"\n"
        "not ok 2 - a/login.ws # 2.06 s\n"
        "ok 3 - later.ws # SKIP needs \"redis\" & <more>\n"
        "ok 4 - tick.ws # 0.31 s, flaky: attempt 3\n"
        "2 passed (1 flaky), 1 failed, 1 skipped, 2.4 s\n");
}

TEST_CASE("text: on a terminal what has failed is red") {
  const auto report = script::make_report(ReportFormat::text, false, view::Style(true));
  static_cast<void>(report->begin(3));
  CHECK(report->add(script::passed_script()) == "\x1b[32mok\x1b[0m 1 - tick.ws # 0.31 s\n");
  CHECK(report->add(script::failed_script()).find("\n\x1b[31mnot ok\x1b[0m 2 - a/login.ws") != std::string::npos);
  CHECK(report->add(script::skipped_script()).find("# \x1b[33mSKIP\x1b[0m needs") != std::string::npos);
  CHECK(report->end({.passed = 1, .failed = 1, .skipped = 1}, false) ==
        "1 passed, \x1b[31m1 failed\x1b[0m, 1 skipped, 0.0 s\n");
  CHECK(report->end({.passed = 1, .skipped = 1}, false) == "1 passed, 0 failed, 1 skipped, 0.0 s\n");
}

TEST_CASE("text: what there is none of is left out, but failures") {
  const auto report = script::make_report(ReportFormat::text, false);
  static_cast<void>(report->begin(0));
  CHECK(report->end({}, false) == "0 passed, 0 failed, 0.0 s\n");
}

TEST_CASE("text: scripts that were not run are counted") {
  for (const bool interrupted : {false, true}) {
    const auto report = script::make_report(ReportFormat::text, false);
    static_cast<void>(report->begin(3));
    static_cast<void>(report->add(script::passed_script()));
    CHECK(report->end({.passed = 1, .elapsed = 310ms}, interrupted) ==
          std::string(interrupted ? "interrupted: " : "") + "1 passed, 0 failed, 2 not run, 0.3 s\n");
  }
}

TEST_CASE("text: a name or a reason breaks no line") {
  script::TestResult result = script::skipped_script();
  result.name = "a\n.ws";
  result.reason = "no\n\x1b[31m";
  CHECK(added(ReportFormat::text, result) == "ok 1 - a\\x0a.ws # SKIP no\\x0a\\x1b[31m\n");
  result.reason.clear();
  CHECK(added(ReportFormat::text, result) == "ok 1 - a\\x0a.ws # SKIP\n");
}

TEST_CASE("json: an event for each section") {
  const std::string begin = R"({"event":"test","time":"2026-11-20T09:12:01.123456Z","conn":0,)";
  CHECK(added(ReportFormat::json, script::passed_script()) ==
        begin + R"("file":"tick.ws","name":"tick.ws","result":"passed","elapsed_ms":310.000})" + "\n");
  CHECK(added(ReportFormat::json, script::failed_script()) ==
        begin + R"("file":"a/login.ws","name":"open #1","result":"passed","elapsed_ms":60.000})" + "\n" +  //
            begin + R"("file":"a/login.ws","name":"log in","result":"failed","elapsed_ms":2000.000,"message":)" +
            R"("a/login.ws:5:13: no match in 2.0 s; 1 message came\n  expect .type == \"ack\"\n         ^^^^^\n)" +
            R"(  1  +0.041 s  text  {\"type\":\"error\"}     .type is \"error\""})" + "\n" +  //
            begin + R"("file":"a/login.ws","name":"log out","result":"skipped","elapsed_ms":0.000})" + "\n");
  CHECK(added(ReportFormat::json, script::skipped_script()) ==
        begin + R"("file":"later.ws","name":"later.ws","result":"skipped","elapsed_ms":0.000,)" +
            R"("message":"needs \"redis\" & <more>"})" + "\n");
  CHECK(added(ReportFormat::json, script::flaky_script()) ==
        begin + R"("file":"tick.ws","name":"tick.ws","result":"passed","elapsed_ms":310.000,)" +
            R"("message":"flaky: attempt 3"})" + "\n");
}

TEST_CASE("json: nothing but events") {
  const auto report = script::make_report(ReportFormat::json, true);
  CHECK(report->begin(2).empty());
  CHECK(report->end({}, true).empty());
}
