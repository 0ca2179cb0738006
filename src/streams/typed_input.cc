#include "streams/typed_input.h"

#include <csignal>
#include <utility>

#include <unistd.h>

namespace wscope::streams {
namespace {

// What may be typed ahead of what can be sent, in bytes.
constexpr std::size_t most_typed = std::size_t{1} << 20;

}  // namespace

bool TypedInput::is_typed() noexcept { return ::isatty(STDIN_FILENO) != 0; }

TypedInput::TypedInput(net::Poller& poller, term::Terminal terminal, InputSource& input, OutputQueue& output,
                       ErrorOutput& errors)
    : input_(input), output_(output), errors_(errors), console_(poller, std::move(terminal), history_, *this) {}

base::Result<void> TypedInput::enter() {
  if (auto entered = console_.enter(); !entered) return entered;
  entered_ = true;
  if (::isatty(STDOUT_FILENO) != 0) output_.show_on([this](std::string_view text) { return show(text); });
  if (::isatty(STDERR_FILENO) != 0) errors_.show_on([this](std::string_view lines) { console_.print(lines); });
  return {};
}

void TypedInput::leave() {
  if (!std::exchange(entered_, false)) return;
  output_.flush();
  output_.show_on(nullptr);
  errors_.show_on(nullptr);
  console_.leave();
}

void TypedInput::flush() {
  if (!entered_) return;
  if (console_.lost()) return handle_end_of_input();
  console_.listen(input_.waiting() < most_typed);
  console_.flush();
}

bool TypedInput::handle_signal(int number, const std::function<bool()>& goes_on) {
  if (number == SIGWINCH) console_.resize();
  if (number == SIGTSTP && entered_) console_.suspend(goes_on);
  if (number == SIGTSTP && !entered_) static_cast<void>(::raise(SIGSTOP));
  return number == SIGWINCH || number == SIGTSTP;
}

void TypedInput::handle_line(std::string line) {
  line += '\n';
  input_.receive(line);
}

void TypedInput::handle_end_of_input() {
  input_.receive_eof();
  leave();
}

// Text without a line feed, of a format that has none, is not to be mixed with what is typed.
bool TypedInput::show(std::string_view text) {
  if (console_.full()) return false;
  console_.print(text.ends_with('\n') ? text : std::string(text) + "\n");
  return true;
}

}  // namespace wscope::streams
