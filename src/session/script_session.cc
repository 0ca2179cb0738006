#include "session/script_session.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "link/connections.h"
#include "net/error.h"
#include "repl/interpreter.h"
#include "repl/prompts.h"
#include "report/journal.h"
#include "report/reporter.h"
#include "streams/input_source.h"
#include "streams/signal_watch.h"

namespace wscope::session {
namespace {

// What a script that begins with nothing waits for after its last line.
constexpr base::Duration usual_silence = std::chrono::seconds(1);

// What a turn of the loop obeys at most.
constexpr int lines_per_turn = 256;
// After a signal, for the answers to our Closes; after --timeout, for a slow reader of stdout.
constexpr base::Duration patience = std::chrono::seconds(1);
constexpr base::Duration patience_with_output = std::chrono::milliseconds(500);

// The connection that made the script end.
struct Failed {
  link::ConnectionNumber connection = 0;     // none
  std::optional<http::ResponseHead> answer;  // with which it was refused
  std::string body;
};

class ScriptSession final : private streams::SignalOwner,
                            private streams::OutputOwner,
                            private streams::InputOwner,
                            private link::ConnectionsOwner,
                            private repl::InterpreterHost,
                            private net::Pollable {
 public:
  // `script` is open as long as this lives; `name` is what errors call it.
  ScriptSession(link::Loop& loop, net::Signals& signals, ReplStart& start, repl::PlanReader read, int script,
                std::string name)
      : loop_(loop),
        signals_(signals),
        start_(start),
        name_(std::move(name)),
        signal_watch_(loop.poller, signals, *this),
        reporter_(loop.poller, loop.errors, *reporting_of(start_), report::Reporter::Connections::one, *this),
        journal_(loop.poller, reporter_),
        connections_(loop, journal_, *this),
        interpreter_(loop, connections_, journal_, read, *this),
        input_(loop.poller, script, {.whole = true, .name = name_, .hints = false}, *this),
        silence_timer_(loop.poller.add(-1, {}, *this)),
        run_timer_(loop.poller.add(-1, {}, *this)),
        leave_timer_(loop.poller.add(-1, {}, *this)),
        next_turn_(loop.poller.add(-1, {}, *this)) {}
  ~ScriptSession() {
    for (const net::Poller::Id timer : {silence_timer_, run_timer_, leave_timer_, next_turn_}) {
      loop_.poller.remove(timer);
    }
  }
  ScriptSession(const ScriptSession&) = delete;
  ScriptSession& operator=(const ScriptSession&) = delete;

  streams::Outcome run() {
    begin();
    while (!over_) turn();
    if (outcome_.error()) report_error(*outcome_.error());
    while (reporter_.output().waiting() > 0) {
      flush_output();
      if (interrupted_ || reporter_.output().waiting() == 0 || !loop_.poller.run_once()) break;
    }
    return outcome_;
  }

 private:
  void begin() {
    if (auto* client = std::get_if<ConnectCommand>(&start_)) {
      if (client->timeout != base::Duration::zero()) {
        loop_.poller.set_deadline(run_timer_, loop_.poller.now() + client->timeout);
      }
      at_eof_ = client->at_eof;
      silence_ = client->silence;
      connections_.connect(std::move(*client));
    } else if (auto* server = std::get_if<ServeCommand>(&start_)) {
      const auto listening = connections_.listen(*server);
      if (!listening) return fail(listening.error());
      announce(*listening);
      at_eof_ = AtEof::hold;
    }
    read_on();
  }

  void turn() {
    connections_.clean_up();
    flush_output();
    read_on();  // a /wait may be over
    if (script_over() && connections_.empty()) over_ = true;
    if (over_) return;
    if (auto turned = loop_.poller.run_once(); !turned) fail(std::move(turned).error());
  }

  void fail(base::Error error) {
    outcome_.fail(std::move(error));
    over_ = true;
  }

  void report_error(const base::Error& error) {
    std::optional<view::RefusalView> refusal;
    if (failed_.answer) refusal = view::RefusalView{&*failed_.answer, failed_.body};
    reporter_.error(failed_.connection, error, outcome_.status(), refusal);
  }

  // Closes what is open, and ends when that is done.
  void leave(ws::CloseCode code = ws::close_code::normal) {
    if (std::exchange(leaving_, true)) return;
    interpreter_.interrupt();
    connections_.close_all(code);
  }

  // --- the script

  [[nodiscard]] bool script_over() const { return leaving_ || (input_.done() && interpreter_.idle()); }

  void handle_input() override { read_on(); }

  // Line by line: what a line does may decide what becomes of the next one.
  void read_on() {
    for (int left = lines_per_turn; !leaving_; --left) {
      if (left == 0) {
        loop_.poller.set_deadline(next_turn_, loop_.poller.now());
        break;
      }
      interpreter_.run();
      if (!interpreter_.idle() || leaving_) break;
      const streams::InputItem* item = input_.next();
      if (item == nullptr) break;
      interpreter_.add(std::string(base::as_text(item->payload)), name_ + ":" + std::to_string(++line_) + ": ");
    }
    if (input_.error() && !leaving_) {
      outcome_.fail(*input_.error());
      leave(ws::close_code::going_away);
    }
    input_.want(!leaving_ && interpreter_.idle());
    if (script_over() && !leaving_) end_script();
  }

  // The silence begins when the other sides have all that was sent, and we listen.
  void end_script() {
    if (at_eof_ == AtEof::hold || connections_.connecting()) return;
    if (at_eof_ == AtEof::close) return leave();
    const bool may_begin = reporter_.has_room() && !connections_.has_output();
    if (may_begin && !silence_begun_ && silence_ != for_ever) restart_silence();
  }

  void restart_silence() {
    silence_begun_ = true;
    loop_.poller.set_deadline(silence_timer_, loop_.poller.now() + silence_);
  }

  // --- connections

  void handle_open() override { read_on(); }
  void handle_start(link::ConnectionNumber connection, const link::ConnectPlan& plan) override {
    interpreter_.add_first_messages(plan, connection);
  }
  void handle_message(link::ConnectionNumber connection, const ws::Message& message) override {
    if (silence_begun_) restart_silence();
    if (over_ || (interrupted_ && !reporter_.has_room())) return;  // nobody waits for a slow reader any more
    interpreter_.note_received(message);
    journal_.message(connection, message);
    if (!reporter_.has_room()) flush_output();  // a read may hold many messages
  }
  void handle_progress() override { read_on(); }
  void handle_end(link::ConnectionNumber connection, const std::optional<base::Error>& error,
                  const std::optional<view::RefusalView>& refusal) override {
    if (error) {
      if (!outcome_.decided()) note_failed(connection, refusal);
      take_failure(*error);
    }
    journal_.forget(connection);
    read_on();
  }
  void handle_ending(const base::Error& error) override { take_failure(error); }
  // What follows a signal is its consequence.
  void take_failure(const base::Error& error) {
    if (!interrupted_) outcome_.fail(error);
    leave();
  }
  void note_failed(link::ConnectionNumber connection, const std::optional<view::RefusalView>& refusal) {
    failed_.connection = connection;
    if (!refusal) return;
    failed_.answer = *refusal->head;
    failed_.body = refusal->body;
  }
  void handle_client(link::ConnectionNumber connection, bool came) override {
    if (!came) journal_.forget(connection);
    read_on();
  }

  // --- commands

  void say(std::string_view lines) override { loop_.errors.print(lines); }

  void complain(const std::string& place, const base::Error& error) override {
    base::Error shown = error;
    shown.kind = base::ErrorKind::io;
    shown.message.insert(0, place);
    outcome_.fail(std::move(shown));
    leave();
  }

  void announce(const view::ListeningView& listening) override { reporter_.listening(listening); }
  void handle_idle() override { read_on(); }
  void handle_disconnect(link::ConnectionNumber) override {}
  void handle_quit() override {
    outcome_.end(0);
    leave();
  }
  report::ScreenChoices* choices() override { return nullptr; }
  bool shows_frames() override { return reporter_.options().frames; }
  void show_frames(bool shown) override { reporter_.show_frames(shown); }
  void set_typed(bool) override {}

  base::Result<void> needs_terminal() { return repl::not_now("needs a terminal"); }
  base::Result<void> page(std::string_view) override { return needs_terminal(); }
  base::Result<void> edit(std::string_view) override { return needs_terminal(); }
  base::Result<void> set_keymap(term::Keymap) override { return needs_terminal(); }
  base::Result<void> clear_screen() override { return needs_terminal(); }
  base::Result<void> ask_what_is_missing(link::ConnectPlan& plan) override { return ask(plan); }
  base::Result<void> ask_what_is_missing(link::ServePlan& plan) override { return ask(plan); }
  template <typename Plan>
  base::Result<void> ask(Plan& plan) {
    const auto asked = repl::ask_what_is_missing(plan, signals_);
    if (!asked) return asked.error();
    if (!*asked) return {};
    handle_signal(**asked);
    return base::usage_error("interrupted");
  }

  // --- to stdout

  void flush_output() {
    reporter_.flush();
    judge_output();
    connections_.hold(!reporter_.has_room() && !interrupted_);
  }

  void handle_output() override {
    judge_output();
    read_on();
  }

  void judge_output() {
    const int error = reporter_.output().error();
    if (error == 0) return;
    if (error == EPIPE) {
      outcome_.end(0);  // like any filter whose reader has seen enough
    } else {
      outcome_.fail(net::system_error("standard output", error));
    }
    leave(ws::close_code::going_away);
  }

  // --- signals and time

  // The first one is an ordinary end for a server. Whoever is leaving already does not wait any longer.
  void handle_signal(int number) override {
    interrupted_ = true;
    if (leaving_) over_ = true;
    const bool serves = std::holds_alternative<ServeCommand>(start_);
    if (over_ || !serves) outcome_.end(streams::exit_status_of_signal(number));
    leave(ws::close_code::going_away);
    if (!serves) loop_.poller.set_deadline(leave_timer_, loop_.poller.now() + patience);
  }

  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint) override {
    if (id == run_timer_) return time_out();
    if (id == leave_timer_) over_ = true;
    if (id != silence_timer_) return;  // the turn reads on
    silence_begun_ = false;
    if (reporter_.has_room() && !connections_.connecting()) leave();
  }

