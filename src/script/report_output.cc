#include "script/report_output.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "net/error.h"
#include "net/file.h"
#include "streams/standard_streams.h"

namespace wscope::script {

base::Result<void> ReportOutputs::open(const ReportTarget& target) {
  const view::Style style =
      target.file.empty() ? streams::style_of_stdout(view::ColorChoice::automatic) : view::no_colors;
  Output output{make_report(target.format, verbose_, style), target.format == ReportFormat::json, {}, target.file};
  if (!target.file.empty()) {
    constexpr mode_t for_everybody = 0666;
    output.file.reset(::open(target.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, for_everybody));
    if (!output.file.valid()) return net::system_error(target.file, errno);
  }
  outputs_.push_back(std::move(output));
  return {};
}

bool ReportOutputs::want_events() const noexcept {
  return std::any_of(outputs_.begin(), outputs_.end(), [](const Output& output) { return output.has_events; });
}

void ReportOutputs::write(Output& output, const std::string& text) {
  if (text.empty()) return;
  if (!output.file.valid()) {
    static_cast<void>(stdout_.queue().append(base::as_bytes(text)));
    return;
  }
  if (!net::write_all(output.file.get(), text) && !error_) error_ = net::system_error(output.path, errno);
}

void ReportOutputs::begin(std::size_t count) {
  events_.resize(count);
  for (Output& output : outputs_) write(output, output.report->begin(count));
}

void ReportOutputs::add_event(std::size_t number, const std::string& line) {
  if (number != turn_) {
    events_[number] += line;
    return;
  }
  for (Output& output : outputs_) {
    if (output.has_events) write(output, line);
  }
}

void ReportOutputs::add(std::size_t number, const TestResult& result) {
  for (Output& output : outputs_) write(output, output.report->add(result));
  turn_ = number + 1;
  if (turn_ == events_.size()) return;
  for (Output& output : outputs_) {
    if (output.has_events) write(output, events_[turn_]);
  }
  std::string().swap(events_[turn_]);
}

void ReportOutputs::end(const Summary& summary, bool interrupted) {
  for (Output& output : outputs_) write(output, output.report->end(summary, interrupted));
}

bool ReportOutputs::full(std::size_t number) const noexcept {
  return stdout_.full() || (number != turn_ && events_[number].size() >= most_waiting);
}

void ReportOutputs::flush() { stdout_.flush(); }

bool ReportOutputs::reader_gone() const noexcept { return stdout_.error() == EPIPE; }

std::optional<base::Error> ReportOutputs::error() const {
  if (stdout_.error() != 0 && !reader_gone()) return net::system_error("standard output", stdout_.error());
  return error_;
}

}  // namespace wscope::script
