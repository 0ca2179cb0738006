#include "session/serve_front.h"

#include <optional>
#include <string>

#include <sys/resource.h>

#include "link/broadcast.h"
#include "link/connection_options.h"
#include "link/echo.h"
#include "link/server_setup.h"
#include "report/reporter.h"
#include "serve/www.h"
#include "session/pipe_front.h"
#include "session/stdin_service.h"
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

class ServeFront final : public PipeFront {
 public:
  ~ServeFront() { leave_terminal(); }
  // `tls` and `site`, if there are any, outlive it.
  ServeFront(link::Loop& loop, net::Signals& signals, const ServeCommand& command, const tls::Context* tls,
             link::Site* site)
      : PipeFront(loop.poller, signals, wishes_of(command), command.service == link::ServiceKind::pipe),
        loop_(loop),
        command_(command),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Scope::many),
        echo_(loop, command.limits, command.timeouts),
        tls_(tls),
        server_(loop, options_of(command, tls, site), choose_service(command), &reporter_) {}

 private:
  // An event has all of a message.
  static link::Server::Options options_of(const ServeCommand& command, const tls::Context* tls, link::Site* site) {
    link::Server::Options options = link::server_options(command, tls);
    options.site = site;
    options.whole = options.whole || command.reporting.format == streams::OutputFormat::json ||
                    !command.replies.empty() || !command.selection.empty();
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
    const streams::InputSource::Options input = {.format = command.input.format,
                                                 .type = command.input.type,
                                                 .keeps_line_ends = command.input.keeps_line_ends,
                                                 .escapes = command.input.escapes,
                                                 .whole = true,
                                                 .longest_held = link::longest_held(command.limits),
                                                 .typed = typed()};
    return pipe_.emplace(loop_, command, input, reporter_);
  }

  void begin() override {
    if (typed()) {
      const auto entered = enter_terminal(pipe_->input(), reporter_.output(), loop_.errors);
      if (!entered) return session().gone(0, entered.error(), "", now());
    }
    if (auto listening = server_.listen(command_.address); !listening) {
      return session().gone(0, std::move(listening).error(), "", now());
    }
    session().begun(0, "");
    reporter_.listening(link::describe_listening(server_, command_, tls_));
  }

  void prepare_turn() override {
    flush_output();
    if (server_.has_clients()) session().opened(now());
    if (pipe_) follow_input();
    if (reporter_.output().waiting() > 0) flush_output();
    show_terminal();
    if (server_.finished()) session().gone(0, server_.ending(), "", now());
  }

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
    if (server_.finished()) session().gone(0, server_.ending(), "", now());
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
  const tls::Context* tls_;
  link::Server server_;
};

}  // namespace

streams::Outcome serve(link::Loop& loop, net::Signals& signals, const ServeCommand& command) {
  raise_descriptor_limit();
  const auto fail = [&command](const base::Error& error) {
    streams::Outcome outcome;
    outcome.fail(error);
    report::report_early(command.reporting, error);
    return outcome;
  };
  const auto site = serve::open_site(command.www);
  if (!site) return fail(site.error());
  if (!command.tls) return ServeFront(loop, signals, command, nullptr, site->get()).run();
  const auto context = link::server_context(command);
  if (!context) return fail(context.error());
  if (const auto written = link::write_certificate(command, *context); !written) return fail(written.error());
  return ServeFront(loop, signals, command, &*context, site->get()).run();
}

}  // namespace wscope::session
