// Obeys the lines of the REPL, typed or from a script.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/connections.h"
#include "link/plan.h"
#include "net/poller.h"
#include "repl/aliases.h"
#include "repl/command_line.h"
#include "repl/expectation.h"
#include "repl/look_back.h"
#include "repl/rules.h"
#include "repl/script_lines.h"
#include "repl/sender.h"
#include "repl/slash_commands.h"
#include "repl/variables.h"
#include "report/journal.h"
#include "report/screen_text.h"
#include "term/line_editor.h"
#include "term/prompt.h"

namespace wscope::repl {

/// Whoever an interpreter works for: a terminal or a pipe.
class InterpreterHost {
 public:
  /// Answers of commands: lines that are safe for a terminal.
  virtual void say(std::string_view lines) = 0;
  /// A line could not be obeyed. `place` says where it stands, if not on the terminal: "FILE:3: ".
  virtual void complain(const std::string& place, const base::Error& error) = 0;
  virtual void announce(const view::ListeningView& listening) = 0;
  /// This connection is about to be closed, but not the session.
  virtual void handle_disconnect(link::ConnectionNumber connection) = 0;
  /// To end, in an orderly way.
  virtual void handle_quit() = 0;
  /// A message is waited for from now on, what as it was written; empty: none is any more.
  virtual void expects(const std::string& what) = 0;
  /// It has come, as the entry of that number, or it has not (0).
  virtual void handle_expected(link::ConnectionNumber connection, const view::ExpectView& expected,
                               std::uint64_t entry) = 0;
  /// A message is about to be answered by that rule, counted from 1.
  virtual void replying(link::ConnectionNumber connection, std::size_t rule) = 0;
  /// A variable has this value now.
  virtual void captured(const std::string& name, const talk::Value& value) = 0;
  /// What is shown can be chosen; null if there is no screen.
  [[nodiscard]] virtual report::ScreenChoices* choices() = 0;
  /// Whether frames are shown, on a screen or not.
  [[nodiscard]] virtual bool shows_frames() = 0;
  virtual void show_frames(bool shown) = 0;
  /// What is sent from now on was typed just so, or not.
  virtual void set_typed(bool typed) = 0;
  /// Whether a program has the terminal, so that lines must wait.
  [[nodiscard]] virtual bool busy() const noexcept { return false; }
  /// The size of the terminal; nothing if there is none.
  [[nodiscard]] virtual std::optional<term::ScreenSize> screen() const = 0;
  // For a terminal alone; an error, of kind usage, elsewhere.
  /// Puts a text on its clipboard.
  [[nodiscard]] virtual base::Result<void> copy(std::string_view text) = 0;
  [[nodiscard]] virtual base::Result<void> page(std::string_view content) = 0;
  [[nodiscard]] virtual base::Result<void> edit(std::string_view content) = 0;
  [[nodiscard]] virtual base::Result<void> set_keymap(term::Keymap keymap) = 0;
  [[nodiscard]] virtual base::Result<void> clear_screen() = 0;
  /// Asks for passwords that a command line leaves out.
  [[nodiscard]] virtual base::Result<void> ask_what_is_missing(link::ConnectPlan& command) = 0;
  [[nodiscard]] virtual base::Result<void> ask_what_is_missing(link::ServePlan& command) = 0;

 protected:
  ~InterpreterHost() = default;
};

/// What is said of a message that was waited for and has come.
[[nodiscard]] std::string describe_met(const view::ExpectView& expected, std::uint64_t entry);

/// A queue of lines. A line that sends goes to what is in use when it is typed, or when its turn comes in a script, and
/// to nothing else; it waits for that to open. Lines of a script are obeyed one after the other, each when those before
/// it have done what they say. A line that is typed waits for those before it only if they go to the same connection,
/// or are a script's; a command that sends nothing waits for none. While a message is expected, all but such commands
/// wait; if it does not come, whatever has waited for it is forgotten.
class Interpreter final : private net::Pollable {
 public:
  /// All that is referred to outlives it.
  Interpreter(link::Loop& loop, link::Connections& connections, report::Journal& journal, PlanReader reader,
              InterpreterHost& host);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// What lines that are no commands are sent as; text at first.
  void send_lines_as(ws::Opcode type) noexcept { line_type_ = type; }
  /// What a line stands for that begins with an alias.
  [[nodiscard]] std::string expanded(std::string line) const { return aliases_.expand(std::move(line)); }
  /// Adds a line that was typed, or one of a script at `place`. An empty line says nothing.
  void add(std::string line, std::string place = {});
  /// Has the first messages of a connection that is about to be made, perhaps again, sent before anything else, and
  /// shown as if they were not typed. They are texts or binary.
  void add_first_messages(const link::ConnectPlan& command, link::ConnectionNumber connection);
  /// Which name in a line that is typed now stands for nothing, if they are filled in: nothing that waits could change
  /// that.
  [[nodiscard]] std::optional<base::Error> find_unknown_name(std::string_view line) const;
  /// Makes a connection, whose beats are rules of it.
  link::ConnectionNumber connect(link::ConnectPlan plan);
  /// A connection has opened, or a client has come.
  void handle_open();
  /// A whole message has come, which is in the transcript by now.
  void receive(link::ConnectionNumber connection, const ws::Message& message);
  /// There may be room for more answers. run() does that, too.
  void let_answers_go() { rules_.go_on(); }
  /// Obeys as many as can be obeyed now. To be called when something has changed.
  void run();
  /// Whether all is done that was asked for.
  [[nodiscard]] bool idle() const noexcept {
    return commands_.empty() && lines_.empty() && !wakes_at_ && !expectation_.waits();
  }
  /// Whether lines of a script are among those that wait.
  [[nodiscard]] bool obeys_script() const noexcept;
  /// Whether a /wait goes on.
  [[nodiscard]] bool waits() const noexcept { return wakes_at_.has_value(); }
  /// Whether a message is waited for.
  [[nodiscard]] bool expects() const noexcept { return expectation_.waits(); }
  /// Does not wait for it any longer.
  void give_up() { miss("given up"); }
  /// Forgets the lines that wait, and what is expected.
  void interrupt();

