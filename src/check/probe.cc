#include "check/probe.h"

#include <algorithm>

namespace wscope::check {

std::uint64_t Probe::doubled() const noexcept {
  if (!taken_) return std::min(range_.first == 0 ? range_.least : range_.first, range_.most);
  return std::min(2 * *taken_, range_.most);
}

bool Probe::is_close() const noexcept {
  const std::uint64_t low = taken_.value_or(0);
  return *refused_ - low <= std::max<std::uint64_t>(1, low / range_.precision);
}

std::optional<std::uint64_t> Probe::next() const noexcept {
  std::uint64_t size = 0;
  switch (stage_) {
    case Stage::doubling:
      size = doubled();
      break;
    case Stage::confirming:
      size = suspect_;
      break;
    case Stage::one_more:
      size = *taken_ + 1;
      break;
    case Stage::halving:
      size = taken_.value_or(0) + (*refused_ - taken_.value_or(0)) / 2;
      break;
    case Stage::checking:
      size = *taken_;
      break;
    case Stage::over:
      return std::nullopt;
  }
  if (range_.budget != 0 && spent_ + size > range_.budget) return std::nullopt;
  return size;
}

// Limits are often powers of two, that were tried by then.
void Probe::go_on_after_refusal() noexcept {
  const bool was_doubling = stage_ == Stage::confirming;
  if (is_close()) {
    stage_ = taken_ ? Stage::checking : Stage::over;
  } else if (was_doubling && taken_) {
    stage_ = Stage::one_more;
  } else {
    stage_ = Stage::halving;
  }
}

void Probe::told(Answer answer) noexcept {
  const std::optional<std::uint64_t> size = next();
  if (!size) return;
  spent_ += *size;
  if (answer == Answer::unknown) {
    stage_ = Stage::over;
    return;
  }
  const bool was_taken = answer == Answer::taken;
  if (stage_ == Stage::confirming && was_taken) ++flukes_;
  if (stage_ == Stage::checking && !was_taken) flukes_ = most_flukes;  // it was taken before
  if (unsteady() || stage_ == Stage::checking) {
    stage_ = Stage::over;
    return;
  }
  if (was_taken) {
    taken_ = std::max(taken_.value_or(0), *size);
    if (!refused_) {
      stage_ = *size >= range_.most ? Stage::over : Stage::doubling;
      return;
    }
    stage_ = Stage::halving;
    if (is_close()) stage_ = Stage::over;
    return;
  }
  if (stage_ == Stage::doubling) {
    suspect_ = *size;
    stage_ = Stage::confirming;
    return;
  }
  refused_ = *size;
  go_on_after_refusal();
}

}  // namespace wscope::check
