#include "link/beats.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <optional>
#include <utility>

#include "link/link.h"

namespace wscope::link {

Beats::Beats(Loop& loop, const std::vector<Beat>& beats, Link& link)
    : loop_(loop), link_(link), timer_(loop.poller.add(-1, {}, *this)) {
  for (const Beat& beat : beats) {
    rows_.push_back({.beat = &beat, .names = Recollection(loop.random), .due = loop.poller.now() + beat.interval});
  }
  set_timer();
}

Beats::~Beats() { loop_.poller.remove(timer_); }

void Beats::add(std::uint64_t id, const Beat& beat, const Recollection& variables) {
  const bool is_there = std::any_of(rows_.begin(), rows_.end(), [id](const Row& row) { return row.id == id; });
  if (is_there) return;
  auto kept = std::make_unique<const Beat>(beat);
  const Beat* const own = kept.get();
  rows_.push_back(
      {own, id, std::move(kept), Recollection(loop_.random, &variables), loop_.poller.now() + beat.interval});
  set_timer();
}

void Beats::remove(std::uint64_t id) {
  std::erase_if(rows_, [id](const Row& row) { return row.id == id; });
  set_timer();
}

void Beats::handle_deadline(net::Poller::Id, base::TimePoint now) {
  for (Row& row : rows_) {
    if (row.due > now) continue;
    const base::Duration interval = row.beat->interval;
    row.due += interval * ((now - row.due) / interval + 1);
    send(row);
  }
  if (link_.is_open()) set_timer();  // else it never is again
}

void Beats::send(Row& row) {
  if (!link_.is_open() || !link_.peer().has_room() || link_.connection().sending_message()) return;
  try {
    row.names.set_time(std::chrono::system_clock::now());
    row.names.set_round(++row.sent);
    const auto message = row.beat->says.fill(row.names);
    if (!message) return;                                                 // a name stands for nothing, or for no text
    static_cast<void>(link_.send(message->instruction(), loop_.random));  // fails only for one that is on its way out
    link_.peer().flush();
  } catch (const std::bad_alloc&) {
    link_.peer().lose();
  }
}

void Beats::set_timer() {
  std::optional<base::TimePoint> due;
  for (const Row& row : rows_) due = base::earlier(due, row.due);
  loop_.poller.set_deadline(timer_, due);
}

}  // namespace wscope::link
