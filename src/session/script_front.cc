#include "session/script_front.h"

#include <cerrno>
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
#include "serve/www.h"
#include "session/front.h"
#include "streams/input_source.h"

namespace wscope::session {
namespace {

// What a turn of the loop obeys at most.
constexpr int lines_per_turn = 256;

// With which the connection that made the script end was refused.
struct Refusal {
  http::ResponseHead head;
  std::string body;
};

Wishes wishes_of(const ReplStart& start) {
  if (const auto* client = std::get_if<ConnectCommand>(&start)) return wishes_of(*client);
  if (const auto* server = std::get_if<ServeCommand>(&start)) return wishes_of(*server);
  return {};
}

class ScriptFront final : public Front, private link::ConnectionsOwner, private repl::InterpreterHost {
 public:
  // `script` is open as long as this lives; `name` is what errors call it.
  ScriptFront(link::Loop& loop, net::Signals& signals, ReplStart& start, repl::PlanReader read, int script,
              std::string name)
      : Front(loop.poller, &signals, wishes_of(start)),
        loop_(loop),
        signals_(signals),
        start_(start),
        name_(std::move(name)),
        reporter_(loop.poller, loop.errors, *reporting_of(start_), report::Reporter::Scope::one),
        journal_(loop.poller, reporter_),
        connections_(loop, journal_, *this),
        interpreter_(loop, connections_, journal_, read, *this),
        input_(loop.poller, script, {.whole = true, .name = name_, .hints = false}) {}

 private:
  void begin() override {
    if (auto* client = std::get_if<ConnectCommand>(&start_)) {
      const link::ConnectionNumber first = interpreter_.connect(std::move(*client));
      return session().begun(first, connections_.place(first));
    }
    session().begun(0, "");
    session().opened(now());
    if (auto* server = std::get_if<ServeCommand>(&start_)) {
      auto site = serve::open_site(server->www);
      if (!site) return session().gone(0, site.error(), "", now());
      const auto listening = connections_.listen(*server, std::move(site).value());
      if (!listening) return session().gone(0, listening.error(), "", now());
      announce(*listening);
    }
  }

  void prepare_turn() override {
    connections_.clean_up();
    flush_output();
    read_on();
    if (reporter_.output().waiting() > 0) flush_output();
    if (script_over() && connections_.empty()) session().gone(0, std::nullopt, "", now());
  }

  void obey(const Session::Order& order) override {
    interpreter_.interrupt();
    const bool is_over = session().reason() == Reason::time_is_over;
    connections_.close_all(order.code, is_over ? order.code : ws::close_code::going_away);
  }

  void tell_error(const base::Error& error, int exit_status) override {
    std::optional<view::RefusalView> refusal;
    if (refusal_) refusal = view::RefusalView{&refusal_->head, refusal_->body};
    if (error.kind == base::ErrorKind::expectation && !std::exchange(told_expected_, true)) {
      reporter_.expected(session().culprit(), {session().asked(), now() - asked_since_, error.message});
    }
    reporter_.error(session().culprit(), error, exit_status, refusal);
    flush_output();
  }

  bool print_rest() override { return reporter_.output().waiting() == 0; }

  // --- the script

  [[nodiscard]] bool script_over() const { return session().leaving() || (input_.done() && interpreter_.idle()); }

  // Line by line: what a line does may decide what becomes of the next one.
  void read_on() {
    for (int left = lines_per_turn; !session().leaving(); --left) {
      if (left == 0) {
        turn_soon();
        break;
      }
      interpreter_.run();
      if (!interpreter_.idle() || session().leaving()) break;
      const streams::InputItem* item = input_.next();
      if (item == nullptr) break;
      interpreter_.add(std::string(base::as_text(std::get<ws::Piece>(item->instruction).payload)),
                       name_ + ":" + std::to_string(++line_) + ": ");
    }
    if (input_.error()) session().input_failed(0, *input_.error(), now());
    input_.want(!session().leaving() && interpreter_.idle());
    if (script_over() && !connections_.connecting()) end_script();
  }

  // The silence begins when the other sides have all that was sent, and we listen.
  void end_script() {
    session().input_ended(now());
    if (!connections_.has_output()) session().written(now());
  }

  // --- connections

