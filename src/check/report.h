// What is told of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "check/case.h"
#include "check/plan.h"
#include "check/settings.h"
#include "view/style.h"

namespace wscope::check {

/// What is known before the first case.
struct Facts {
  std::string url{};  ///< without credentials; of clients: where they are waited for
  Role role = Role::server;
  std::size_t cases = 0;
  std::size_t connections = 0;
  std::size_t jobs = 1;
  std::uint64_t seed = 0;
  bool seed_given = false;  ///< else it is drawn
  bool echo = false;
  std::string agent{};         ///< a name for it that was given; empty: none
  std::string server{};        ///< its Server header; empty: it has none
  std::string extension{};     ///< what it agreed to; empty: nothing
  bool small_windows = false;  ///< it agrees to a window of 9 bits, too
  std::string tls{};           ///< version and ALPN, in words; empty: no TLS
  bool discovers = false;      ///< what is measured is told, and nothing is judged
};

/// What has come of all cases.
struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t warned = 0;
  std::size_t told = 0;
  std::size_t skipped = 0;
  std::size_t errors = 0;
  std::size_t flaky = 0;
  std::size_t findings = 0;
  std::size_t expected = 0;         ///< of what failed, warned or is an error: the baseline says so
  std::size_t expected_failed = 0;  ///< of those, what failed or is an error
  std::size_t better = 0;           ///< of what passed: the baseline has it fail
  base::Duration elapsed{};

  void add(const Result& result) noexcept;
  [[nodiscard]] std::size_t cases() const noexcept { return passed + failed + warned + told + skipped + errors; }
  /// "301 cases: 288 passed, 4 failed, …": what there is none of is left out, but for passed and failed.
  [[nodiscard]] std::string words() const;
};

/// One form of it. Each call returns the next part of the text.
class Report {
 public:
  virtual ~Report() = default;
  [[nodiscard]] virtual std::string begin(const Facts& facts) = 0;
  /// The results come in the order of their cases.
  [[nodiscard]] virtual std::string add(const Result& result) = 0;
  /// `interrupted`: not all have come.
  [[nodiscard]] virtual std::string end(const Totals& totals, bool interrupted) = 0;
};

/// Of any format but autobahn. `verbosity`: as CheckPlan has it. `style`: of text.
[[nodiscard]] std::unique_ptr<Report> make_report(ReportFormat format, unsigned verbosity,
                                                  view::Style style = view::no_colors);

/// "wscope check URL --only ID --seed N -vv"
[[nodiscard]] std::string command_for(const Facts& facts, const std::string& id);
/// What was sent to it, and what came: "101, for 24 characters not base64"
[[nodiscard]] std::string seen_words(const Result& result);
/// The words for a level in a report.
[[nodiscard]] std::string_view word_of(Level level) noexcept;

}  // namespace wscope::check
