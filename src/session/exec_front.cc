#include "session/exec_front.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "link/embedded_echo.h"
#include "link/ending.h"
#include "link/outgoing_connection.h"
#include "net/error.h"
#include "process/request_environment.h"
#include "report/figures.h"
#include "report/reporter.h"
#include "serve/exec_messages.h"
#include "serve/exec_session.h"
#include "session/pipe_front.h"

namespace wscope::session {
namespace {

// A client has one connection at a time.
constexpr link::ConnectionNumber own = 1;

class ExecFront final : public PipeFront,
                        private link::OutgoingConnectionOwner,
                        private serve::ExecSessionOwner,
                        private serve::ExecMessagesOwner {
 public:
  ExecFront(link::Loop& loop, net::Signals& signals, const ConnectCommand& command, process::Launch launch)
      : PipeFront(loop.poller, signals, wishes_of(command), false),
        loop_(loop),
        command_(command),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Scope::one),
        figures_(loop.poller, reporter_),
        counts_(reporter_.verbose() || !command.write_out.empty()),
        launch_(std::move(launch)),
        room_(process::Program::room_size),
        context_{loop, *command.exec, room_, report(), command.limits},
        connection_(loop, command, delivery(), own, report(), *this) {}

  streams::Outcome run_and_tell() {
    streams::Outcome outcome = run();
    outcome.add_words(last_words_);
    return outcome;
  }

 private:
  [[nodiscard]] link::Report& report() noexcept { return counts_ ? static_cast<link::Report&>(figures_) : reporter_; }
  [[nodiscard]] link::Delivery delivery() const noexcept {
    const bool whole = reporter_.json() || command_.exec->format == serve::ExecFormat::json;
    return whole ? link::Delivery::whole : link::Delivery::streamed;
  }

  void begin() override {
    for (const std::string& notice : command_.notices) reporter_.warn(own, notice);
    const auto url = link::url_to_connect(command_, loop_, embedded_);
    if (!url) return session().gone(own, url.error(), "", now());
    session().begun(own, connection_.place_of(*url));
    connection_.start(*url, embedded_.has_value());
  }

  void prepare_turn() override {
    std::erase_if(sessions_, [](const auto& one) { return one->program().over() || one->program().number() == 0; });
    std::erase_if(messages_, [](const auto& one) { return one->over(); });
    if (reporter_.has_room()) {
      for (const auto& one : sessions_) one->resume_errors();
      for (const auto& one : messages_) one->resume_errors();
    }
    flush_output();
    if (ending_signals() > 1) {
      for (const auto& one : sessions_) one->kill();
      for (const auto& one : messages_) one->kill();
    }
    if (ended_ && has_none()) tell_end();
  }

  void obey(const Session::Order& order) override {
    if (order.gives_up) connection_.give_up();
    connection_.close(order.code);
    leave();
    flush_output();
  }

  // We are leaving.
  void leave() {
    for (const auto& one : sessions_) one->leave_with_all(serve::patience_with_all);
    for (const auto& one : messages_) one->leave_with_all(serve::patience_with_all);
  }

  void tell_error(const base::Error& error, int exit_status) override {
    reporter_.error(session().culprit(), error, exit_status, connection_.refusal());
    flush_output();
  }

  bool print_rest() override {
    if (std::exchange(counts_, false)) tell_figures();
    flush_output();
    return reporter_.output().queue().empty();
  }

  void tell_figures() {
    if (figures_.times().open) reporter_.note(own, figures_.summary());
    const streams::Outcome& outcome = session().outcome();
    const report::WriteOut::Text text = command_.write_out.fill_in(
        {figures_, connection_.url().text(), outcome.status(), outcome.error() ? outcome.error()->message : ""});
    last_words_ = text.for_stderr;
    static_cast<void>(reporter_.output().queue().append(base::as_bytes(text.for_stdout)));
  }

  void flush_output() {
    streams::OutputQueue& output = reporter_.output();
    output.flush();
    if (output.error() != 0) session().output_failed(output.error(), now());
    session().set_output_full(!reporter_.has_room(), now());
    if (link::Link* link = connection_.link()) {
      link->pause(link::Link::Wait::for_printing, !session().in_a_hurry() && !reporter_.has_room());
    }
  }

  // What they have said last is to be told, too.
  [[nodiscard]] bool is_kept() const noexcept override { return !has_none(); }
  [[nodiscard]] bool has_none() const noexcept { return sessions_.empty() && messages_.empty(); }

  // --- the connection

  void handle_open(const view::OpenView& open) override {
    note_open();
    view::OpenView told = open;
    const std::string target = connection_.url().target;
    told.target = target;
    if (current_ != nullptr) current_->handle_open(told);
  }

  void handle_control(const ws::Event& event) override {
    if (current_ != nullptr) current_->handle_control(event);
  }

