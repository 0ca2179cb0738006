#include "serve/ends.h"

#include <algorithm>
#include <utility>

namespace wscope::serve {

using namespace ws::close_code;

void Ends::stream_ended(base::TimePoint now) noexcept {
  if (std::exchange(ended_, true)) return;
  if (link_ == Link::draining) {
    say(normal);
    return finish(Fate::close, now);
  }
  if (link_ != Link::open) return;
  if (options_.after_end == AfterEnd::close) {
    say(normal);
    link_ = Link::closing;
  } else if (options_.after_end == AfterEnd::wait) {
    deadline_ = end_of_silence(now);
  }
}

void Ends::stream_failed() noexcept {
  if (stream_over_ || fate_ == Fate::reset) return;
  ended_ = true;
  stream_failed_ = true;
  fate_ = Fate::reset;
  deadline_.reset();
  if (link_ != Link::open && link_ != Link::draining) return;
  options_.relay ? say(internal_error, "connection reset") : say(going_away);
  link_ = link_ == Link::open ? Link::closing : Link::closed;
}

void Ends::heard(base::TimePoint now) noexcept {
  if (listens_for_silence()) deadline_ = end_of_silence(now);
}

void Ends::close_sent(base::TimePoint now) noexcept {
  if (link_ == Link::draining) return finish(Fate::close, now);
  if (link_ != Link::open) return;
  deadline_.reset();
  link_ = Link::closing;
}

void Ends::close_received(ws::CloseCode code, base::TimePoint now) noexcept {
  const bool is_ordinary = code == normal || code == going_away || code == no_status;
  if (link_ == Link::closing) return finish(is_ordinary || code == said_ ? Fate::close : Fate::reset, now);
  if (link_ != Link::open) return;
  if (code == normal && !ended_) {
    link_ = Link::draining;
    fate_ = Fate::half_close;
    deadline_ = end_of_closing(now);
    return;
  }
  say(code);
  finish(is_ordinary ? Fate::close : Fate::reset, now);
}

void Ends::link_gone() noexcept {
  if (link_ == Link::closed) return;
  link_ = Link::closed;
  fate_ = Fate::reset;
  close_.reset();
  deadline_.reset();
}

void Ends::advance(base::TimePoint now) noexcept {
  if (!deadline_ || *deadline_ > now) return;
  deadline_.reset();
  switch (link_) {
    case Link::open:  // and silent
      say(normal);
      link_ = Link::closing;
      return;
    case Link::draining:  // without an end
      say(normal);
      ended_ = true;
      link_ = Link::closed;
      fate_ = half_closed_ ? Fate::close : Fate::reset;
      return;
    case Link::closed:  // and not all is written
      fate_ = Fate::reset;
      return;
    case Link::closing:
      return;
  }
}

std::optional<Ends::Farewell> Ends::take_close() noexcept { return std::exchange(close_, std::nullopt); }

Ends::Fate Ends::take_fate(bool all_written) noexcept {
  if (stream_over_ || fate_ == Fate::keep || (fate_ != Fate::reset && !all_written)) return Fate::keep;
  if (fate_ == Fate::half_close) {
    half_closed_ = true;
    return std::exchange(fate_, Fate::keep);
  }
  stream_over_ = true;
  if (link_ == Link::closed) deadline_.reset();
  return fate_;
}

void Ends::say(ws::CloseCode code, std::string_view reason) noexcept {
  said_ = code;
  close_ = Farewell{code, reason};
}

void Ends::finish(Fate fate, base::TimePoint now) noexcept {
  link_ = Link::closed;
  if (fate_ == Fate::reset) return;
  fate_ = fate;
  deadline_ = end_of_closing(now);
}

std::optional<base::TimePoint> Ends::end_of_silence(base::TimePoint now) const noexcept {
  return options_.silence == base::Duration::max() ? std::nullopt : std::optional(now + options_.silence);
}

std::optional<base::TimePoint> Ends::end_of_closing(base::TimePoint now) const noexcept {
  return options_.close_timeout == base::Duration::zero() ? std::nullopt : std::optional(now + options_.close_timeout);
}

}  // namespace wscope::serve
