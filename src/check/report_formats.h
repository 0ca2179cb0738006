// The forms of a report.
#pragma once

#include <string>
#include <vector>

#include "check/findings.h"
#include "check/report.h"
#include "view/style.h"

namespace wscope::check {

/// For a person: a line for each group, and one for each case that has not passed.
class TextReport final : public Report {
 public:
  explicit TextReport(unsigned verbosity, view::Style style = view::no_colors) noexcept
      : verbosity_(verbosity), style_(style) {}
  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;

 private:
  [[nodiscard]] std::string end_group();

  unsigned verbosity_;
  view::Style style_;
  Facts facts_{};
  Findings findings_{};
  const Group* group_ = nullptr;
  Totals of_group_{};
  std::string lines_{};
};

/// One object a case, then a summary.
class JsonReport final : public Report {
 public:
  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;

 private:
  Facts facts_{};
  Findings findings_{};
};

/// JUnit's XML: a testsuite a group.
class JunitReport final : public Report {
 public:
  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;

 private:
  [[nodiscard]] std::string end_group();

  Facts facts_{};
  const Group* group_ = nullptr;
  Totals of_group_{};
  std::string cases_{};
};

/// The Test Anything Protocol, version 14: a point a case.
class TapReport final : public Report {
 public:
  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;

 private:
  Facts facts_{};
  std::size_t added_ = 0;
};

/// A table in Markdown of what has not passed.
class MarkdownReport final : public Report {
 public:
  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;

 private:
  std::string rows_{};
};

}  // namespace wscope::check
