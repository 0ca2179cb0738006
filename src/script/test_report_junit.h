// The results of scripts as JUnit XML, as continuous integration reads it (junit-10.xsd of Jenkins' xunit plugin).
#pragma once

#include <cstddef>
#include <string>

#include "script/test_report.h"

namespace wscope::script {

/// A testsuite for each script, with a testcase for each of its sections. What XML 1.0 cannot hold is written out, as
/// view::escape() does.
class JunitReport final : public TestReport {
 public:
  [[nodiscard]] std::string begin(std::size_t count) override;
  [[nodiscard]] std::string add(const TestResult& result) override;
  [[nodiscard]] std::string end(const Summary& summary, bool interrupted) override;
};

}  // namespace wscope::script