  void handle_message(const ws::Message& message) override {
    note_open();
    if (reporter_.json()) reporter_.print(own, message);
    if (counts_) figures_.count(message);
    if (current_ != nullptr) current_->handle_message(message);
    if (current_messages_ != nullptr) current_messages_->handle_message(message);
    if (!reporter_.has_room()) flush_output();
  }

  void handle_progress() override {
    note_open();
    if (connection_.failure()) session().failed(own, *connection_.failure());
    if (current_ != nullptr) current_->handle_progress();
    if (current_messages_ != nullptr) current_messages_->handle_progress();
  }

  void note_open() {
    if (opened_ || !connection_.is_open()) return;
    opened_ = true;
    session().opened(now());
    start();
  }

  void start() {
    process::Launch launch = launch_;
    process::add_connection(own, connection_.url().text(), connection_.link()->connection().subprotocol(),
                            launch.environment);
    if (command_.exec->mode == serve::ExecMode::message) return begin_messages(std::move(launch));
    std::string what;
    sessions_.push_back(
        std::make_unique<serve::ExecSession>(context_, own, static_cast<serve::ExecSessionOwner&>(*this)));
    serve::ExecSession& session = *sessions_.back();
    if (const int error = session.start(launch, what); error != 0) {
      program_failure_ = net::system_error(what, error);
      return connection_.close(ws::close_code::internal_error);
    }
    current_ = &session;
    session.attach(*connection_.link());
  }

  void begin_messages(process::Launch launch) {
    messages_.push_back(std::make_unique<serve::ExecMessages>(context_, own, std::move(launch),
                                                              static_cast<serve::ExecMessagesOwner&>(*this)));
    current_messages_ = messages_.back().get();
    current_messages_->attach(*connection_.link());
  }

  void handle_restart() override {
    part();
    opened_ = false;
    session().restarted();
  }

  void handle_end() override {
    look_at_signals();  // one that has come is what counts, and may be why
    flush_output();
    ended_ = true;
    part();
    const peer::Peer* peer = connection_.peer();
    closed_ = peer != nullptr ? link::describe_begun_close(peer->connection().closing()) : "";
    error_ = connection_.failure() ? connection_.failure() : connection_.judge();
    if (has_none()) tell_end();
  }

  void part() {
    const peer::Peer* peer = connection_.peer();
    const bool lost = peer != nullptr && !peer->socket_error().empty();
    if (auto* session = std::exchange(current_, nullptr)) session->detach(lost);
    if (auto* messages = std::exchange(current_messages_, nullptr)) messages->detach(lost);
  }

  // What became of the connection comes first.
  void tell_end() { session().gone(own, error_ ? error_ : program_failure_, closed_, now()); }

  // --- programs

  void look_at_programs() override {
    for (const auto& one : sessions_) one->look();
    for (const auto& one : messages_) one->look();
  }

  // One at a time, as there is one connection.
  bool take_place(serve::ExecMessages&) override { return true; }
  void give_place_back(serve::ExecMessages&) override {}
  void handle_over(serve::ExecMessages& messages) override {
    if (messages.failure()) note_failure(*messages.failure());
    turn_soon();
  }

  void handle_first_output(serve::ExecSession&) override {}
  void handle_errors_wait() override {}

  // Who was killed because nobody was there any more has not failed.
  void handle_over(serve::ExecSession& session) override {
    const process::Status status = session.program().status();
    const bool failed = status.code != 0 || (status.signal != 0 && !session.was_left());
    if (failed) {
      note_failure(status);
    }
    if (current_ == &session) current_ = nullptr;
    turn_soon();
  }

  void note_failure(const process::Status& status) {
    program_failure_ = {base::ErrorKind::io, command_.exec->arguments.front() + ": " + status.text()};
  }

  link::Loop& loop_;
  const ConnectCommand& command_;
  report::Reporter reporter_;
  report::Figures figures_;
  bool counts_;  // they are wanted
  std::string last_words_;
  process::Launch launch_;
  std::vector<std::byte> room_;
  serve::ExecSession::Context context_;
  std::vector<std::unique_ptr<serve::ExecSession>> sessions_;   // also of connections that are over
  std::vector<std::unique_ptr<serve::ExecMessages>> messages_;  // in their place, of ExecMode::message
  serve::ExecSession* current_ = nullptr;
  serve::ExecMessages* current_messages_ = nullptr;
  std::optional<link::EmbeddedEcho> embedded_;
  link::OutgoingConnection connection_;
  std::optional<base::Error> program_failure_;
  std::optional<base::Error> error_;  // of the connection's end
  std::string closed_;
  bool opened_ = false;
  bool ended_ = false;
};

}  // namespace

streams::Outcome connect_and_exec(link::Loop& loop, net::Signals& signals, const ConnectCommand& command) {
  auto launch = serve::find_launch(*command.exec);
  if (launch) return ExecFront(loop, signals, command, std::move(launch).value()).run_and_tell();
  streams::Outcome outcome;
  report::report_early(command.reporting, launch.error());
  outcome.fail(std::move(launch).error());
  return outcome;
}

}  // namespace wscope::session
