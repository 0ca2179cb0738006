// Where the reports of scripts go.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/fd.h"
#include "net/poller.h"
#include "script/run_plan.h"
#include "script/test_report.h"
#include "streams/output_queue.h"

namespace wscope::script {

/// Writes all reports that are wanted, to files at once, to stdout as fast as it is read.
class ReportOutputs {
 public:
  /// `poller` outlives it. `verbose`: as RunPlan has it.
  ReportOutputs(net::Poller& poller, bool verbose) : stdout_(poller, STDOUT_FILENO), verbose_(verbose) {}

  /// An error of kind io: the file cannot be made.
  [[nodiscard]] base::Result<void> open(const ReportTarget& target);

  void begin(std::size_t count);
  /// The result of a script; they come in the order of their numbers.
  void add(std::size_t number, const TestResult& result);
  void end(const Summary& summary, bool interrupted);

  /// Whether a report has the events of scripts.
  [[nodiscard]] bool want_events() const noexcept;
  /// The event of a script, a line, which waits until it is the turn of that.
  void add_event(std::size_t number, const std::string& line);
  /// Whether so much waits that it should cause no more events.
  [[nodiscard]] bool full(std::size_t number) const noexcept;

  /// Writes what can be written now.
  void flush();
  /// Whether something is not written yet, and can be.
  [[nodiscard]] bool waiting() const noexcept { return stdout_.waiting() > 0 && stdout_.error() == 0; }
  [[nodiscard]] bool reader_gone() const noexcept;
  /// Of kind io: why something could not be written.
  [[nodiscard]] std::optional<base::Error> error() const;

 private:
  struct Output {
    std::unique_ptr<TestReport> report;
    bool has_events;
    net::UniqueFd file;  // none: stdout
    std::string path;
  };
  static constexpr std::size_t most_waiting = std::size_t{1} << 20;

  void write(Output& output, const std::string& text);

  streams::OutputQueue stdout_;
  bool verbose_;
  std::vector<Output> outputs_{};
  std::size_t turn_ = 0;                // the number of the script whose events are written
  std::vector<std::string> events_{};   // of those behind it
  std::optional<base::Error> error_{};  // of a file
};

}  // namespace wscope::script
