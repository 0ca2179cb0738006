// What a client in a pipe says and waits for: a machine without a connection or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "link/link.h"
#include "link/recollection.h"
#include "link/saying.h"
#include "talk/match.h"
#include "talk/template.h"
#include "wire/stored_instruction.h"

namespace wscope::session {

/// -x.
struct SendStep {
  link::Saying says;
};
/// --expect: a message that matches is waited for.
struct ExpectStep {
  talk::Match match;
};
/// What comes before stdin, in this order.
using Step = std::variant<SendStep, ExpectStep>;

/// --reply: what a message that matches is answered with.
struct ReplyRule {
  talk::Match match;
  link::Saying says;
};

/// --lockstep: each line of stdin waits for a message behind the one before.
struct Lockstep {
  std::optional<talk::Match> match{};  ///< which one; nothing: any
};

/// Where the steps are. Each message is looked at once, by the step that waits when it comes.
class Steps {
 public:
  /// `steps` outlive it; `names` too, which learn of what was matched.
  Steps(const std::vector<Step>& steps, link::Recollection& names) noexcept : steps_(steps), names_(names) {}

  [[nodiscard]] bool done() const noexcept { return at_ == steps_.size(); }
  /// Whether it is the last of them that is done, and waits: an --expect.
  [[nodiscard]] bool end_with_expect() const noexcept {
    return !steps_.empty() && std::holds_alternative<ExpectStep>(steps_.back());
  }
  /// Whether a message is waited for now.
  [[nodiscard]] bool expect() const noexcept { return !done() && std::holds_alternative<ExpectStep>(steps_[at_]); }
  /// The next message that is waited for, now or behind what is sent before; null: none.
  [[nodiscard]] const talk::Match* next_expected() const noexcept;
  /// The message that is to be sent now, once; valid until the next call. Null if none is. Errors are those of
  /// link::Saying::fill().
  [[nodiscard]] base::Result<const wire::StoredInstruction*> next_message(view::WallTime time);
  /// A whole message has come; whether it is what was waited for.
  [[nodiscard]] bool receive(const talk::Message& message);
  /// They begin again, on another connection.
  void restart() noexcept { at_ = 0; }

 private:
  const std::vector<Step>& steps_;
  link::Recollection& names_;
  std::size_t at_ = 0;
  wire::StoredInstruction message_{};
};

/// Answers by rules: the first one that matches a message answers it.
class Replies {
 public:
  /// `rules` outlive it.
  Replies(const std::vector<ReplyRule>& rules, base::RandomSource& random) : rules_(rules), names_(random) {
    uses_.resize(rules.size());
  }

  struct Answer {
    std::size_t rule;  ///< from 1
    wire::StoredInstruction message;
  };
  /// What to answer a message with; nothing if no rule matches. Of an error, which is that of link::Saying::fill(),
  /// comes no answer.
  [[nodiscard]] base::Result<std::optional<Answer>> answer(const talk::Message& message, view::WallTime time,
                                                           base::TimePoint now);
  /// The number of a rule that has answered 1000 messages within a second; each once.
  [[nodiscard]] std::optional<std::size_t> next_busy() noexcept { return std::exchange(busy_, std::nullopt); }

 private:
  struct Uses {
    std::uint64_t count = 0;
    std::uint64_t in_second = 0;
    base::TimePoint second{};
    bool told = false;
  };
  void note(std::size_t rule, base::TimePoint now) noexcept;

  const std::vector<ReplyRule>& rules_;
  link::Recollection names_;
  std::vector<Uses> uses_{};
  std::optional<std::size_t> busy_{};
};

/// What is said of a rule that has answered so often.
[[nodiscard]] std::string describe_busy(std::size_t rule);

/// Whether so many answers wait for the peer that it is not to be read until it has read some.
[[nodiscard]] bool holds_enough_answers(const link::Link& link) noexcept;

}  // namespace wscope::session
