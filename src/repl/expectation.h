// What /expect waits for.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "link/connections.h"
#include "report/transcript.h"
#include "talk/match.h"

namespace wscope::repl {

/// Waits for one message at a time, and knows from where on it may look for it: a machine without a connection or a
/// clock. Entries of the transcript are named by their numbers, which grow.
class Expectation {
 public:
  /// How long it waits if nobody says otherwise.
  static constexpr base::Duration usual_time = std::chrono::seconds(5);

  struct Wanted {
    talk::Match match;
    base::Duration within = usual_time;
  };
  /// Reads "MATCH [within S]". An error of kind usage, perhaps with an excerpt.
  [[nodiscard]] static base::Result<Wanted> parse(std::string_view arguments, talk::Source::Names names);

  /// What has come on those connections up to the entry `number` is not looked at any more.
  void look_behind(link::Use use, std::uint64_t number);

  /// Waits from `now` on, in place of what it waited for before; `place`: where that stands, if in a script.
  void begin(Wanted wanted, link::Use use, std::string place, base::TimePoint now);
  [[nodiscard]] bool waits() const noexcept { return waiting_.has_value(); }
  /// What it waits for, as it was written; where that stands, where it is to come, and until when. Only while it waits.
  [[nodiscard]] const std::string& text() const noexcept { return waiting_->wanted.match.text(); }
  [[nodiscard]] const talk::Match& match() const noexcept { return waiting_->wanted.match; }
  [[nodiscard]] const std::string& place() const noexcept { return waiting_->place; }
  [[nodiscard]] link::Use use() const noexcept { return waiting_->use; }
  [[nodiscard]] base::Duration within() const noexcept { return waiting_->wanted.within; }
  /// When it gives up; nothing if it does not wait.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept {
    return waiting_ ? std::optional(waiting_->begun + waiting_->wanted.within) : std::nullopt;
  }
  [[nodiscard]] base::Duration elapsed(base::TimePoint now) const noexcept { return now - waiting_->begun; }

  /// Whether a message that comes is what it waits for.
  [[nodiscard]] bool wants(link::ConnectionNumber connection, const talk::Message& message) const;
  /// The first entry there that it may look at and that is what it waits for; null: there is none. Of a message of
  /// which only the beginning is kept, nothing can be said.
  [[nodiscard]] const report::Entry* find(const report::Transcript& transcript) const;
  /// The entry `number` is what it has waited for: it does not wait any more, and will look behind that one.
  void meet(std::uint64_t number);
  /// It has waited in vain.
  void end() noexcept { waiting_.reset(); }

 private:
  struct Waiting {
    Wanted wanted;
    link::Use use;
    std::string place;
    base::TimePoint begun;
  };
  [[nodiscard]] bool may_look_at(const report::Entry& entry) const;

  std::optional<Waiting> waiting_{};
  std::map<link::ConnectionNumber, std::uint64_t> seen_{};  // the last entry that is not looked at any more
  std::uint64_t all_seen_ = 0;                              // the same, of all connections
};

}  // namespace wscope::repl
