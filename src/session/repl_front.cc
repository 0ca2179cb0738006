#include "session/repl_front.h"

#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "link/connections.h"
#include "link/refusal.h"
#include "repl/foreground_program.h"
#include "repl/interpreter.h"
#include "repl/prompts.h"
#include "repl/repl_completion.h"
#include "repl/secrets.h"
#include "report/journal.h"
#include "report/listening_lines.h"
#include "report/screen_reporter.h"
#include "serve/www.h"
#include "session/front.h"
#include "session/prompt.h"
#include "streams/console.h"
#include "term/history.h"
#include "view/escape.h"

namespace wscope::session {
namespace {

// A person ends it, or the one connection that it was begun with.
Wishes wishes_of(const ReplStart& start) {
  Wishes wishes;
  if (const auto* client = std::get_if<ConnectCommand>(&start)) wishes.timeout = client->timeout;
  wishes.at_eof = AtEof::hold;
  wishes.serves = std::holds_alternative<ServeCommand>(start);
  return wishes;
}

// -b holds for what is typed, too.
ws::Opcode type_of_lines(const ReplStart& start) noexcept {
  streams::MessageType type = streams::MessageType::text;
  if (const auto* client = std::get_if<ConnectCommand>(&start)) type = client->input.type;
  if (const auto* server = std::get_if<ServeCommand>(&start)) type = server->input.type;
  return type == streams::MessageType::binary ? ws::Opcode::binary : ws::Opcode::text;
}

class ReplFront final : public Front,
                        private streams::ConsoleOwner,
                        private link::ConnectionsOwner,
                        private repl::InterpreterHost {
 public:
  ReplFront(link::Loop& loop, net::Signals& signals, ReplStart& start, const repl::CommandLine& command_line,
            term::Terminal terminal)
      : Front(loop.poller, &signals, wishes_of(start)),
        signals_(signals),
        interaction_(*interaction_of(start)),
        reporting_(*reporting_of(start)),
        start_(start),
        command_line_(command_line),
        console_(loop.poller, std::move(terminal), history_, *this),
        screen_(console_, view::Style(view::wants_color(interaction_.color, true)),
                reporting_.verbosity == report::Verbosity::verbose, reporting_.dump_size),
        journal_(loop.poller, screen_),
        connections_(loop, journal_, *this),
        interpreter_(loop, connections_, journal_, command_line.read, *this),
        program_(console_.output()) {
    if (::isatty(STDOUT_FILENO) == 0) {
      screen_.print_payloads_to(output_.emplace(loop.poller, STDOUT_FILENO), reporting_.timestamps);
    }
  }

  /// On the terminal, which it gives back.
  streams::Outcome run_on_terminal() {
    streams::Outcome outcome;
    if (auto entered = console_.enter(); !entered) {
      outcome.fail(std::move(entered).error());
      return outcome;
    }
    if (interaction_.history) open_history();
    report::ScreenChoices& shown = screen_.choices();
    shown.control = interaction_.shows_control;
    shown.json = interaction_.pretty_json;
    shown.frames = reporting_.frames;
    shown.timestamps = reporting_.timestamps;
    screen_.ask_whether_several([this] { return connections_.several(); });
    outcome = run();
    console_.leave();
    if (!told_ || session().reason() != Reason::peer_failed) return outcome;
    streams::Outcome without_words;
    without_words.end(outcome.status());
    return without_words;
  }

 private:
  void open_history() {
    const std::string path = term::history_path();
    if (path.empty()) return;
    if (const auto opened = history_.open(path); !opened) screen_.warn(0, "history: " + opened.error().message);
  }

  void begin() override {
    interpreter_.send_lines_as(type_of_lines(start_));
    if (auto* client = std::get_if<ConnectCommand>(&start_)) return begin(*client);
    session().begun(0, "");
    session().opened(now());
    if (auto* server = std::get_if<ServeCommand>(&start_)) return begin(*server);
    screen_.say(view::Meaning::notice, "/connect URL or /listen PORT; /help lists the commands");
  }

  void begin(ConnectCommand& command) {
    first_ = 1;  // it may be over before this returns
    interpreter_.connect(std::move(command));
    session().begun(first_, connections_.place(first_));
  }

  void begin(const ServeCommand& command) {
    auto site = serve::open_site(command.www);
    if (!site) return session().gone(0, site.error(), "", now());
    const auto listening = connections_.listen(command, std::move(site).value());
    if (listening) return announce(*listening);
    session().gone(0, listening.error(), "", now());
  }

  // A program is not left behind on a terminal that the shell takes back, unless the person insists.
  [[nodiscard]] bool is_kept() const noexcept override { return program_.running() && !insists_; }

  void prepare_turn() override {
    if (console_.lost() && !session().leaving()) handle_end_of_input();
    connections_.clean_up();
    if (!interpreter_.obeys_script()) connections_.forget_use();
    if (ended_ && !obeys()) end_after_script();
    if (session().leaving() && connections_.empty()) session().gone(0, std::nullopt, "", now());
    if (session().over()) return;
    update_screen();
    flush_output();
  }

  void flush_output() {
    screen_.flush();
    if (output_ && output_->error() != 0) session().output_failed(output_->error(), now());
    session().set_output_full(output_ && output_->full(), now());
    connections_.hold(!screen_.has_room() && !session().in_a_hurry());
  }

  // Lines that are still to come may go on with another connection.
  [[nodiscard]] bool obeys() const noexcept { return interpreter_.obeys_script() || interpreter_.waits(); }

  void end_after_script() {
    const Ended ended = *std::exchange(ended_, std::nullopt);
    if (connections_.empty()) session().gone(ended.connection, ended.error, "", now());
  }

  void obey(const Session::Order& order) override {
    interpreter_.interrupt();
    connections_.close_all(order.code);
  }

  // The screen is flushed in each turn, and its rest when it is left; errors stand behind it.
  bool print_rest() override {
    if (output_) output_->flush();
    return !output_ || output_->waiting() == 0;
  }
  void tell_error(const base::Error&, int) override {}

  void update_screen() {
    const Prompt prompt = make_prompt(session(), connections_, interpreter_.expects(), now());
    if (prompt.changes_at) turn_by(*prompt.changes_at);
    console_.set_prompt(screen_.style()(view::Meaning::prompt, prompt.text));
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
    journal_.report(connection, link::Received{message});
    interpreter_.receive(connection, message);
  }

  void handle_progress() override { interpreter_.run(); }

  void handle_end(link::ConnectionNumber connection, const std::optional<base::Error>& error,
                  const std::optional<view::RefusalView>& refusal) override {
    const bool may_be_last =
        connection == first_ && connections_.empty() && !stays_ && !connections_.comes_back(connection);
    const bool last = may_be_last && !obeys();
    if (refusal && reporting_.verbosity == report::Verbosity::verbose && !refusal->body.empty()) {
      screen_.say(view::Meaning::dimmed, view::escape(link::beginning_of_body(refusal->body), view::LineBreaks::keep));
    }
    const bool shown = screen_.take_told(connection);
    if (error && may_be_last) told_ = told_ || shown;
    const bool told =
        shown || (error && (error->kind == base::ErrorKind::closed || error->kind == base::ErrorKind::protocol));
    if (error && !last && !told) screen_.complain(*error);
    if (may_be_last && !last) {
      ended_ = Ended{connection, error};
      told_ = true;
    }
    if (last) session().gone(connection, error, "", now());
    journal_.forget(connection);
    interpreter_.run();
  }

  void handle_client(link::ConnectionNumber connection, bool came) override {
    if (came) return interpreter_.handle_open();
    static_cast<void>(screen_.take_told(connection));
    journal_.forget(connection);
    interpreter_.run();
  }

  // The screen has told it, and the session goes on.
  void handle_ending(const base::Error&) override {}

  // --- the person

  void handle_keys_waiting() override { look_at_signals(); }

  void handle_line(std::string line) override {
    const std::string expanded = interpreter_.expanded(line);
    auto error = why_nowhere(expanded);
    if (!error) error = interpreter_.find_unknown_name(expanded);
    if (error) {
      console_.set_text(line);
      return screen_.complain(*error);
    }
    interpreter_.add(std::move(line));
    interpreter_.run();
    if (!session().over()) update_screen();  // for the next line, which may have been typed already
  }

  // A line that nobody would get stays in the editor.
  [[nodiscard]] std::optional<base::Error> why_nowhere(std::string_view line) const {
    if (session().leaving()) return repl::not_now("this is the end; Ctrl-C again ends at once");
    if (!repl::Sender::sends(line) || line.empty()) return std::nullopt;
    const link::Use use = connections_.use();
    if (use.kind == link::Use::Kind::none && connections_.gone() && !connections_.empty()) {
      base::Error error = repl::not_now(fmt::format("connection {} is gone", *connections_.gone()));
      error.hint = "/use N";
      return error;
    }
    if (use.kind == link::Use::Kind::one && is_closing(connections_, use.connection)) {
      return repl::not_now(fmt::format("connection {} is closing", use.connection));
    }
    return std::nullopt;
  }

  // Of a terminal that has hung up there may be a signal, too.
  void handle_end_of_input() override {
    if (::isatty(STDIN_FILENO) == 0) return session().signalled(SIGHUP, now());
    session().quit(now());
  }

  term::Completions complete(std::string_view text) override {
    repl::CompletionSources sources{command_line_, history_, {}, {}};
    for (const link::Connections::Row& row : connections_.rows()) {
      sources.connections.push_back(std::to_string(row.connection));
    }
    for (const std::uint16_t port : connections_.ports()) sources.ports.push_back(std::to_string(port));
    return repl::complete_line(text, sources);
  }

  [[nodiscard]] bool is_secret(std::string_view line) const override { return repl::is_secret(line, command_line_); }

  void handle_edit(std::string text) override {
    if (auto edited = edit(text); !edited) screen_.complain(edited.error());
  }

  // --- commands

  void say(std::string_view lines) override { screen_.say(view::Meaning::sent, lines); }

  void complain(const std::string& place, const base::Error& error) override {
    base::Error shown = error;
    shown.message.insert(0, place);
    screen_.complain(shown);
  }

  void announce(const view::ListeningView& listening) override {
    screen_.say(view::Meaning::notice, report::listening_lines(listening));
  }

  void handle_quit() override { session().quit(now()); }
  void handle_disconnect(link::ConnectionNumber connection) override { stays_ = stays_ || connection == first_; }
  void replying(link::ConnectionNumber, std::size_t) override {}
  void captured(const std::string&, const talk::Value&) override {}
  void expects(const std::string&) override {}
  void handle_expected(link::ConnectionNumber, const view::ExpectView& expected, std::uint64_t entry) override {
    if (!expected.why) screen_.say(view::Meaning::dimmed, repl::describe_met(expected, entry));
  }
  report::ScreenChoices* choices() override { return &screen_.choices(); }
  bool shows_frames() override { return screen_.choices().frames; }
  void show_frames(bool shown) override { screen_.choices().frames = shown; }
  void set_typed(bool typed) override { screen_.set_shows_sent(!typed); }

  [[nodiscard]] bool busy() const noexcept override { return program_.running(); }
  std::optional<term::ScreenSize> screen() const override { return console_.size(); }
  base::Result<void> copy(std::string_view text) override {
    console_.copy(text);
    return {};
  }
  base::Result<void> page(std::string_view content) override {
    edited_.reset();
    return run_program(repl::pager_command(), content);
  }
  base::Result<void> edit(std::string_view content) override {
    edited_ = content;
    auto started = run_program(repl::editor_command(), content);
    if (!started) console_.set_text(content);
    return started;
  }

  base::Result<void> run_program(const std::string& command, std::string_view content) {
    console_.lend();
    auto started = program_.start(command, content);
    if (started) return started;
    program_.remove_file();
    console_.take_back();
    return started;
  }

  base::Result<void> set_keymap(term::Keymap keymap) override {
    console_.set_keymap(keymap);
    return {};
  }
  base::Result<void> clear_screen() override {
    console_.clear_screen();
    return {};
  }

  base::Result<void> ask_what_is_missing(link::ConnectPlan& plan) override {
    return plan.asks_password_of || plan.asks_passphrase ? ask(plan) : base::Result<void>();
  }
  base::Result<void> ask_what_is_missing(link::ServePlan& plan) override {
    return plan.tls && plan.asks_passphrase ? ask(plan) : base::Result<void>();
  }
  template <typename Plan>
  base::Result<void> ask(Plan& plan) {
    console_.lend();
    const auto asked = repl::ask_what_is_missing(plan, signals_);
    console_.take_back();
    if (!asked) return asked.error();
    if (!*asked) return {};
    if (**asked != SIGINT) terminate(**asked);
    return repl::not_now("interrupted");
  }

  // --- signals and time

  void handle_signal(int number) override {
    switch (number) {
      case SIGINT:
        return interrupt();
      case SIGTSTP:
        if (program_.running()) {
          static_cast<void>(::raise(SIGSTOP));
        } else {
          console_.suspend([this] {
            look_at_signals();
            return !session().leaving();
          });
        }
        return;
      case SIGWINCH:
        return console_.resize();
      case SIGCHLD:
        return end_program();
      default:
        return terminate(number);
    }
  }

  void interrupt() {
    if (program_.running()) return;  // that is the program's
    if (session().leaving()) return session().signalled(SIGINT, now());
    if (interpreter_.expects()) return interpreter_.give_up();  // what is typed meanwhile stays
    const bool waited = !interpreter_.idle();
    interpreter_.interrupt();
    const bool typed = console_.interrupt();
    if (!typed && !waited) session().quit(now());
  }

  // The program in the foreground is to end, too.
  void terminate(int number) {
    insists_ = session().leaving();
    program_.signal(number);
    session().signalled(number, now());
  }

  void end_program() {
    const auto done = program_.take_end();
    if (!done) return;
    console_.take_back();
    if (edited_) take_text(*done);
    program_.remove_file();
    interpreter_.run();
  }

  // What it was before stays typed if there is no other.
  void take_text(bool done) {
    auto text =
        done ? program_.content() : base::Error{base::ErrorKind::io, "the editor has failed: nothing is changed"};
    if (!text) {
      console_.set_text(*edited_);
      return screen_.complain(text.error());
    }
    if (text->ends_with('\n')) text->pop_back();
    console_.set_text(*text);
  }

  net::Signals& signals_;
  Interaction interaction_;
  report::Reporting reporting_;
  ReplStart& start_;
  const repl::CommandLine& command_line_;
  term::History history_;
  streams::Console console_;
  std::optional<streams::OutputQueue> output_;  // of payloads, if stdout is not the terminal
  report::ScreenReporter screen_;
  report::Journal journal_;
  link::Connections connections_;
  repl::Interpreter interpreter_;
  repl::ForegroundProgram program_;
  // The connection that it was begun with is over, but there are lines that may go on with another one.
  struct Ended {
    link::ConnectionNumber connection = 0;
    std::optional<base::Error> error{};
  };
  std::optional<Ended> ended_;
  link::ConnectionNumber first_ = 0;   // what the command line asked for
  std::optional<std::string> edited_;  // what the program in the foreground was given, if that is an editor
  bool told_ = false;                  // how the first connection failed is on the screen
  bool stays_ = interaction_.stays;    // or the person has closed the connection, and not the session
  bool insists_ = false;
};

}  // namespace

bool is_for_person(const ConnectCommand& command) {
  return command.input.is_plain() && command.rate == 0 && command.reporting.format == streams::OutputFormat::lines &&
         !command.count && command.until.empty() && command.steps.empty() && !command.lockstep &&
         command.replies.empty() && command.selection.empty() && !command.echo && command.reads_stdin &&
         command.write_out.empty() && !command.exec && command.for_time == base::Duration::zero();
}

bool is_for_person(const UnconnectedCommand& command) {
  return command.reporting.format == streams::OutputFormat::lines;
}

bool is_for_person(const ServeCommand& command) {
  return command.service == link::ServiceKind::pipe && !command.once && command.input.is_plain() && command.rate == 0 &&
         command.reporting.format == streams::OutputFormat::lines && command.for_time == base::Duration::zero() &&
         !command.at_eof && command.replies.empty() && command.selection.empty();
}

streams::Outcome run_repl(link::Loop& loop, net::Signals& signals, ReplStart&& start,
                          const repl::CommandLine& command_line) {
  auto terminal = term::Terminal::open(STDIN_FILENO, STDOUT_FILENO);
  if (terminal) return ReplFront(loop, signals, start, command_line, std::move(terminal).value()).run_on_terminal();
  streams::Outcome outcome;
  outcome.fail(std::move(terminal).error());
  return outcome;
}

}  // namespace wscope::session
