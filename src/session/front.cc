#include "session/front.h"

#include <utility>

namespace wscope::session {

Front::Front(net::Poller& poller, net::Signals* signals, const Wishes& wishes)
    : poller_(poller),
      signals_(signals),
      wakes_(poller.add(signals != nullptr ? signals->fd() : -1, {.readable = signals != nullptr}, *this)),
      session_(wishes, poller.now()) {}

streams::Outcome Front::run() {
  begin();
  while (!session_.over() || is_kept()) turn();
  if (const auto order = session_.next_order()) obey(*order);  // two signals in one turn: the peers hear of it still
  return session_.outcome();
}

void Front::look_at_signals() {
  while (const auto number = signals_ != nullptr ? signals_->take() : std::nullopt) handle_signal(*number);
}

void Front::turn() {
  prepare_turn();
  if (const auto order = session_.next_order()) {
    obey(*order);
    turn_soon();  // there may be nobody any more who would end a wait
  }
  if (session_.state() == Session::State::printing) {
    const streams::Outcome& outcome = session_.outcome();
    if (!std::exchange(told_, true) && outcome.error()) tell_error(*outcome.error(), outcome.status());
    if (print_rest()) session_.printed();
  }
  if (session_.over() && !is_kept()) return;
  set_timer();
  if (auto turned = poller_.run_once(); !turned) session_.give_up(std::move(turned).error());
}

void Front::set_timer() {
  const auto deadline = base::earlier(std::exchange(next_turn_, std::nullopt), session_.deadline());
  if (std::exchange(deadline_, deadline) != deadline) poller_.set_deadline(wakes_, deadline);
}

void Front::handle_deadline(net::Poller::Id, base::TimePoint now) {
  deadline_.reset();
  session_.advance(now);
}

}  // namespace wscope::session
