#include "script/test_result.h"

#include <doctest/doctest.h>

#include "results.h"

using namespace wscope;
using script::Failure;

TEST_CASE("a failure is told with place, message, excerpt, events and the difference") {
  Failure failure{.place = "login.ws:5:13", .line = 5, .message = "no match in 2.0 s; 1 message came"};
  CHECK(failure.headline() == "login.ws:5:13: no match in 2.0 s; 1 message came");
  CHECK(failure.text() == failure.headline());
  failure.excerpt = "  expect json .a == 1\n              ^^";
  failure.events = {"1  +0.041 s  text  {}     .a is missing", "2  +0.050 s  ping"};
  failure.diff = "  -1\n  +2";
  CHECK(failure.text() ==
        "login.ws:5:13: no match in 2.0 s; 1 message came\n"
        "  expect json .a == 1\n"
        "              ^^\n"
        "  1  +0.041 s  text  {}     .a is missing\n"
        "  2  +0.050 s  ping\n"
        "  -1\n"
        "  +2");
}

TEST_CASE("a failure of no statement has no place") {
  const Failure failure{.place = "", .message = "not over in 3 s (--timeout)"};
  CHECK(failure.text() == "not over in 3 s (--timeout)");
  CHECK(failure.file().empty());
}

TEST_CASE("the file of a failure is its place without line and column") {
  CHECK(Failure{.place = "a/b.ws:5:13", .message = ""}.file() == "a/b.ws");
  CHECK(Failure{.place = "a:7:8:9:1.ws:5:13", .message = ""}.file() == "a:7:8:9:1.ws");
  CHECK(Failure{.place = "-:5:13", .message = ""}.file() == "-");
  CHECK(Failure{.place = "b.ws", .message = ""}.file() == "b.ws");
}

TEST_CASE("a script without sections has one, of its own name") {
  CHECK_FALSE(script::passed_script().has_sections());
  CHECK(script::failed_script().has_sections());
  script::TestResult one = script::passed_script();
  one.sections.front().name = "the only one";
  CHECK(one.has_sections());
}

TEST_CASE("what there is to say of a section") {
  const auto remark_on_first = [](const script::TestResult& result) {
    return result.remark_on(result.sections.front());
  };
  CHECK(remark_on_first(script::passed_script()).empty());
  CHECK(remark_on_first(script::flaky_script()) == "flaky: attempt 3");
  CHECK(remark_on_first(script::skipped_script()) == "needs \"redis\" & <more>");
  const script::TestResult failed = script::failed_script();
  CHECK(failed.remark_on(failed.sections[0]).empty());
  CHECK(failed.remark_on(failed.sections[1]) == failed.failure->text());
  CHECK(failed.remark_on(failed.sections[2]).empty());
}

TEST_CASE("a script is flaky if it has passed, but not at once") {
  CHECK(script::flaky_script().flaky());
  CHECK_FALSE(script::passed_script().flaky());
  script::TestResult failed = script::failed_script();
  failed.attempts = 3;
  CHECK_FALSE(failed.flaky());
}
