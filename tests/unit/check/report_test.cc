#include "check/report.h"

#include <doctest/doctest.h>

using namespace wscope::check;

TEST_CASE("totals say what there is") {
  Totals totals;
  CHECK(totals.words() == "0 cases: 0 passed, 0 failed in 0.0 s");
  Result result;
  for (const Verdict verdict :
       {Verdict::pass, Verdict::fail, Verdict::warn, Verdict::info, Verdict::skip, Verdict::error, Verdict::error}) {
    result.verdict = verdict;
    totals.add(result);
  }
  result.verdict = Verdict::warn;
  result.flaky = true;
  totals.add(result);
  CHECK(totals.words() ==
        "8 cases: 1 passed, 1 failed, 2 warned, 1 informational, 1 skipped, 2 errors (1 flaky) in 0.0 s");
}

TEST_CASE("what shows a case again has its seed") {
  Facts facts;
  facts.url = "ws://a/";
  facts.seed = 7;
  CHECK(command_for(facts, "hs.basic") == "wscope check ws://a/ --only hs.basic --seed 7 -vv");
}

TEST_CASE("each format has a report") {
  for (const ReportFormat format :
       {ReportFormat::text, ReportFormat::json, ReportFormat::junit, ReportFormat::tap, ReportFormat::md}) {
    CHECK(make_report(format, 0) != nullptr);
  }
}
