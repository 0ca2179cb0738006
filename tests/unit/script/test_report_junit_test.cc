#include "script/test_report_junit.h"

#include <doctest/doctest.h>

#include "results.h"

using namespace wscope;
using script::JunitReport;

namespace {

std::string added(const script::TestResult& result) { return JunitReport().add(result); }

}  // namespace

TEST_CASE("a testsuite for each script, a testcase for each section") {
  JunitReport report;
  std::string text = report.begin(4);
  text += report.add(script::passed_script());
  text += report.add(script::failed_script());
  text += report.add(script::skipped_script());
  text += report.add(script::flaky_script());
  text += report.end({.passed = 2, .failed = 1, .skipped = 1, .flaky = 1}, false);
  CHECK(text ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"wscope run\">\n"
        "  <testsuite name=\"tick.ws\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.310\""
        " timestamp=\"2026-11-20T09:12:00.813456Z\" file=\"tick.ws\">\n"
        "    <testcase name=\"tick.ws\" classname=\"tick\" time=\"0.310\"/>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"a/login.ws\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"2.060\""
        " timestamp=\"2026-11-20T09:11:59.063456Z\" file=\"a/login.ws\">\n"
        "    <testcase name=\"open #1\" classname=\"a/login\" time=\"0.060\"/>\n"
        "    <testcase name=\"log in\" classname=\"a/login\" time=\"2.000\">\n"
        "      <failure message=\"a/login.ws:5:13: no match in 2.0 s; 1 message came\">"
        "a/login.ws:5:13: no match in 2.0 s; 1 message came\n"
        "  expect .type == &quot;ack&quot;\n"
        "         ^^^^^\n"
        "  1  +0.041 s  text  {&quot;type&quot;:&quot;error&quot;}     .type is &quot;error&quot;</failure>\n"
        "    </testcase>\n"
        "    <testcase name=\"log out\" classname=\"a/login\" time=\"0.000\">\n"
        "      <skipped/>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"later.ws\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" time=\"0.000\""
        " timestamp=\"2026-11-20T09:12:01.123456Z\" file=\"later.ws\">\n"
        "    <testcase name=\"later.ws\" classname=\"later\" time=\"0.000\">\n"
        "      <skipped message=\"needs &quot;redis&quot; &amp; &lt;more&gt;\"/>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"tick.ws\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.310\""
        " timestamp=\"2026-11-20T09:12:00.813456Z\" file=\"tick.ws\">\n"
        "    <testcase name=\"tick.ws\" classname=\"tick\" time=\"0.310\">\n"
        "      <system-out>flaky: attempt 3</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
}

TEST_CASE("what XML cannot hold is written out") {
  script::TestResult result = script::failed_script();
  result.sections = {{"a\nb\tc\r", script::Verdict::failed, {}}};
  result.failure = script::Failure{
      .place = "",
      .message = "\x01\x1b\x7f \xff \xed\xa0\x80 \xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd \xf0\x9f\x98\x80 ]]>"};
  const std::string written =
      "\\x01\\x1b\\x7f \\xff \\xed\\xa0\\x80 \\u{fffe}\\u{ffff}\xef\xbf\xbd \xf0\x9f\x98\x80 ]]&gt;";
  const std::string text = added(result);
  CHECK(text.find("<testcase name=\"a&#10;b&#9;c\\x0d\"") != std::string::npos);
  CHECK(text.find("<failure message=\"" + written + "\">" + written + "</failure>") != std::string::npos);
}

TEST_CASE("only the ending of a script is no part of its class") {
  const auto class_name_of = [](std::string_view name) {
    script::TestResult result = script::passed_script();
    result.name = name;
    const std::string text = added(result);
    const std::string key = "classname=\"";
    const std::size_t begin = text.find(key) + key.size();
    return text.substr(begin, text.find('"', begin) - begin);
  };
  CHECK(class_name_of("a.b.ws") == "a.b");
  CHECK(class_name_of(".ws") == ".ws");
  CHECK(class_name_of("-") == "-");
}

TEST_CASE("it is whole also when the run was interrupted") {
  CHECK(JunitReport().end({}, true) == "  <!-- interrupted -->\n</testsuites>\n");
}
