#include "link/beats.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "link/link.h"

namespace wscope::link {

Beats::Beats(Loop& loop, const std::vector<Beat>& beats, Link& link)
    : loop_(loop),
      beats_(beats),
      link_(link),
      timer_(loop.poller.add(-1, {}, *this)),
      names_(loop.random),
      sent_(beats.size()) {
  for (const Beat& beat : beats) due_.push_back(loop.poller.now() + beat.interval);
  set_timer();
}

Beats::~Beats() { loop_.poller.remove(timer_); }

void Beats::handle_deadline(net::Poller::Id, base::TimePoint now) {
  for (std::size_t i = 0; i < beats_.size(); ++i) {
    if (due_[i] > now) continue;
    const base::Duration interval = beats_[i].interval;
    due_[i] += interval * ((now - due_[i]) / interval + 1);
    send(i);
  }
  if (link_.is_open()) set_timer();  // else it never is again
}

void Beats::send(std::size_t beat) {
  if (!link_.is_open() || !link_.peer().has_room() || link_.connection().sending_message()) return;
  try {
    names_.set_time(std::chrono::system_clock::now());
    names_.set_round(++sent_[beat]);
    const auto message = beats_[beat].says.fill(names_);
    if (!message) return;                                                 // of the environment, and no UTF-8
    static_cast<void>(link_.send(message->instruction(), loop_.random));  // fails only for one that is on its way out
    link_.peer().flush();
  } catch (const std::bad_alloc&) {
    link_.peer().lose();
  }
}

void Beats::set_timer() { loop_.poller.set_deadline(timer_, *std::min_element(due_.begin(), due_.end())); }

}  // namespace wscope::link
