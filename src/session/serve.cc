#include "session/serve.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>

#include <sys/resource.h>

#include "link/broadcast.h"
#include "link/connection_options.h"
#include "link/echo.h"
#include "link/server_setup.h"
#include "net/error.h"
#include "report/reporter.h"
#include "session/stdin_service.h"
#include "streams/signal_watch.h"
#include "tls/context.h"

namespace wscope::session {
namespace {

// A descriptor a client: as many as the system lets us have.
void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

// After a signal, for a slow reader of stdout.
constexpr base::Duration patience = std::chrono::seconds(1);

class ServeSession final : private streams::SignalOwner, private streams::OutputOwner, private net::Pollable {
 public:
  // `tls`, if there is any, outlives it.
  ServeSession(link::Loop& loop, net::Signals& signals, const ServeCommand& command, const tls::Context* tls)
      : loop_(loop),
        command_(command),
        signal_watch_(loop.poller, signals, *this),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Connections::many, *this),
        echo_(loop, command.limits, command.timeouts),
        tls_(tls),
        server_(loop, options_of(command, tls), choose_service(command), &reporter_),
        timer_(loop.poller.add(-1, {}, *this)) {}
  ~ServeSession() { loop_.poller.remove(timer_); }
  ServeSession(const ServeSession&) = delete;
  ServeSession& operator=(const ServeSession&) = delete;

  streams::Outcome run(const link::ListenAddress& where) {
    if (auto listening = server_.listen(where); !listening) {
      outcome_.fail(std::move(listening).error());
    } else {
      reporter_.listening(link::describe_listening(server_, command_, tls_));
      serve();
    }
    if (server_.ending()) outcome_.fail(*server_.ending());
    if (outcome_.error()) reporter_.error(0, *outcome_.error(), outcome_.status());
    print_rest();
    return outcome_;
  }

 private:
  // An event has all of a message.
  static link::Server::Options options_of(const ServeCommand& command, const tls::Context* tls) {
    link::Server::Options options = link::server_options(command, tls);
    options.whole = options.whole || command.reporting.format == streams::OutputFormat::json;
    return options;
  }

  link::Service& choose_service(const ServeCommand& command) {
    switch (command.service) {
      case link::ServiceKind::echo:
        return echo_;
      case link::ServiceKind::broadcast:
        return broadcast_;
      case link::ServiceKind::pipe:
        break;
    }
    const streams::InputSource::Options input = {.format = command.input,
                                                 .type = command.type,
                                                 .whole = true,
                                                 .longest_held = link::longest_held(command.limits)};
    return pipe_.emplace(loop_, input, reporter_);
  }

  void serve() {
    while (!stopped_ && !server_.finished()) {
      flush_output();
      turn();
      if (pipe_ && pipe_->error() && !leaving_) leave(*pipe_->error());
    }
  }

  void print_rest() {
    flush_output();
    if (signalled_) loop_.poller.set_deadline(timer_, loop_.poller.now() + patience);
    while (!stopped_ && !reporter_.output().queue().empty()) turn();
  }

  void turn() {
    if (auto turn = loop_.poller.run_once(); !turn) fail(std::move(turn).error());
  }

  void fail(base::Error error) {
    outcome_.fail(std::move(error));
    stopped_ = true;
  }

  void leave(base::Error error) {
    outcome_.fail(std::move(error));
    leaving_ = true;
    server_.shut_down();
  }

  void flush_output() {
    reporter_.output().flush();
    judge_output();
    if (reporter_.has_room()) server_.hold(false);
  }

  void handle_output() override {
    judge_output();
    server_.hold(false);
    if (pipe_ && !leaving_) pipe_->resume();
  }

  void judge_output() {
    const int error = reporter_.output().error();
    if (error == 0 || leaving_) return;
    if (error != EPIPE) return leave(net::system_error("standard output", error));
    outcome_.end(0);  // like any filter whose reader has seen enough
    leaving_ = true;
    server_.shut_down();
  }

  void handle_signal(int number) override {
    if (leaving_) {
      stopped_ = true;
      return outcome_.end(streams::exit_status_of_signal(number));
    }
    leaving_ = true;
    signalled_ = true;
    server_.hold(false);
    server_.shut_down();
    // Clients that are not read as nothing more can be printed do not come to their end.
    const base::Duration most = command_.timeouts.close;
    if (most != base::Duration::zero()) loop_.poller.set_deadline(timer_, loop_.poller.now() + most + patience);
  }

  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint) override { stopped_ = true; }

  link::Loop& loop_;
  const ServeCommand& command_;
  streams::SignalWatch signal_watch_;
  report::Reporter reporter_;
  link::Echo echo_;
  link::Broadcast broadcast_;
  std::optional<StdinService> pipe_;
  const tls::Context* tls_;
  link::Server server_;
  net::Poller::Id timer_;
  streams::Outcome outcome_;
  bool leaving_ = false;
  bool signalled_ = false;
  bool stopped_ = false;
};

}  // namespace

streams::Outcome serve(link::Loop& loop, net::Signals& signals, const ServeCommand& command) {
  raise_descriptor_limit();
  if (!command.tls) return ServeSession(loop, signals, command, nullptr).run(command.address);
  const auto context = link::server_context(command);
  if (context) return ServeSession(loop, signals, command, &*context).run(command.address);
  streams::Outcome outcome;
  outcome.fail(context.error());
  report::report_early(command.reporting, context.error());
  return outcome;
}

}  // namespace wscope::session
