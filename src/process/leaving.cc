#include "process/leaving.h"

#include <utility>

namespace wscope::process {

void Leaving::begin(base::TimePoint now, bool waits, Pending pending) noexcept {
  if (begun()) return;
  pending_ = pending;
  since_ = now;
  const bool at_once = patience_ && *patience_ == base::Duration::zero();
  waits && !at_once ? static_cast<void>(state_ = State::writing) : end_input(now);
}

void Leaving::written(base::TimePoint now, bool all) noexcept {
  if (state_ != State::writing) return;
  if (all) return end_input(now);
  if (pending_ == Pending::while_taken) since_ = now;
}

void Leaving::hurry(base::TimePoint now, base::Duration patience) noexcept {
  if (!patience_) {
    if (state_ > State::writing) since_ = now;
    patience_ = patience;
  }
  pending_ = Pending::in_all;
}

void Leaving::end_input(base::TimePoint now) noexcept {
  state_ = State::ending;
  ends_input_ = true;
  since_ = now;
}

std::optional<base::TimePoint> Leaving::deadline() const noexcept {
  if (ends_input_) return since_;
  if (!patience_) return std::nullopt;
  switch (state_) {
    case State::writing:
    case State::terminated:
      return since_ + *patience_;
    case State::ending:
      return since_ + *patience_ / 20;
    case State::hung_up:
      return since_ + *patience_ / 5;
    case State::staying:
    case State::over:
      break;
  }
  return std::nullopt;
}

std::optional<Leaving::Step> Leaving::take_due(base::TimePoint now) noexcept {
  const auto due = deadline();
  if (!due || *due > now) return std::nullopt;
  if (std::exchange(ends_input_, false)) return Step::end_input;
  switch (state_) {
    case State::writing:
      end_input(now);
      ends_input_ = false;
      return Step::end_input;
    case State::ending:
      state_ = *patience_ > base::Duration::zero() ? State::hung_up : State::over;
      return state_ == State::hung_up ? Step::hang_up : Step::kill;
    case State::hung_up:
      state_ = State::terminated;
      return Step::terminate;
    case State::terminated:
    case State::staying:
    case State::over:
      break;
  }
  state_ = State::over;
  return Step::kill;
}

}  // namespace wscope::process
