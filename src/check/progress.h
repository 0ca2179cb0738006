// How far a check is, for a person who looks on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "check/suite.h"
#include "streams/error_output.h"
#include "streams/progress_line.h"

namespace wscope::check {

/// A line on stderr that comes and goes, if that is a terminal and nothing else is shown there.
class Progress {
 public:
  /// `errors` outlives it; `is_wanted`: nothing else is printed there all the time.
  Progress(streams::ErrorOutput& errors, bool is_wanted)
      : errors_(errors), is_shown_(is_wanted && streams::ProgressLine::on_terminal()) {}

  /// Says how far it is if it is time to.
  void show(const Suite& suite, base::TimePoint now);
  /// When show() is to be called again; nothing: never.
  [[nodiscard]] std::optional<base::TimePoint> deadline(base::TimePoint now) const noexcept;
  /// Takes the line away, so that something else can be printed.
  void clear();

 private:
  streams::ErrorOutput& errors_;
  bool is_shown_;
  streams::ProgressLine line_{};
};

/// "12 of 301 cases, 2 failed"
[[nodiscard]] std::string progress_in_words(const Suite& suite);

}  // namespace wscope::check
