// The terminal of the REPL: a line being typed at the bottom, everything else above it.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "net/poller.h"
#include "streams/output_queue.h"
#include "term/completion.h"
#include "term/history.h"
#include "term/key_reader.h"
#include "term/line_editor.h"
#include "term/prompt.h"
#include "term/terminal.h"

namespace wscope::streams {

/// Who is typed to. None of these is called from within a call of the console's, but handle_end_of_input() if suspend()
/// or take_back() find that the terminal is gone.
class ConsoleOwner {
 public:
  /// Keys are about to be read. A Ctrl-C that was typed before them has arrived as a signal, and is to be heard first.
  virtual void handle_keys_waiting() = 0;
  /// A line, which may be several, was entered. It is in the history already.
  virtual void handle_line(std::string line) = 0;
  /// Ctrl-D with nothing typed, or the terminal is gone.
  virtual void handle_end_of_input() = 0;
  /// What could stand before the cursor.
  [[nodiscard]] virtual term::Completions complete(std::string_view text_before_cursor) = 0;
  /// Whether a line is not to be kept in a file.
  [[nodiscard]] virtual bool is_secret(std::string_view) const { return false; }
  /// `text` is to be edited in an editor, and then typed with set_text().
  virtual void handle_edit(std::string text) = 0;

 protected:
  ~ConsoleOwner() = default;
};

/// Joins keys, line editor, history and painter on one terminal.
///
/// What is printed is collected and written by flush(), which is to be called at the end of every turn of the loop: so
/// a thousand messages that come together are one update of the screen.
class Console final : private net::Pollable {
 public:
  /// All that is referred to outlives it. enter() comes next.
  Console(net::Poller& poller, term::Terminal terminal, term::History& history, ConsoleOwner& owner);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// Takes the terminal and shows the prompt. An error of kind io if that is not possible.
  [[nodiscard]] base::Result<void> enter();
  /// Ends the line that is typed, writes what is left as far as the terminal takes it in a second, and gives the
  /// terminal back.
  void leave();

  /// Prints lines, each of which ends with LF, safe for a terminal, above the input.
  void print(std::string_view lines) {
    prompt_.print(lines);
    unwritten_ += lines.size();
  }
  /// What stands before the input; may hold SGR sequences.
  void set_prompt(std::string text);
  void set_text(std::string_view text);
  void clear_screen();
  /// Puts a text on the clipboard of a terminal that knows OSC 52.
  void copy(std::string_view text);
  void set_keymap(term::Keymap keymap) { editor_.set_keymap(keymap); }
  [[nodiscard]] term::ScreenSize size() const noexcept { return prompt_.size(); }
  /// Whether keys are read; at first they are.
  void listen(bool listens) {
    if (!lent_) poller_.set_interest(id_, {.readable = listens});
  }
  /// Where it is shown.
  [[nodiscard]] int output() const noexcept { return terminal_.output(); }
  /// What time it is in the loop.
  [[nodiscard]] base::TimePoint now() const noexcept { return poller_.now(); }
  /// Whether so much waits to be printed that nothing more should be.
  [[nodiscard]] bool full() const noexcept;
  void flush();
  /// Whether nothing can be written to the terminal any more.
  [[nodiscard]] bool lost() const noexcept { return output_.error() != 0; }

  /// Ctrl-C: clears what is typed. False if that was nothing.
  bool interrupt();
  /// Ctrl-Z. `goes_on` is asked once the process is, and says whether the terminal is wanted again: who was ended while
  /// it was stopped is in the background, where taking it would only stop it again.
  void suspend(const std::function<bool()>& goes_on);
  /// The window has another size.
  void resize();

  /// Lends the terminal to a program that runs in the foreground: nothing is read or written until it is taken back.
  /// What is printed meanwhile waits.
  void lend();
  void take_back();

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  void read();
  void handle_keys();
  void handle_key(const term::Key& key);
  void accept();
  void complete(bool list);
  void paint();
  void hide();
  /// Writes what waits, as far as the terminal takes it in a second.
  void finish_output();
  void update_deadline();

  net::Poller& poller_;
  term::Terminal terminal_;
  term::History& history_;
  ConsoleOwner& owner_;
  term::KeyReader keys_;
  term::LineEditor editor_;
  term::Prompt prompt_;
  OutputQueue output_;
  net::Poller::Id id_;
  std::deque<term::Key> held_keys_;  // typed while the window changes
  std::string prompt_text_ = "> ";
  std::size_t unwritten_ = 0;  // bytes printed since the last flush
  std::string below_;          // choices for a completion
  bool keys_wait_ = false;     // there may be some that were read and can be handled now
  bool lent_ = true;           // somebody else has the terminal
  bool changed_ = true;        // what is shown is not what is typed
};

}  // namespace wscope::streams
