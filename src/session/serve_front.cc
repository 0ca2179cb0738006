#include "session/serve_front.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/resource.h>

#include "link/broadcast.h"
#include "link/connection_options.h"
#include "link/echo.h"
#include "link/server_setup.h"
#include "report/reporter.h"
#include "serve/exec_message_service.h"
#include "serve/exec_service.h"
#include "serve/exec_shared_service.h"
#include "serve/relay.h"
#include "serve/www.h"
#include "session/pipe_front.h"
#include "session/stdin_service.h"
#include "tls/context.h"

namespace wscope::session {
namespace {

class ServeFront final : public PipeFront {
 public:
  ~ServeFront() { leave_terminal(); }
  // What there is besides the command, of which all but the launch outlives it.
  struct Means {
    const tls::Context* tls = nullptr;
    link::Site* site = nullptr;
    std::optional<process::Launch> launch{};  ///< of its programs
  };
  ServeFront(link::Loop& loop, net::Signals& signals, const ServeCommand& command, Means means)
      : PipeFront(loop.poller, signals, wishes_of(command), command.service == link::ServiceKind::pipe),
        loop_(loop),
        command_(command),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Scope::many),
        echo_(loop, command.limits, command.timeouts),
        means_(std::move(means)),
        server_(loop, options_of(command, means_), choose_service(command), &reporter_) {}

 private:
  // An event has all of a message.
  static link::Server::Options options_of(const ServeCommand& command, const Means& means) {
    link::Server::Options options = link::server_options(command, means.tls);
    options.site = means.site;
    const bool tells = command.reporting.format == streams::OutputFormat::json && !command.relay;
    options.whole = options.whole || tells || !command.replies.empty() || !command.selection.empty() ||
                    (command.exec && command.exec->format == serve::ExecFormat::json);
    return options;
  }

  link::Service& choose_service(const ServeCommand& command) {
    switch (command.service) {
      case link::ServiceKind::echo:
        return echo_;
      case link::ServiceKind::broadcast:
        return broadcast_;
      case link::ServiceKind::exec:
        return choose_programs(command);
      case link::ServiceKind::relay:
        return relay_.emplace(loop_, *command.relay, command.timeouts, reporter_.json());
      case link::ServiceKind::pipe:
        break;
    }
    const streams::InputSource::Options input = {.format = command.input.format,
                                                 .type = command.input.type,
                                                 .keeps_line_ends = command.input.keeps_line_ends,
                                                 .escapes = command.input.escapes,
                                                 .whole = true,
                                                 .longest_held = link::longest_held(command.limits),
                                                 .typed = typed()};
    return pipe_.emplace(loop_, command, input, reporter_);
  }

  link::Service& choose_programs(const ServeCommand& command) {
    serve::ExecOptions options = exec_options(command);
    const serve::ExecPlan& plan = *command.exec;
    switch (plan.mode) {
      case serve::ExecMode::message:
        exec_ = std::make_unique<serve::ExecMessageService>(loop_, plan, std::move(options), reporter_);
        break;
      case serve::ExecMode::shared:
        exec_ = std::make_unique<serve::ExecSharedService>(loop_, plan, std::move(options), reporter_);
        break;
      case serve::ExecMode::client:
        exec_ = std::make_unique<serve::ExecService>(loop_, plan, std::move(options), reporter_);
        break;
    }
    return *exec_;
  }

  serve::ExecOptions exec_options(const ServeCommand& command) {
    return {.launch = std::move(*means_.launch),
            .checks_credentials = command.admission.credentials.has_value(),
            .checks_certificates = command.tls && !command.tls->client_ca.empty(),
            .secure = command.tls.has_value(),
            .limits = command.limits,
            .subprotocols = command.admission.subprotocols};
  }

  void begin() override {
    if (typed()) {
      const auto entered = enter_terminal(pipe_->input(), reporter_.output(), loop_.errors);
      if (!entered) return session().gone(0, entered.error(), "", now());
    }
    if (auto ready = relay_ ? relay_->load() : base::Result<void>(); !ready) {
      return session().gone(0, std::move(ready).error(), "", now());
    }
    if (auto listening = server_.listen(command_.address); !listening) {
      return session().gone(0, std::move(listening).error(), "", now());
    }
    if (auto started = exec_ ? exec_->start() : base::Result<void>(); !started) {
      return session().gone(0, std::move(started).error(), "", now());
    }
    session().begun(0, "");
    reporter_.listening(link::describe_listening(server_, command_, means_.tls));
    for (const auto& other : link::describe_others(server_, command_, means_.tls)) reporter_.listening(other);
  }

