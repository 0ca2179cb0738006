// The terminal of an interactive session: its modes, size, input.
#pragma once

#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "net/fd.h"
#include "net/io.h"
#include "term/prompt.h"

namespace wscope::term {

/// The terminal behind stdin. enter() takes it for a line editor: no echo, no lines, no Ctrl-S; signals as
/// always. It is as before after leave(), on destruction, and when the process ends by SIGSEGV, SIGABRT, SIGBUS,
/// SIGFPE, SIGILL or SIGQUIT, which then end it as they would have. One may live at a time.
class Terminal {
 public:
  /// Reads `input` and writes to `output`, which stay the caller's; if `output` is something else, to the terminal
  /// behind `input`. An error of kind io if that is none.
  [[nodiscard]] static base::Result<Terminal> open(int input, int output);
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  ~Terminal();

  /// Editing mode, with bracketed paste unless the terminal is dumb. A process in the background is stopped by it until
  /// it is in the foreground. An error of kind io if the terminal is gone.
  [[nodiscard]] base::Result<void> enter();
  /// Back to how it was; as output may still be waiting, what it prints itself is what it must.
  void leave() noexcept;
  /// Leaves and stops the process as Ctrl-Z does; returns once it goes on, and enter() may follow.
  void suspend();

  /// Rows and columns, 24 and 80 if it does not say.
  [[nodiscard]] ScreenSize size() const noexcept;
  /// Whether it can move its cursor, by TERM, and is tmux, by TMUX.
  [[nodiscard]] Prompt::Abilities abilities() const noexcept;
  /// What is shown is to be written to. It stays open as long as this lives.
  [[nodiscard]] int output() const noexcept { return output_; }
  /// To wait for and to read keys from, which never blocks; the end is that of the terminal.
  [[nodiscard]] int input() const noexcept;
  [[nodiscard]] net::IoResult read(base::MutableBytes into) const noexcept;

 private:
  Terminal(int input, int output, net::UniqueFd own, bool dumb) noexcept
      : input_(input), output_(output), own_(std::move(own)), dumb_(dumb) {}

  int input_;
  int output_;
  net::UniqueFd own_;  // output_, if it had to be opened
  bool dumb_;
  bool entered_ = false;
};

}  // namespace wscope::term