 private:
  static constexpr int lines_per_turn = 256;

  struct Line {
    std::string text;
    std::string place;
    std::optional<ws::Opcode> message{};  // the text is no line but a message of this type
    std::optional<link::Use> target{};    // where it goes, if it sends, once that is known
    bool in_order = false;                // waits for all before it, and they all behind it
    bool has_waited = false;
    unsigned depth = 0;                     // of files that /source reads
    std::unique_ptr<ScriptLines> script{};  // it stands for these lines, of which each is made when it is the first
  };
  using Handler = base::Result<void> (Interpreter::*)(std::string_view arguments);

  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  /// The rest is for the next turn of the loop: scripts that read scripts may have no end that anybody lives to see.
  void end_run() {
    running_ = false;
    if (left_ == 0 && !wakes_at_) goes_on_ = true;
    set_timer();
  }
  void set_timer();
  [[nodiscard]] streams::MessageType message_type() const noexcept {
    return line_type_ == ws::Opcode::binary ? streams::MessageType::binary : streams::MessageType::text;
  }
  void unpack_script();
  [[nodiscard]] std::optional<Line> take_next();
  [[nodiscard]] std::deque<Line>::iterator find_next();
  [[nodiscard]] bool must_wait(const Line& line) const;
  void tell_wait(const Line& line);
  void obey(const Line& line);
  [[nodiscard]] base::Result<void> execute_rule(Action action, std::string_view arguments);
  [[nodiscard]] base::Result<void> search(std::string_view arguments);
  void forget_scripts();
  void meet(const report::Entry& entry, const talk::Message& message);
  void miss(const std::string& why);
  void look_whether_it_can_come();
  void forget_those_that_waited();
  void complain(const Line& line, base::Error error);
  [[nodiscard]] static Handler handler_of(Action action) noexcept;
  [[nodiscard]] base::Result<void> execute(Action action, std::string_view arguments);
  template <typename Plan>
  [[nodiscard]] base::Result<std::optional<Plan>> read(std::string_view name, std::string_view arguments);
  [[nodiscard]] base::Result<void> connect(std::string_view arguments);
  [[nodiscard]] base::Result<void> listen(std::string_view arguments);
  [[nodiscard]] base::Result<void> disconnect(std::string_view arguments);
  [[nodiscard]] base::Result<void> abort(std::string_view arguments);
  [[nodiscard]] base::Result<void> stop_listening(std::string_view port);
  void note_disconnect(link::ConnectionNumber connection);
  [[nodiscard]] base::Result<void> edit(std::string_view arguments);
  [[nodiscard]] base::Result<void> status(std::string_view arguments);
  [[nodiscard]] base::Result<void> use(std::string_view arguments);
  [[nodiscard]] base::Result<void> list(std::string_view arguments);
  [[nodiscard]] base::Result<void> wait(std::string_view arguments);
  [[nodiscard]] base::Result<void> vars(std::string_view arguments);
  [[nodiscard]] base::Result<void> capture(std::string_view arguments);
  [[nodiscard]] talk::Occasion occasion_of(link::ConnectionNumber connection) const;
  [[nodiscard]] base::Result<void> expect(std::string_view arguments);
  [[nodiscard]] base::Result<void> source(std::string_view arguments);
  [[nodiscard]] base::Result<void> set(std::string_view arguments);
  [[nodiscard]] base::Result<void> alias(std::string_view arguments);
  [[nodiscard]] base::Result<void> clear(std::string_view arguments);
  [[nodiscard]] base::Result<void> help(std::string_view arguments);
  [[nodiscard]] base::Result<void> quit(std::string_view arguments);

  link::Loop& loop_;
  link::Connections& connections_;
  report::Journal& journal_;
  PlanReader reader_;
  InterpreterHost& host_;
  Variables variables_;
  Sender sender_;
  LookBack look_back_;
  Expectation expectation_;
  std::uint64_t matched_ = 0;  // the entry that was expected last and has come
  Rules rules_;
  Aliases aliases_;
  net::Poller::Id timer_;
  std::deque<Line> commands_;  // typed, to be obeyed at once
  std::deque<Line> lines_;
  std::optional<base::TimePoint> deadline_;  // of the timer
  std::optional<base::TimePoint> wakes_at_;  // of /wait
  int left_ = 0;                             // lines that may be obeyed in this run
  bool goes_on_ = false;                     // as soon as possible, with the rest of them or what has come
  bool running_ = false;
  ws::Opcode line_type_ = ws::Opcode::text;
  const Line* obeyed_ = nullptr;  // the line that is being obeyed
};

}  // namespace wscope::repl
