#include "check/report_formats.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace wscope::check;

namespace {

constexpr Row basic{"hs.basic", "S M", "4.2.2", "the plain GET", "101", "ask | basic"};
constexpr Row sum{"hs.sum", "S S", "4.2.1", "all of it", "none|two", ""};
constexpr Group handshake{"hs", "Opening handshake", {}};
constexpr Group frames{"frame", "Frames", {}};

struct Scenario {
  Case passed{&handshake, &basic, "hs.basic", "ask"};
  Case failed{&handshake, &basic, "hs.bad", "ask"};
  Case warned{&handshake, &sum, "hs.sum", ""};
  Case skipped{&frames, &basic, "frame.x", "ask"};

  [[nodiscard]] std::vector<Result> results() const {
    std::vector<Result> all(4);
    const std::pair<const Case*, Verdict> parts[] = {
        {&passed, Verdict::pass}, {&failed, Verdict::fail}, {&warned, Verdict::warn}, {&skipped, Verdict::skip}};
    const char* const seen[] = {"", "400 <No> & \"no\"", "hs.x: 500", "it does not echo"};
    for (std::size_t i = 0; i < 4; ++i) {
      all[i].about = parts[i].first;
      all[i].verdict = parts[i].second;
      all[i].seen = seen[i];
      all[i].sent = "GET";
      all[i].elapsed = std::chrono::milliseconds(2);
    }
    return all;
  }
};

const Facts facts{.url = "ws://server/", .cases = 4, .connections = 3, .jobs = 4, .server = "x"};

std::string written(Report& report, bool interrupted = false) {
  const Scenario scenario;
  std::string text = report.begin(facts);
  Totals totals;
  for (const Result& result : scenario.results()) {
    totals.add(result);
    text += report.add(result);
  }
  return text + report.end(totals, interrupted);
}

}  // namespace

TEST_CASE("text has a line for each group, and one for what has not passed") {
  TextReport report(0);
  const std::string text = written(report);
  CAPTURE(text);
  CHECK(text.starts_with("wscope check ws://server/   4 cases, 4 at a time, no echo (oracle: pong)\n"));
  CHECK(text.find("1 passed, 1 failed, 1 warned\n") != std::string::npos);
  CHECK(text.find("FAIL  hs.bad") != std::string::npos);
  CHECK(text.find("expected: 101") != std::string::npos);
  CHECK(text.find("again: wscope check ws://server/ --only hs.bad --seed 0 -vv") != std::string::npos);
  CHECK(text.find("hs.basic") == std::string::npos);
  CHECK(text.find("SKIP  frame.x") != std::string::npos);
  CHECK(text.ends_with("4 cases: 1 passed, 1 failed, 1 warned, 1 skipped in 0.0 s\n"));
  TextReport verbose(1);
  CHECK(written(verbose).find("PASS  hs.basic") != std::string::npos);
}

TEST_CASE("on a terminal the words for what came of a case have colours") {
  TextReport report(1, view::Style(true));
  const std::string text = written(report);
  const view::Style style(true);
  for (const std::string& word : {style(view::Meaning::error, "FAIL "), style(view::Meaning::warning, "WARN "),
                                  style(view::Meaning::notice, "PASS "), style(view::Meaning::dimmed, "SKIP ")}) {
    CAPTURE(word);
    CHECK(text.find("    " + word + " ") != std::string::npos);
  }
}

TEST_CASE("JSON has an object for each case, then a summary") {
  JsonReport report;
  const std::string text = written(report);
  CHECK(text.find(R"({"id":"hs.basic","role":"server","level":"must","rfc":"4.2.2","verdict":"pass")") == 0);
  CHECK(text.find(R"("sent_hex":"474554")") != std::string::npos);
  CHECK(text.find(R"({"event":"summary","url":"ws://server/","cases":4,"passed":1)") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);
}

TEST_CASE("JUnit has a suite for each group") {
  JunitReport report;
  const std::string text = written(report);
  CAPTURE(text);
  CHECK(text.find("<testsuite name=\"hs\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"0\"") != std::string::npos);
  CHECK(text.find("classname=\"wscope.check.hs\"") != std::string::npos);
  CHECK(text.find("<failure message=\"400 &lt;No&gt; &amp; &quot;no&quot;, for the plain GET\">") != std::string::npos);
  CHECK(text.find("<system-out>warn: hs.x: 500") != std::string::npos);
  CHECK(text.find("<skipped message=\"it does not echo\"/>") != std::string::npos);
  CHECK(text.ends_with("</testsuites>\n"));
}

TEST_CASE("TAP has a point for each case") {
  TapReport report;
  const std::string text = written(report, true);
  CHECK(text.starts_with("TAP version 14\n1..4\nok 1 - hs.basic\nnot ok 2 - hs.bad\n  ---\n"));
  CHECK(text.find("ok 3 - hs.sum\n") != std::string::npos);
  CHECK(text.find("ok 4 - frame.x # SKIP it does not echo\n") != std::string::npos);
  CHECK(text.ends_with("Bail out! interrupted\n"));
}

TEST_CASE("Markdown has a table of what has not passed") {
  MarkdownReport report;
  const std::string text = written(report);
  CHECK(text.starts_with("# wscope check ws://server/\n"));
  CHECK(text.find("| FAIL | `hs.bad` |") != std::string::npos);
  CHECK(text.find("none\\|two") != std::string::npos);
  CHECK(text.find("hs.basic") == std::string::npos);
}
