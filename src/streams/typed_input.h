// Stdin that is a terminal.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/poller.h"
#include "streams/console.h"
#include "streams/error_output.h"
#include "streams/input_source.h"
#include "streams/output_queue.h"
#include "term/history.h"
#include "term/terminal.h"

namespace wscope::streams {

/// Feeds an InputSource with lines that are edited as in the REPL: a terminal that cuts its input into lines by itself
/// loses what is beyond 4095 bytes. What goes to stdout and stderr is shown above the line that is typed, if they are
/// terminals, too.
class TypedInput final : private ConsoleOwner {
 public:
  /// All that is referred to outlives it.
  TypedInput(net::Poller& poller, term::Terminal terminal, InputSource& input, OutputQueue& output,
             ErrorOutput& errors);
  ~TypedInput() { leave(); }
  TypedInput(const TypedInput&) = delete;
  TypedInput& operator=(const TypedInput&) = delete;

  /// Whether stdin is a terminal.
  [[nodiscard]] static bool is_typed() noexcept;

  /// Takes the terminal. An error of kind io if that is not possible.
  [[nodiscard]] base::Result<void> enter();
  /// Shows what waits. To be called at the end of each turn of the loop.
  void flush();
  /// Whether it is a signal of the terminal's, which is obeyed here: of Ctrl-Z, and of a window that changes its size.
  /// `goes_on` is asked once a stopped process is continued: whether it goes on.
  [[nodiscard]] bool handle_signal(int number, const std::function<bool()>& goes_on);
  /// Gives the terminal back, for good.
  void leave();

 private:
  void handle_keys_waiting() override {}
  void handle_line(std::string line) override;
  void handle_end_of_input() override;
  [[nodiscard]] term::Completions complete(std::string_view) override { return {}; }
  [[nodiscard]] bool is_secret(std::string_view) const override { return true; }
  void handle_edit(std::string) override {}
  [[nodiscard]] bool show(std::string_view text);

  InputSource& input_;
  OutputQueue& output_;
  ErrorOutput& errors_;
  term::History history_;  // of this run alone
  Console console_;
  bool entered_ = false;
};

}  // namespace wscope::streams
