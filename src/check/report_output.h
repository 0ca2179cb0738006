// Where the reports go.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/plan.h"
#include "check/report.h"
#include "net/fd.h"
#include "net/poller.h"
#include "streams/output_queue.h"

namespace wscope::check {

class AutobahnReport;

/// Writes all reports that are wanted, to files at once, to stdout as fast as it is read.
class ReportOutputs {
 public:
  /// `poller` outlives it.
  ReportOutputs(net::Poller& poller, unsigned verbosity);

  /// An error of kind io: the file cannot be made.
  [[nodiscard]] base::Result<void> open(const ReportTarget& target);
  void begin(const Facts& facts);
  void add(const Result& result);
  void end(const Totals& totals, bool interrupted);
  /// What is no report, to stdout.
  void print(const std::string& text);

  void flush();
  /// Whether something is not written yet, and can be.
  [[nodiscard]] bool waiting() const noexcept { return stdout_.waiting() > 0 && stdout_.error() == 0; }
  [[nodiscard]] bool reader_gone() const noexcept;
  /// Of kind io: why something could not be written.
  [[nodiscard]] std::optional<base::Error> error() const;

 private:
  struct Output {
    std::unique_ptr<Report> report;
    net::UniqueFd file;  // none: stdout
    std::string path;
  };
  void write(Output& output, const std::string& text);

  streams::OutputQueue stdout_;
  unsigned verbosity_;
  std::vector<Output> outputs_{};
  std::vector<const AutobahnReport*> folders_{};  // of those
  std::optional<base::Error> error_{};            // of a file
};

/// Writes a file anew. An error of kind io.
[[nodiscard]] base::Result<void> write_file(const std::string& path, const std::string& text);

}  // namespace wscope::check