  void time_out() {
    if (std::exchange(timed_out_, true)) {
      interrupted_ = true;
      return;
    }
    if (over_ && outcome_.status() == 0) outcome_ = streams::Outcome();  // but for what is not printed yet
    fail({base::ErrorKind::timeout, "not over in time (--timeout)"});
    leave(ws::close_code::going_away);
    loop_.poller.set_deadline(run_timer_, loop_.poller.now() + patience_with_output);
  }

  link::Loop& loop_;
  net::Signals& signals_;
  ReplStart& start_;
  std::string name_;
  streams::SignalWatch signal_watch_;
  report::Reporter reporter_;
  report::Journal journal_;
  link::Connections connections_;
  repl::Interpreter interpreter_;
  streams::InputSource input_;
  net::Poller::Id silence_timer_;
  net::Poller::Id run_timer_;
  net::Poller::Id leave_timer_;
  net::Poller::Id next_turn_;
  streams::Outcome outcome_;
  Failed failed_;
  AtEof at_eof_ = AtEof::wait;
  base::Duration silence_ = usual_silence;
  std::uint64_t line_ = 0;
  bool silence_begun_ = false;
  bool interrupted_ = false;
  bool timed_out_ = false;
  bool leaving_ = false;
  bool over_ = false;
};

}  // namespace

streams::Outcome run_script(link::Loop& loop, net::Signals& signals, ReplStart&& start, repl::PlanReader read) {
  const std::string path = interaction_of(start)->commands;
  net::UniqueFd file;
  if (path != "-") {
    // A pipe that nobody writes to is waited for by the loop, which hears of signals.
    file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.valid()) {
      streams::Outcome outcome;
      outcome.fail(net::system_error(path, errno));
      report::report_early(*reporting_of(start), *outcome.error());
      return outcome;
    }
  }
  const int script = file.valid() ? file.get() : STDIN_FILENO;
  const std::string name = file.valid() ? path : "standard input";
  return ScriptSession(loop, signals, start, read, script, name).run();
}

}  // namespace wscope::session
