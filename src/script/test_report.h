// The results of scripts, as text, TAP, JUnit XML or JSON.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "script/run_plan.h"
#include "script/test_result.h"
#include "view/style.h"

namespace wscope::script {

/// How many scripts came to what.
struct Summary {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t flaky = 0;  ///< of those that passed
  base::Duration elapsed{};
};

/// Writes a report piece by piece: what each call returns is to be written behind what came before.
class TestReport {
 public:
  virtual ~TestReport() = default;
  /// `count` scripts are going to be run.
  [[nodiscard]] virtual std::string begin(std::size_t count) = 0;
  /// One of them, in their order.
  [[nodiscard]] virtual std::string add(const TestResult& result) = 0;
  /// That was all, even if there were to be more: `interrupted`, or --bail.
  [[nodiscard]] virtual std::string end(const Summary& summary, bool interrupted) = 0;
};

/// `verbose`: as RunPlan has it. `style`: of text, what has failed is red.
///
/// text:  "ok 1 - FILE # S s" for each, its failure in front of it, at the end "3 passed, 1 failed, 1 skipped, 2.4 s".
/// tap:   TAP version 14: a point for each; with `verbose` a subtest of its sections; a YAML block for a failure, and
///        for a script that is flaky.
/// junit: a testsuite for each, a testcase for each section (junit-10.xsd).
/// json:  an event `test` for each section. Other events of a run are written by whoever hears of them.
[[nodiscard]] std::unique_ptr<TestReport> make_report(ReportFormat format, bool verbose,
                                                      view::Style style = view::no_colors);

}  // namespace wscope::script
