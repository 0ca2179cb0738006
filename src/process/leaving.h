// What is done to a program whose other side has left.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace wscope::process {

/// The ending of a program in steps, for which it has S seconds: it is given what waits for it, as long as it takes
/// some within S; then its input ends; S/20 later it is hung up, S/5 later asked to end, and S later killed. With S 0
/// it is killed at once, without an S only its input ends.
///
/// A machine: it sends nothing and has no clock. After each call deadline() is to be looked at, and take_due() asked
/// then, until there is nothing.
class Leaving {
 public:
  enum class Step : std::uint8_t {
    end_input,  ///< what waits for it is of no use any more
    hang_up,    ///< SIGHUP, and SIGCONT for one that is stopped
    terminate,  ///< SIGTERM
    kill,       ///< SIGKILL
  };
  /// How what waits is bounded: while some of it is taken, or by S for all of it.
  enum class Pending : std::uint8_t { while_taken, in_all };

  /// `patience` is S; nothing: without end.
  explicit Leaving(std::optional<base::Duration> patience) noexcept : patience_(patience) {}

  /// It begins, unless it has begun. `waits`: there is something that its input has no room for.
  void begin(base::TimePoint now, bool waits, Pending pending = Pending::while_taken) noexcept;
  [[nodiscard]] bool begun() const noexcept { return state_ != State::staying; }
  /// Some of its input was written, or all of it.
  void written(base::TimePoint now, bool all) noexcept;
  /// From now on it has that long. In the middle of the steps they are not begun anew.
  void hurry(base::TimePoint now, base::Duration patience) noexcept;

  /// When take_due() has something.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;
  /// The next step that is due.
  [[nodiscard]] std::optional<Step> take_due(base::TimePoint now) noexcept;

 private:
  enum class State : std::uint8_t { staying, writing, ending, hung_up, terminated, over };

  void end_input(base::TimePoint now) noexcept;

  std::optional<base::Duration> patience_;
  State state_ = State::staying;
  Pending pending_ = Pending::while_taken;
  bool ends_input_ = false;  // that is the next step
  base::TimePoint since_{};  // the state began, or some was taken; later: the input ended
};

}  // namespace wscope::process
