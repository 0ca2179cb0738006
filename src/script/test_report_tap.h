// The results of scripts in the Test Anything Protocol, version 14 (testanything.org).
#pragma once

#include <cstddef>
#include <string>

#include "script/test_report.h"

namespace wscope::script {

/// A point for each script. `subtests`: in front of it one for each of its sections, if it has some. What is wrong
/// stands in a YAML block: message, file, line, expected, got, events, diff, duration_ms; each text in quotation marks,
/// with JSON's escapes. If there were to be more scripts, it bails out at the end.
class TapReport final : public TestReport {
 public:
  explicit TapReport(bool subtests) noexcept : subtests_(subtests) {}

  [[nodiscard]] std::string begin(std::size_t count) override;
  [[nodiscard]] std::string add(const TestResult& result) override;
  [[nodiscard]] std::string end(const Summary& summary, bool interrupted) override;

 private:
  bool subtests_;
  std::size_t count_ = 0;
  std::size_t added_ = 0;
};

}  // namespace wscope::script
