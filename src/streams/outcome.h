// How a command ended, for its exit status and for the one line on stderr.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::streams {

/// The exit status of a failure; the manual lists them.
[[nodiscard]] int exit_status(base::ErrorKind kind) noexcept;

/// The exit status after SIGINT or SIGTERM, as shells have it.
[[nodiscard]] constexpr int exit_status_of_signal(int number) noexcept { return 128 + number; }

/// How a command ended. The first thing that went wrong counts: what follows is most often its consequence.
class Outcome {
 public:
  void fail(base::Error error) {
    if (decided()) return;
    status_ = exit_status(error.kind);
    error_ = std::move(error);
  }
  /// Ended for a reason that needs no words.
  void end(int status) {
    if (!decided()) status_ = status;
  }

  [[nodiscard]] bool decided() const noexcept { return status_.has_value(); }
  [[nodiscard]] int status() const noexcept { return status_.value_or(0); }
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// What is to be said on stderr behind the error, as it stands.
  void add_words(std::string_view words) { words_ += words; }
  [[nodiscard]] const std::string& words() const noexcept { return words_; }

 private:
  std::optional<int> status_;
  std::optional<base::Error> error_;
  std::string words_;
};

/// The lines for stderr: "wscope: what failed: why" and, if there is one, "hint: …". What a peer may have put into them
/// is escaped.
enum class Hints : unsigned char { shown, left_out };
[[nodiscard]] std::string describe(const base::Error& error, Hints hints = Hints::shown);

}  // namespace wscope::streams
