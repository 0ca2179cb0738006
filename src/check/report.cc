#include "check/report.h"

#include <chrono>

#include <fmt/format.h>

#include "check/report_formats.h"
#include "view/counted.h"

namespace wscope::check {

void Totals::add(const Result& result) noexcept {
  std::size_t* const counts[] = {&passed, &failed, &warned, &told, &skipped, &errors};
  ++*counts[static_cast<std::size_t>(result.verdict)];
  if (result.flaky) ++flaky;
  if (result.finding) ++findings;
  if (result.better) ++better;
  if (!result.expected) return;
  ++expected;
  if (result.verdict != Verdict::warn) ++expected_failed;
}

std::string Totals::words() const {
  std::string text = fmt::format("{}: {} passed, {} failed", view::counted(cases(), "case"), passed, failed);
  const auto append = [&text](std::size_t count, std::string_view what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  append(warned, "warned");
  append(told, "informational");
  append(skipped, "skipped");
  append(errors, errors == 1 ? "error" : "errors");
  if (expected > 0) text += fmt::format(" ({} as expected)", expected);
  if (better > 0) text += fmt::format(" ({} better than expected)", better);
  if (flaky > 0) text += fmt::format(" ({} flaky)", flaky);
  return text + fmt::format(" in {:.1f} s", std::chrono::duration<double>(elapsed).count());
}

std::string command_for(const Facts& facts, const std::string& id) {
  return fmt::format("wscope check {} --only {} --seed {} -vv", facts.url, id, facts.seed);
}

std::string seen_words(const Result& result) {
  const std::string_view sent = result.about->row->sent;
  const bool is_told_apart = result.verdict == Verdict::skip || result.verdict == Verdict::error || result.seen.empty();
  if (is_told_apart) return result.seen;
  return fmt::format("{}, for {}", result.seen, sent);
}

std::string_view word_of(Level level) noexcept { return name_of(level); }

std::unique_ptr<Report> make_report(ReportFormat format, unsigned verbosity, view::Style style) {
  switch (format) {
    case ReportFormat::json:
      return std::make_unique<JsonReport>();
    case ReportFormat::junit:
      return std::make_unique<JunitReport>();
    case ReportFormat::tap:
      return std::make_unique<TapReport>();
    case ReportFormat::md:
      return std::make_unique<MarkdownReport>();
    case ReportFormat::text:
    case ReportFormat::autobahn:
      break;
  }
  return std::make_unique<TextReport>(verbosity, style);
}

}  // namespace wscope::check
