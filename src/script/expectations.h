// Whether what has happened is what a script expects.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "link/happening.h"
#include "script/event.h"
#include "script/statement.h"
#include "talk/match.h"
#include "talk/template.h"

namespace wscope::script {

/// A connection of a script.
struct Party {
  std::string name{};
  Inbox inbox{};
  bool opened = false;
  bool ends = false;  ///< a Close was said, or an end has come otherwise: it will be over soon
  bool over = false;  ///< nothing more will come
  bool held = false;  ///< it is not read, as too much waits
};
using Parties = std::map<link::ConnectionNumber, Party>;

/// An `expect` or `next`, with all values in it, that waits.
struct Pending {
  const Statement* statement = nullptr;
  link::ConnectionNumber connection = 0;
  std::optional<talk::Match> match{};  ///< in place of the statement's, if that has names
  std::optional<talk::Match> skip{};   ///< the same
  std::optional<Argument> argument{};
  base::TimePoint until{};

  [[nodiscard]] const Expect& expect() const { return std::get<Expect>(statement->does); }
  /// As long as this lives and is not moved.
  [[nodiscard]] Target target() const;
  [[nodiscard]] const talk::Match* skipped() const noexcept;
};
/// An error, of kind expectation or usage, says what is wrong with the values.
[[nodiscard]] base::Result<Pending> pending(const Statement& statement, link::ConnectionNumber connection,
                                            const talk::Names& names);

/// What has come of looking.
struct Look {
  enum class Outcome : unsigned char {
    waits,   ///< for more, or for time to pass
    met,     ///< what `by` waited for is `event`, or nothing of the kind has come, as it was to be
    failed,  ///< `why`; `by` could not be met
  };
  Outcome outcome = Outcome::waits;
  Pending by{};
  std::optional<Event> event{};
  std::string why{};
  std::string got{};  ///< of a failure: the event that came instead; empty: none
};

/// One `expect`, one `next`, or all those of an `all`, of which each wants an event of its own: they are given out so
/// that as many as possible are met, whatever the order.
class Expectation {
 public:
  Expectation(std::vector<Pending> pending, base::TimePoint begun);

  /// Whether nothing is waited for any more.
  [[nodiscard]] bool met() const noexcept { return waiting_.empty(); }
  /// Looks at events, each of which is gone then, until all are met, which it tells one by one, or one cannot be.
  /// `strict`: no message may be passed over.
  [[nodiscard]] Look look(Parties& parties, base::TimePoint now, bool strict);
  /// When to look again, if nothing happens before.
  [[nodiscard]] base::TimePoint until() const noexcept;
  /// The events that were looked at last, at most 10, numbered, with their times since `origin`.
  [[nodiscard]] std::vector<std::string> last_events(base::TimePoint origin) const;

 private:
  struct Taken {
    Event event;
    std::size_t order;  // in which it has come
  };
  struct Waiting {
    Pending pending;
    std::optional<Taken> taken{};
  };
  struct Seen {
    std::size_t number;
    base::TimePoint time;
    std::string line;
  };
  static constexpr std::size_t most_kept = 10;

  [[nodiscard]] bool all_taken() const noexcept;
  [[nodiscard]] Look look_at(Party& party, link::ConnectionNumber number, bool strict);
  [[nodiscard]] Look judge(Event event, const Party& party, link::ConnectionNumber number, bool strict);
  [[nodiscard]] bool place(Taken& taken, link::ConnectionNumber number, std::vector<bool>& tried);
  [[nodiscard]] Look meet(std::size_t index);
  [[nodiscard]] Look fail(std::size_t index, std::string why, std::string got = {});
  [[nodiscard]] std::string what_came() const;
  void keep(const Event& event, const Party& party, std::size_t index);

  std::vector<Waiting> waiting_{};
  base::TimePoint begun_;
  std::deque<Seen> seen_{};
  std::size_t order_ = 0;     // of the event that was taken last
  std::size_t count_ = 0;     // of events that were looked at
  std::size_t messages_ = 0;  // of these
};

/// "2.0 s", and with two digits what is less than a second.
[[nodiscard]] std::string in_seconds(base::Duration duration);

}  // namespace wscope::script
