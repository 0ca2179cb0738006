// What messages are answered with (--reply).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "link/link.h"
#include "link/recollection.h"
#include "link/saying.h"
#include "talk/match.h"
#include "wire/stored_instruction.h"

namespace wscope::link {

/// What a message that matches is answered with.
struct ReplyRule {
  talk::Match match;
  Saying says;
};

/// Answers by rules: the first one that matches a message answers it.
class Replies {
 public:
  /// All that is referred to outlives it; rules may be added to those. `variables` has more of what their names stand
  /// for, if it is not null.
  Replies(const std::vector<ReplyRule>& rules, base::RandomSource& random, const Recollection* variables = nullptr)
      : rules_(rules), names_(random, variables) {}

  struct Answer {
    std::size_t rule;  ///< from 1
    wire::StoredInstruction message;
  };
  /// What to answer a message with; nothing if no rule matches. Of an error, which is that of Saying::fill(),
  /// comes no answer.
  [[nodiscard]] base::Result<std::optional<Answer>> answer(const talk::Message& message, view::WallTime time,
                                                           base::TimePoint now);
  /// That rule is taken out of them.
  void forget(std::size_t index) {
    if (index < uses_.size()) uses_.erase(uses_.begin() + static_cast<std::ptrdiff_t>(index));
  }
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
  Recollection names_;
  std::vector<Uses> uses_{};
  std::optional<std::size_t> busy_{};
};

/// What is said of a rule that has answered so often, of those of that kind.
[[nodiscard]] std::string describe_busy(std::size_t rule, std::string_view kind = "--reply");

/// Whether so many answers wait for the peer that it is not to be read until it has read some.
[[nodiscard]] bool holds_enough_answers(const Link& link) noexcept;

}  // namespace wscope::link
