#include "script/test_report_tap.h"

#include <doctest/doctest.h>

#include "results.h"

using namespace wscope;
using script::TapReport;

namespace {

std::string added(const script::TestResult& result, bool subtests = false) {
  TapReport report(subtests);
  static_cast<void>(report.begin(1));
  return report.add(result);
}

}  // namespace

TEST_CASE("a point for each script, with what is wrong as YAML") {
  TapReport report(false);
  std::string text = report.begin(4);
  text += report.add(script::passed_script());
  text += report.add(script::failed_script());
  text += report.add(script::skipped_script());
  text += report.add(script::flaky_script());
  text += report.end({.passed = 2, .failed = 1, .skipped = 1, .flaky = 1}, false);
  CHECK(text ==
        "TAP version 14\n"
        "1..4\n"
        "ok 1 - tick.ws\n"
        "not ok 2 - a/login.ws\n"
        "  ---\n"
        "  message: \"no match in 2.0 s; 1 message came\"\n"
        "  file: \"a/login.ws\"\n"
        "  line: 5\n"
        "  expected: \".type == \\\"ack\\\"\"\n"
        "  got: \"text {\\\"type\\\":\\\"error\\\"}\"\n"
        "  events:\n"
        "    - \"1  +0.041 s  text  {\\\"type\\\":\\\"error\\\"}     .type is \\\"error\\\"\"\n"
        "  duration_ms: 2060.000\n"
        "  ...\n"
        "ok 3 - later.ws # SKIP needs \"redis\" & <more>\n"
        "ok 4 - tick.ws\n"
        "  ---\n"
        "  flaky: true\n"
        "  attempts: 3\n"
        "  duration_ms: 310.000\n"
        "  ...\n");
}

TEST_CASE("sections are a subtest, if it is asked for") {
  script::TestResult result = script::failed_script();
  result.failure = script::Failure{.place = "", .message = "over"};
  const std::string block = "  ---\n  message: \"over\"\n  duration_ms: 2060.000\n  ...\n";
  CHECK(added(result, true) ==
        "# Subtest: a/login.ws\n"
        "    1..3\n"
        "    ok 1 - open \\#1\n"
        "    not ok 2 - log in\n"
        "      ---\n"
        "      message: \"over\"\n"
        "      duration_ms: 2000.000\n"
        "      ...\n"
        "    ok 3 - log out # SKIP\n"
        "not ok 1 - a/login.ws\n" +
            block);
  CHECK(added(result, false) == "not ok 1 - a/login.ws\n" + block);
  CHECK(added(script::passed_script(), true) == "ok 1 - tick.ws\n");
}

TEST_CASE("a difference is a list of lines, nothing that came is null") {
  script::TestResult result = script::failed_script();
  result.failure = script::Failure{
      .place = "b.ws:1:2", .line = 1, .message = "differs", .expected = "ack", .diff = "  -\"a\"\n  +\"b\""};
  CHECK(added(result) ==
        "not ok 1 - a/login.ws\n"
        "  ---\n"
        "  message: \"differs\"\n"
        "  file: \"b.ws\"\n"
        "  line: 1\n"
        "  expected: \"ack\"\n"
        "  got: null\n"
        "  diff:\n"
        "    - \"  -\\\"a\\\"\"\n"
        "    - \"  +\\\"b\\\"\"\n"
        "  duration_ms: 2060.000\n"
        "  ...\n");
}

TEST_CASE("nothing in a name is a directive, and nothing breaks a line") {
  script::TestResult result = script::passed_script();
  result.name = "a # SKIP \\ \n.ws";
  CHECK(added(result) == "ok 1 - a \\# SKIP \\\\ \\\\x0a.ws\n");
  result = script::failed_script();
  result.failure = script::Failure{.place = "", .message = "a\nb\x1b\xff\xc2\x85"};
  CHECK(added(result) ==
        "not ok 1 - a/login.ws\n"
        "  ---\n"
        "  message: \"a\\nb\\\\x1b\\\\xff\\\\x85\"\n"
        "  duration_ms: 2060.000\n"
        "  ...\n");
}

TEST_CASE("it bails out if there were to be more") {
  for (const bool interrupted : {false, true}) {
    TapReport report(false);
    static_cast<void>(report.begin(2));
    static_cast<void>(report.add(script::failed_script()));
    CHECK(report.end({.failed = 1}, interrupted) ==
          (interrupted ? "Bail out! interrupted\n" : "Bail out! a script has failed (--bail)\n"));
    static_cast<void>(report.add(script::passed_script()));
    CHECK(report.end({.passed = 1, .failed = 1}, interrupted).empty());
  }
}
