// A report as the Autobahn testsuite writes it: index.json, and a file a case.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "check/report.h"

namespace wscope::check {

/// The words of that suite for a result; nothing: it is left out.
[[nodiscard]] std::optional<std::string_view> behavior_of(const Result& result) noexcept;
/// The same of how the connection was closed.
[[nodiscard]] std::string_view close_behavior_of(const Result& result) noexcept;
/// "my_agent_case_frame_rsv_4.json"
[[nodiscard]] std::string case_file_of(const std::string& agent, const std::string& id);

/// Writes into a folder; there may be one agent after the other, and index.json has all of them.
class AutobahnReport final : public Report {
 public:
  explicit AutobahnReport(std::string folder) : folder_(std::move(folder)) {}
  /// Makes the folder, if there is none. An error of kind io.
  [[nodiscard]] base::Result<void> open();

  [[nodiscard]] std::string begin(const Facts& facts) override;
  [[nodiscard]] std::string add(const Result& result) override;
  [[nodiscard]] std::string end(const Totals& totals, bool interrupted) override;
  /// Of kind io: what could not be written.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }

 private:
  void write(const std::string& name, const std::string& text);

  std::string folder_;
  std::string agent_{};
  std::map<std::string, std::string> index_{};  // what index.json has of each agent
  std::optional<base::Error> error_{};
};

}  // namespace wscope::check
