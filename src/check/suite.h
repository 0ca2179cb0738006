// Which case is next, and what has come of all of them: without a socket or a clock.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "check/case.h"
#include "check/heard.h"
#include "check/measurement.h"
#include "check/plan.h"
#include "check/settings.h"
#include "check/tally.h"

namespace wscope::check {

/// The cases that are asked for, in order; `secure`: over TLS, or nothing: those over TLS and those without. An error,
/// of kind usage: a pattern or a section that fits none.
[[nodiscard]] base::Result<std::vector<Case>> select_cases(const Selection& selection, Role role,
                                                           std::optional<bool> secure);

/// Hands out cases, has those that fail run again, asks after each one that ends a connection whether the endpoint
/// lives, and knows the results.
class Suite {
 public:
  /// `settings` outlives it.
  Suite(std::vector<Case> cases, const Settings& settings, std::size_t retries);
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;

  /// The next one to be carried out, now; null: none, for now. If it asks for life, `one` is a plain handshake, and
  /// `about` the case before; if it measures, `one` is a part of that, and `about` the whole.
  struct Task {
    const Case* one = nullptr;
    const Case* about = nullptr;
    bool asks_for_life = false;
    bool measures = false;
    base::TimePoint not_before{};
    base::TimePoint begun{};
  };
  [[nodiscard]] std::optional<Task> next(base::TimePoint now);
  /// When next() may have something, if it has not now.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;

  /// Of a client that chooses itself: the case of that index, whatever it was before.
  [[nodiscard]] Task begin(std::size_t index, base::TimePoint now);
  /// What nobody has asked for by now is skipped, and what is judged of all cases is.
  void conclude(const std::string& why);

  void finished(const Task& task, Result result, const Heard& heard, base::TimePoint now);
  void no_connection(const Task& task, const base::Error& error, base::TimePoint now);
  /// What is not done yet will not be.
  void give_up(const std::string& why);

  [[nodiscard]] bool over() const noexcept;
  /// In the order of the cases; nothing for one that has none yet.
  [[nodiscard]] const std::vector<std::optional<Result>>& results() const noexcept { return results_; }
  [[nodiscard]] const std::vector<Case>& cases() const noexcept { return cases_; }
  /// How many connections will be made at most, if none fails.
  [[nodiscard]] std::size_t connections() const noexcept;
  [[nodiscard]] bool gone() const noexcept { return gone_; }

 private:
  // A case that is over, behind which no connection has been made yet.
  struct Suspect {
    std::size_t index;
    base::TimePoint ended;
    bool abrupt;  // it was not answered
    bool erred;   // it was answered with an error of the server's
  };
  struct Retry {
    Task task;
    std::size_t attempt = 0;  // of asking whether it lives
  };

  [[nodiscard]] std::size_t index_of(const Case* one) const noexcept;
  void settle(std::size_t index, Result result);
  [[nodiscard]] std::optional<Task> next_measured(base::TimePoint now);
  void finished_part(const Task& task, const Result& result, const Heard& heard);
  void ask_for_life(const Case& about, base::TimePoint at, std::size_t attempt);
  void lost(const Case* about, const std::string& why);
  void judge_together();
  [[nodiscard]] std::optional<Result> skipped(const Case& one) const;

  Case liveness_;
  std::vector<Case> cases_;
  const Settings& settings_;
  std::size_t retries_;
  std::vector<std::optional<Result>> results_;
  std::vector<std::size_t> attempts_;
  std::vector<Retry> queue_{};            // before the next case
  std::map<const Case*, Result> held_{};  // until it is known whether the endpoint lives
  std::map<const Case*, std::size_t> asked_{};
  std::vector<Suspect> suspects_{};
  std::map<std::string, std::size_t> refused_{};  // kinds of messages
  Tally tally_{};
  std::size_t next_ = 0;
  // What is measured is so one after the other, next to all the rest.
  Measurement measurement_;
  std::vector<std::size_t> to_measure_{};  // the last one first
  const Case* measured_ = nullptr;         // now
  std::size_t running_ = 0;
  bool gone_ = false;
};

}  // namespace wscope::check
