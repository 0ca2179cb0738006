// A server with programs in the loop of a test.
#pragma once

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "net/signals.h"
#include "serve/exec_service.h"
#include "unit/link/notes.h"
#include "unit/link/serving.h"

namespace wscope::test {

/// A report that keeps what is warned of, and what programs say and do.
class ProgramNotes final : public link::Report {
 public:
  [[nodiscard]] link::Interests interests() const noexcept override { return {}; }
  [[nodiscard]] bool has_room() const noexcept override { return room; }
  void flush() override {}
  void report(link::ConnectionNumber number, const link::Happening& happening) override {
    if (const auto* warned = std::get_if<link::Warned>(&happening)) lines.push_back(warned->text);
    const auto* ran = std::get_if<link::Ran>(&happening);
    if (ran == nullptr) return;
    if (ran->exec.state == view::ExecView::State::errors) {
      lines.push_back("[" + std::to_string(number) + "] " + std::string(base::as_text(ran->exec.errors)));
    }
    if (ran->exec.state == view::ExecView::State::start) processes.push_back(static_cast<pid_t>(ran->exec.process));
  }

  std::vector<std::string> lines;
  std::vector<pid_t> processes;
  bool room = true;
};

/// Runs a script of sh for its clients.
template <typename Service>
struct ProgramServerWith {
  explicit ProgramServerWith(const std::string& script, serve::ExecPlan asked = {})
      : plan(with_script(std::move(asked), script)),
        service(loop, plan, {.launch = serve::find_launch(plan).value()}, notes),
        served(loop, {.compression = false, .whole = asked_whole(plan)}, service, &notes) {
    served.each_turn = [this] {
      while (signals.take()) service.look_at_programs();
      service.resume();
    };
    served.loop.poller.set_deadline(served.loop.poller.add(signals.fd(), {.readable = true}, wakes), std::nullopt);
  }
  static serve::ExecPlan with_script(serve::ExecPlan plan, const std::string& script) {
    plan.arguments = {"/bin/sh", "-c", script};
    return plan;
  }
  static bool asked_whole(const serve::ExecPlan& plan) { return plan.format == serve::ExecFormat::json; }
  bool until_no_programs() {
    return served.turn_until([this] { return !service.has_programs(); });
  }

  // The pipe is read in each turn.
  struct Wakes final : net::Pollable {
    void handle_ready(net::Poller::Id, net::Readiness) override {}
    void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  };

  net::Signals signals = std::move(net::Signals::install({SIGCHLD}).value());
  Wakes wakes;
  link::Loop loop;
  ProgramNotes notes;
  serve::ExecPlan plan;
  Service service;
  Served served;
};

/// For each client.
using ProgramServer = ProgramServerWith<serve::ExecService>;

}  // namespace wscope::test