  void prepare_turn() override {
    flush_output();
    if (server_.has_clients()) session().opened(now());
    if (pipe_) follow_input();
    if (exec_) follow_programs();
    if (reporter_.output().waiting() > 0) flush_output();
    show_terminal();
    if (finished()) session().gone(0, ending(), "", now());
  }

  [[nodiscard]] std::optional<base::Error> ending() const {
    const auto failure = exec_ ? exec_->failure() : std::nullopt;
    return failure ? failure : server_.ending();
  }

  // What has come from clients that have gone is to be handed on yet.
  [[nodiscard]] bool finished() const { return server_.finished() && (!relay_ || relay_->idle()); }

  // Who ends does so with all programs, which have a limit then.
  void follow_programs() {
    exec_->resume();
    if (server_.finished() && !std::exchange(left_, true)) exec_->leave();
    if (ending_signals() > 1) exec_->kill();
  }

  void look_at_programs() override {
    if (exec_) exec_->look_at_programs();
  }

  [[nodiscard]] bool is_kept() const noexcept override { return exec_ && exec_->has_programs(); }

  void follow_input() {
    const auto more_at = session().leaving() ? std::nullopt : pipe_->send_input();
    if (more_at) turn_by(*more_at);
    if (pipe_->error()) session().input_failed(0, *pipe_->error(), now());
    if (pipe_->take_heard()) session().heard(now());
    if (!pipe_->all_sent()) return;
    session().input_ended(now());
    if (pipe_->all_written()) session().written(now());
  }

  void obey(const Session::Order& order) override {
    const bool said_nothing = pipe_ && !pipe_->has_sent() && !command_.at_eof;
    if (session().reason() == Reason::silence && said_nothing) {
      reporter_.warn(0, "standard input had no message, and the client was silent: --eof hold stays");
    }
    server_.hold(false);
    server_.shut_down(order.code);
    if (exec_ && !std::exchange(left_, true)) exec_->leave();
    if (finished()) session().gone(0, ending(), "", now());
  }

  void tell_error(const base::Error& error, int exit_status) override {
    reporter_.error(session().culprit(), error, exit_status);
  }

  bool print_rest() override {
    reporter_.output().flush();
    return reporter_.output().queue().empty();
  }

  void flush_output() {
    reporter_.output().flush();
    const int error = reporter_.output().error();
    if (error != 0) session().output_failed(error, now());
    session().set_output_full(!reporter_.has_room(), now());
    if (reporter_.has_room()) server_.hold(false);
  }

  link::Loop& loop_;
  const ServeCommand& command_;
  report::Reporter reporter_;
  link::Echo echo_;
  link::Broadcast broadcast_;
  std::optional<StdinService> pipe_;
  Means means_;
  std::unique_ptr<serve::ProgramService> exec_;
  std::optional<serve::Relay> relay_;
  bool left_ = false;  // the programs know of it
  link::Server server_;
};

streams::Outcome fail_early(const ServeCommand& command, const base::Error& error) {
  streams::Outcome outcome;
  outcome.fail(error);
  report::report_early(command.reporting, error);
  return outcome;
}

}  // namespace

std::optional<rlimit> raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  const rlimit before = limit;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  return before;
}

streams::Outcome serve(link::Loop& loop, net::Signals& signals, const ServeCommand& command) {
  const auto descriptors = raise_descriptor_limit();
  ServeFront::Means means;
  if (command.exec) {
    auto found = serve::find_launch(*command.exec);
    if (!found) return fail_early(command, found.error());
    means.launch = std::move(found).value();
    means.launch->descriptor_limit = descriptors;
  }
  const auto site = serve::open_site(command.www);
  if (!site) return fail_early(command, site.error());
  means.site = site->get();
  if (!command.tls) return ServeFront(loop, signals, command, std::move(means)).run();
  const auto context = link::server_context(command);
  if (!context) return fail_early(command, context.error());
  if (const auto written = link::write_certificate(command, *context); !written) {
    return fail_early(command, written.error());
  }
  means.tls = &*context;
  return ServeFront(loop, signals, command, std::move(means)).run();
}

}  // namespace wscope::session
