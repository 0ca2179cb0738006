// What a client in a pipe says and waits for: a machine without a connection or a clock.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
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

}  // namespace wscope::session
