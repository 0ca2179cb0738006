#include "term/kill_ring.h"

namespace wscope::term {

void KillRing::add(std::string_view text, Join join) {
  if (text.empty()) return;
  if (join == Join::none || kills_.empty()) {
    if (kills_.size() == most) kills_.pop_front();
    kills_.emplace_back(text);
  } else if (kills_.back().size() + text.size() <= most_bytes) {
    std::string& kill = kills_.back();
    kill.insert(join == Join::before ? 0 : kill.size(), text);
  }
  current_ = kills_.size() - 1;
}

const std::string& KillRing::current() const noexcept { return kills_.empty() ? nothing_ : kills_[current_]; }

void KillRing::rotate() noexcept {
  if (!kills_.empty()) current_ = (current_ == 0 ? kills_.size() : current_) - 1;
}

}  // namespace wscope::term
