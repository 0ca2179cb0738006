#include "script/test_report.h"

#include <fmt/format.h>

#include "script/test_report_junit.h"
#include "script/test_report_tap.h"
#include "view/escape.h"
#include "view/json_events.h"

namespace wscope::script {
namespace {

using view::Meaning;

double seconds(base::Duration duration) noexcept { return std::chrono::duration<double>(duration).count(); }

class TextReport final : public TestReport {
 public:
  explicit TextReport(view::Style style) noexcept : style_(style) {}

  std::string begin(std::size_t count) override {
    count_ = count;
    return {};
  }

  std::string add(const TestResult& result) override {
    ++added_;
    std::string text = result.failure ? result.failure->text() + "\n" : std::string();
    const bool failed = result.verdict == Verdict::failed;
    text += failed ? style_(Meaning::error, "not ok") : style_(Meaning::notice, "ok");
    text += fmt::format(" {} - {} # ", added_, view::escape(result.name));
    if (result.verdict == Verdict::skipped) {
      text += style_(Meaning::warning, "SKIP") + (result.reason.empty() ? "" : " " + view::escape(result.reason));
    } else {
      text += fmt::format("{:.2f} s", seconds(result.elapsed));
    }
    if (result.flaky()) text += fmt::format(", flaky: attempt {}", result.attempts);
    return text + "\n";
  }

  std::string end(const Summary& summary, bool interrupted) override {
    std::string text = interrupted ? "interrupted: " : "";
    text += fmt::format("{} passed", summary.passed);
    if (summary.flaky > 0) text += fmt::format(" ({} flaky)", summary.flaky);
    const std::string failed = fmt::format("{} failed", summary.failed);
    text += ", " + (summary.failed > 0 ? style_(Meaning::error, failed) : failed);
    if (summary.skipped > 0) text += fmt::format(", {} skipped", summary.skipped);
    if (added_ < count_) text += fmt::format(", {} not run", count_ - added_);
    return text + fmt::format(", {:.1f} s\n", seconds(summary.elapsed));
  }

 private:
  view::Style style_;
  std::size_t count_ = 0;
  std::size_t added_ = 0;
};

class JsonReport final : public TestReport {
 public:
  std::string begin(std::size_t) override { return {}; }

  std::string add(const TestResult& result) override {
    std::string lines;
    for (const SectionResult& section : result.sections) {
      view::TestView test{result.name, section.name, name_of(section.verdict), section.elapsed};
      if (std::string remark = result.remark_on(section); !remark.empty()) test.message = std::move(remark);
      view::append_test({result.ended, 0}, test, lines);
    }
    return lines;
  }

  std::string end(const Summary&, bool) override { return {}; }
};

}  // namespace

std::unique_ptr<TestReport> make_report(ReportFormat format, bool verbose, view::Style style) {
  switch (format) {
    case ReportFormat::text:
      break;
    case ReportFormat::tap:
      return std::make_unique<TapReport>(verbose);
    case ReportFormat::junit:
      return std::make_unique<JunitReport>();
    case ReportFormat::json:
      return std::make_unique<JsonReport>();
  }
  return std::make_unique<TextReport>(style);
}

}  // namespace wscope::script
