// What a client and a server in a pipe have in common.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "session/front.h"
#include "streams/typed_input.h"

namespace wscope::session {

/// A front that reads stdin, if it does, and prints to stdout. If stdin is a terminal, its lines are typed.
class PipeFront : public Front {
 protected:
  /// All that is referred to outlives it.
  PipeFront(net::Poller& poller, net::Signals& signals, const Wishes& wishes, bool reads_stdin)
      : Front(poller, &signals, wishes), poller_(poller), typed_(reads_stdin && streams::TypedInput::is_typed()) {}
  ~PipeFront() = default;

  /// Whether the lines of stdin are typed: it is not to be read then.
  [[nodiscard]] bool typed() const noexcept { return typed_; }
  /// What is typed is to go into `input`. An error of kind io if the terminal cannot be had.
  [[nodiscard]] base::Result<void> enter_terminal(streams::InputSource& input, streams::OutputQueue& output,
                                                  streams::ErrorOutput& errors);
  /// How many signals that end the run have come.
  [[nodiscard]] int ending_signals() const noexcept { return ending_signals_; }
  /// To be called at the end of each turn.
  void show_terminal() {
    if (terminal_) terminal_->flush();
  }
  /// To be called once all is printed, before anything is destroyed that was told to enter_terminal().
  void leave_terminal() { terminal_.reset(); }

 private:
  void handle_signal(int number) final;
  /// Upon SIGCHLD, which who has no programs does not hear of.
  virtual void look_at_programs() {}

  net::Poller& poller_;
  bool typed_;
  int ending_signals_ = 0;
  std::optional<streams::TypedInput> terminal_;
};

/// The signals that it needs to hear of if its lines are typed.
inline constexpr std::initializer_list<int> typed_signals = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
/// And if it has programs.
inline constexpr std::initializer_list<int> program_signals = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};

}  // namespace wscope::session
