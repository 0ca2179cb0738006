#include "check/report_output.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "check/autobahn_report.h"
#include "net/error.h"
#include "net/file.h"
#include "streams/standard_streams.h"

namespace wscope::check {
namespace {

net::UniqueFd open_anew(const std::string& path) {
  constexpr mode_t for_everybody = 0666;
  return net::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, for_everybody));
}

}  // namespace

ReportOutputs::ReportOutputs(net::Poller& poller, unsigned verbosity)
    : stdout_(poller, STDOUT_FILENO), verbosity_(verbosity) {}

base::Result<void> ReportOutputs::open(const ReportTarget& target) {
  if (target.format == ReportFormat::autobahn) {
    auto report = std::make_unique<AutobahnReport>(target.file);
    if (auto opened = report->open(); !opened) return opened.error();
    folders_.push_back(report.get());
    outputs_.push_back({std::move(report), {}, target.file});
    return {};
  }
  const view::Style style =
      target.file.empty() ? streams::style_of_stdout(view::ColorChoice::automatic) : view::no_colors;
  Output output{make_report(target.format, verbosity_, style), {}, target.file};
  if (!target.file.empty()) {
    output.file = open_anew(target.file);
    if (!output.file.valid()) return net::system_error(target.file, errno);
  }
  outputs_.push_back(std::move(output));
  return {};
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  const net::UniqueFd file = open_anew(path);
  if (!file.valid() || !net::write_all(file.get(), text)) return net::system_error(path, errno);
  return {};
}

void ReportOutputs::print(const std::string& text) { static_cast<void>(stdout_.queue().append(base::as_bytes(text))); }

void ReportOutputs::write(Output& output, const std::string& text) {
  if (text.empty()) return;
  if (!output.file.valid()) return print(text);
  if (!net::write_all(output.file.get(), text) && !error_) error_ = net::system_error(output.path, errno);
}

void ReportOutputs::begin(const Facts& facts) {
  for (Output& output : outputs_) write(output, output.report->begin(facts));
}

void ReportOutputs::add(const Result& result) {
  for (Output& output : outputs_) write(output, output.report->add(result));
}

void ReportOutputs::end(const Totals& totals, bool interrupted) {
  for (Output& output : outputs_) write(output, output.report->end(totals, interrupted));
}

void ReportOutputs::flush() { stdout_.flush(); }

bool ReportOutputs::reader_gone() const noexcept { return stdout_.error() == EPIPE; }

std::optional<base::Error> ReportOutputs::error() const {
  if (error_) return error_;
  for (const AutobahnReport* const report : folders_) {
    if (report->error()) return report->error();
  }
  const int number = stdout_.error();
  if (number == 0 || number == EPIPE) return std::nullopt;
  return net::system_error("standard output", number);
}

}  // namespace wscope::check