  void handle_open() override {
    session().opened(now());
    interpreter_.handle_open();
  }
  void handle_start(link::ConnectionNumber connection, const link::ConnectPlan& plan) override {
    interpreter_.add_first_messages(plan, connection);
  }
  void handle_message(link::ConnectionNumber connection, const ws::Message& message) override {
    if (session().listens_for_silence()) session().heard(now());
    if (!session().wants_messages() || (session().in_a_hurry() && !reporter_.has_room())) return;
    journal_.report(connection, link::Received{message});
    interpreter_.receive(connection, message);
    if (!reporter_.has_room()) flush_output();  // a read may hold many messages
  }
  void handle_progress() override {
    interpreter_.let_answers_go();
    if (session().listens_for_silence() && connections_.more_has_come()) session().heard(now());
  }
  void handle_end(link::ConnectionNumber connection, const std::optional<base::Error>& error,
                  const std::optional<view::RefusalView>& refusal) override {
    if (error && !session().outcome().decided() && refusal)
      refusal_ = Refusal{*refusal->head, std::string(refusal->body)};
    if (error) fail(connection, *error);
    journal_.forget(connection);
  }
  void handle_ending(const base::Error& error) override { fail(0, error); }
  // Whatever goes wrong ends the script, and all that it has.
  void fail(link::ConnectionNumber connection, const base::Error& error) {
    session().failed(connection, error);
    obey({ws::close_code::normal});
  }
  void handle_client(link::ConnectionNumber connection, bool came) override {
    if (came) return interpreter_.handle_open();
    journal_.forget(connection);
  }

  // --- commands

  void say(std::string_view lines) override { loop_.errors.print(lines); }

  void complain(const std::string& place, const base::Error& error) override {
    base::Error shown = error;
    if (shown.kind != base::ErrorKind::expectation) shown.kind = base::ErrorKind::io;
    shown.message.insert(0, place);
    session().input_failed(0, std::move(shown), now());
  }

  void announce(const view::ListeningView& listening) override { reporter_.listening(listening); }
  void handle_disconnect(link::ConnectionNumber) override {}
  void handle_quit() override { session().script_quits(now()); }

  void replying(link::ConnectionNumber connection, std::size_t rule) override { reporter_.replying(connection, rule); }
  void captured(const std::string& name, const talk::Value& value) override { reporter_.captured(name, value); }
  // What is missing is named if anything else ends it, too.
  void expects(const std::string& what) override {
    if (what.empty()) return session().expects_nothing();
    asked_since_ = now();
    session().expects({"expected " + what, what}, std::nullopt);
  }
  void handle_expected(link::ConnectionNumber connection, const view::ExpectView& expected,
                       std::uint64_t entry) override {
    told_expected_ = expected.why.has_value();
    if (!told_expected_ && reporter_.options().verbosity != report::Verbosity::quiet) {
      say(repl::describe_met(expected, entry));
    }
    reporter_.expected(connection, expected);
  }

  report::ScreenChoices* choices() override { return nullptr; }
  bool shows_frames() override { return reporter_.options().frames; }
  void show_frames(bool shown) override { reporter_.show_frames(shown); }
  void set_typed(bool) override {}

  base::Result<void> needs_terminal() { return repl::not_now("needs a terminal"); }
  std::optional<term::ScreenSize> screen() const override { return std::nullopt; }
  base::Result<void> copy(std::string_view) override { return needs_terminal(); }
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
    session().signalled(**asked, now());
    return base::usage_error("interrupted");
  }

  // --- to stdout

  void flush_output() {
    reporter_.flush();
    const int error = reporter_.output().error();
    if (error != 0) session().output_failed(error, now());
    session().set_output_full(!reporter_.has_room(), now());
    connections_.hold(!reporter_.has_room() && !session().in_a_hurry());
  }

  link::Loop& loop_;
  net::Signals& signals_;
  ReplStart& start_;
  std::string name_;
  report::Reporter reporter_;
  report::Journal journal_;
  link::Connections connections_;
  repl::Interpreter interpreter_;
  streams::InputSource input_;
  std::optional<Refusal> refusal_;
  std::uint64_t line_ = 0;
  base::TimePoint asked_since_{};  // what is expected
  bool told_expected_ = false;     // that it has not come
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
  return ScriptFront(loop, signals, start, read, script, name).run();
}

}  // namespace wscope::session
