#include "serve/exec_report.h"

#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <string>

using namespace wscope;

namespace {

// Keeps what the last one has ended with.
struct Report final : link::Report {
  [[nodiscard]] link::Interests interests() const noexcept override { return {}; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override {}
  void report(link::ConnectionNumber of, const link::Happening& happening) override {
    const view::ExecView& view = std::get<link::Ran>(happening).exec;
    CHECK(view.state == view::ExecView::State::exit);
    number = of;
    process = static_cast<pid_t>(view.process);
    status = view.status;
    signal = view.signal;
  }

  link::ConnectionNumber number = 0;
  pid_t process = 0;
  std::optional<int> status;
  std::string signal;
};

}  // namespace

TEST_CASE("a program has ended with a status or by a signal, never both") {
  Report report;
  serve::report_exit(report, 7, 1234, {.code = 3});
  CHECK(report.number == 7);
  CHECK(report.process == 1234);
  CHECK(report.status == 3);
  CHECK(report.signal.empty());
  serve::report_exit(report, 7, 1234, {.signal = SIGKILL});
  CHECK_FALSE(report.status);
  CHECK(report.signal == "SIGKILL");
}
