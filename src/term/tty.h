// The terminal that a person sits at, wherever the standard streams lead.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::term {

/// A terminal, opened for ourselves: what it is set to for reading concerns no other process that has it open.
class Tty {
 public:
  /// Opens the controlling terminal, or the one at `path`. An error of kind io if it is none.
  [[nodiscard]] static base::Result<Tty> open(const char* path = "/dev/tty");

  /// What may come before a line ends: `fd` (net::Signals::fd(), for Ctrl-C does what it always does) becomes readable.
  /// Then `ends()` takes what is there, and says whether there will be no line.
  struct Interruption {
    int fd;
    std::function<bool()> ends = [] { return true; };
  };

  /// Prints `prompt` and reads a line, which is not shown; what was typed before the prompt does not count. Nothing if
  /// `interruption` ends it. An error of kind io if the terminal is gone, no line comes (Ctrl-D), or the system cannot
  /// wait for one. The terminal's modes are put back in any case.
  [[nodiscard]] base::Result<std::optional<std::string>> read_secret(std::string_view prompt,
                                                                     const Interruption& interruption);

 private:
  explicit Tty(net::UniqueFd fd) noexcept : fd_(std::move(fd)) {}

  /// Waits until the terminal is ready for `events` of poll(): true, or false if that was interrupted.
  [[nodiscard]] base::Result<bool> wait(short events, const Interruption& interruption) const;
  /// Whether `text` could be printed.
  bool print(std::string_view text, const Interruption& interruption) const;
  [[nodiscard]] base::Result<std::optional<std::string>> read_line(const Interruption& interruption) const;

  net::UniqueFd fd_;
};

}  // namespace wscope::term
