// Signals as bytes in a pipe, so that the loop hears of them like of everything else.
#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include <signal.h>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::net {

/// Catches some signals as long as it lives, and puts things back as they were when it goes. One may live at a time.
///
/// SIGPIPE is ignored meanwhile: a write to a closed pipe is then an error (EPIPE) and not the end of the program.
/// A signal that was being ignored (a background job's SIGINT, nohup's SIGHUP) stays ignored, as custom has it.
class Signals {
 public:
  /// Catches each of `numbers`, for example {SIGINT, SIGTERM}.
  static base::Result<Signals> install(std::initializer_list<int> numbers);

  Signals(Signals&&) noexcept = default;
  Signals& operator=(Signals&&) = delete;
  ~Signals();

  /// Readable when a signal has arrived.
  [[nodiscard]] int fd() const noexcept { return pipe_.read_end.get(); }
  /// The number of the oldest signal that has arrived and was not taken yet; nullopt if there is none.
  [[nodiscard]] std::optional<int> take() noexcept;

 private:
  struct Replaced {
    int number;
    struct sigaction action;
  };

  explicit Signals(Pipe pipe) noexcept : pipe_(std::move(pipe)) {}
  void replace(int number, void (*handler)(int));

  Pipe pipe_;
  std::vector<Replaced> replaced_;
};

}  // namespace wscope::net
