#include "net/poller.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <climits>
#include <ctime>
#include <span>
#include <utility>

#include "net/error.h"

namespace wscope::net {
namespace {

constexpr short hang_up = POLLHUP | POLLERR | POLLNVAL;

// Below this, asking all costs less than asking twice.
constexpr std::size_t many = 128;
constexpr base::Duration all_interval = std::chrono::milliseconds(1);
// Between two times that each is asked alone.
constexpr std::chrono::milliseconds each_pause(10);
// For so many rounds without being ready an entry stays hot.
constexpr std::uint32_t hot_rounds = 4;

short poll_events(Interest interest) noexcept {
  return static_cast<short>((interest.readable ? POLLIN : 0) | (interest.writable ? POLLOUT : 0));
}

// `wanted` is what the entry waits for by now: an earlier handler of this turn may have changed it.
Readiness readiness(short found, short wanted) noexcept {
  const bool hung_up = (found & hang_up) != 0;
  const int ready = wanted & (hung_up ? wanted : found);
  return {.readable = (ready & POLLIN) != 0, .writable = (ready & POLLOUT) != 0, .hung_up = hung_up};
}

#ifdef __linux__
// Until `next`, if there is one, as exactly as the system can: poll() would count in milliseconds.
int wait_for_any(std::span<pollfd> polled, std::optional<base::TimePoint> next, const base::TimeSource& time) {
  timespec most{};
  if (next) {
    const base::TimePoint now = time.now();
    const base::Duration left = std::max(*next, now) - now;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    most.tv_sec = seconds.count();
    most.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
  }
  return ::ppoll(polled.data(), static_cast<nfds_t>(polled.size()), next ? &most : nullptr, nullptr);
}
#endif

// What an entry is called in the set.
std::uint64_t number_of(Poller::Id id) noexcept { return std::uint64_t{id.generation} << 32 | id.index; }
Poller::Id id_of(std::uint64_t number) noexcept {
  return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32)};
}

template <typename Value>
void make_room(std::vector<Value>& values, std::size_t count) {
  if (values.capacity() < count) values.reserve(std::max(count, 2 * values.capacity()));
}

}  // namespace

// All the room that an entry may ever take is there before it is, as what comes later must not fail.
Poller::Id Poller::add(int fd, Interest interest, Pollable& pollable) {
  if (free_.empty()) {
    const std::size_t count = entries_.size() + 1;
    make_room(entries_, count);
    make_room(free_, count);
    make_room(polled_, count);
    make_room(owners_, count);
    free_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  entries_[index].pollable = &pollable;
  entries_[index].fd = fd;
  const Id id{index, entries_[index].generation};
  set_interest(id, interest);
  return id;
}

void Poller::set_interest(Id id, Interest interest) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  if (interest == Interest{}) {
    unwatch(*entry);
  } else {
    assert(entry->fd >= 0);
    watch(id.index, poll_events(interest));
  }
}

void Poller::set_deadline(Id id, std::optional<base::TimePoint> deadline) {
  if (find(id) == nullptr) return;
  // Whoever is due at once again and again must not come before those who have waited for longer.
  if (deadline) deadline = std::max(*deadline, polled_at_);
  deadlines_.set(id.index, deadline);
}

void Poller::remove(Id id) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  deadlines_.set(id.index, std::nullopt);
  unwatch(*entry);
  entry->pollable = nullptr;
  // The place may be taken again at once, but not under this name.
  ++entry->generation;
  free_.push_back(id.index);
}

base::Result<void> Poller::run_once() {
  if (may_have_set_ && polled_.size() >= many) make_set();
  base::Result<void> run = set_.valid() ? run_with_set() : run_without_set();
  if (run.ok()) dispatch_due();
  return run;
}

Poller::Entry* Poller::find(Id id) noexcept {
  if (id.index >= entries_.size() || entries_[id.index].generation != id.generation) return nullptr;
  return &entries_[id.index];
}

void Poller::watch(std::uint32_t index, short events) {
  Entry& entry = entries_[index];
  if (entry.position != unwatched) {
    pollfd& polled = polled_[entry.position];
    if (std::exchange(polled.events, events) != events && is_in_set(entry))
      set_.change(entry.fd, events, number_of({index, entries_[index].generation}));
    return;
  }
  entry.position = static_cast<std::uint32_t>(polled_.size());
  polled_.push_back({entry.fd, events, 0});
  owners_.push_back(index);
  entry.last_ready = round_;
  if (set_.valid()) put_into_set(entry.position);
}

void Poller::unwatch(Entry& entry) noexcept {
  if (entry.position == unwatched) return;
  if (is_in_set(entry)) set_.remove(entry.fd);
  if (entry.position < hot_) exchange(entry.position, --hot_);
  exchange(entry.position, polled_.size() - 1);
  polled_.pop_back();
  owners_.pop_back();
  entry.position = unwatched;
}

void Poller::exchange(std::size_t a, std::size_t b) noexcept {
  std::swap(polled_[a], polled_[b]);
  std::swap(owners_[a], owners_[b]);
  entries_[owners_[a]].position = static_cast<std::uint32_t>(a);
  entries_[owners_[b]].position = static_cast<std::uint32_t>(b);
}

// How many of the hot ones are ready, if it is worth asking them alone and not yet time to ask all.
std::size_t Poller::poll_hot() {
  if (polled_.size() < many || hot_ == 0 || hot_ > polled_.size() / 2) return 0;
  // Nobody waits here, so the turn's time may be taken before: then no deadline gets due without all having been asked.
  polled_at_ = time_.now();
  if (polled_at_ - all_asked_at_ >= all_interval) return 0;
  if (const auto deadline = deadlines_.next(); deadline && *deadline <= polled_at_) return 0;
  const int found = ::poll(polled_.data(), static_cast<nfds_t>(hot_), 0);
  return static_cast<std::size_t>(std::max(found, 0));
}

base::Result<void> Poller::run_without_set() {
  if (const std::size_t found = poll_hot(); found > 0) {
    dispatch_ready(found);
    return {};
  }
  const base::Result<std::size_t> found = wait(polled_.size());
  if (!found.ok()) return found.error();
  all_asked_at_ = polled_at_;
  if (*found > 0 && polled_.size() >= many) choose_hot();
  if (*found > 0) dispatch_ready(*found);
  return {};
}

// Once and for all: a system that refuses is not asked again.
void Poller::make_set() noexcept {
  may_have_set_ = false;
  if (!set_.open()) return;
  hot_ = 0;
  for (std::size_t i = 0; i < polled_.size(); ++i) put_into_set(i);
}

// What was behind the hot ones. What cannot be there becomes one of them.
void Poller::put_into_set(std::size_t position) noexcept {
  polled_[position].revents = 0;
  const std::uint32_t index = owners_[position];
  if (!set_.add(polled_[position].fd, polled_[position].events, number_of({index, entries_[index].generation})))
    exchange(position, hot_++);
}

// The place behind the hot ones is lent to the set of the others.
base::Result<void> Poller::run_with_set() {
  const std::size_t hot = hot_;
  const bool some_in_set = hot < polled_.size();
  const pollfd lent = some_in_set ? std::exchange(polled_[hot], {set_.fd(), POLLIN, 0}) : pollfd{};
  const base::Result<std::size_t> found = wait(hot + (some_in_set ? 1 : 0));
  const bool set_is_ready = some_in_set && polled_[hot].revents != 0;
  if (some_in_set) polled_[hot] = lent;
  if (!found.ok()) return found.error();
  ++round_;
  dispatch_ready(*found - (set_is_ready ? 1 : 0));
  if (set_is_ready) dispatch_set();
  return {};
}

// For the first `count`. How many of them are ready.
base::Result<std::size_t> Poller::wait(std::size_t count) {
#ifdef __linux__
  int found = wait_for_any(std::span(polled_).first(count), deadlines_.next(), time_);
#else
  int found = ::poll(polled_.data(), static_cast<nfds_t>(count), timeout());
#endif
  if (found < 0 && errno != EINTR) {
    const base::Result<std::size_t> among_each = poll_each(count);
    if (!among_each.ok()) return among_each;
    found = static_cast<int>(*among_each);
  }
  polled_at_ = time_.now();
  return static_cast<std::size_t>(std::max(found, 0));
}

// One alone takes no memory of the system's, and is allowed as long as there is any. Nobody is told in between, so what
// is not ready now is waited for a little, lest the loop is busy.
base::Result<std::size_t> Poller::poll_each(std::size_t count) {
  std::size_t found = 0;
  for (pollfd& polled : std::span(polled_).first(count)) {
    polled.revents = 0;
    const int ready = ::poll(&polled, 1, 0);
    if (ready < 0 && errno != EINTR && errno != EAGAIN && errno != ENOMEM) return system_error("poll", errno);
    if (ready > 0) ++found;
  }
  const int most = static_cast<int>(std::chrono::milliseconds(each_pause).count());
  const int left = timeout();
  if (found == 0) ::poll(nullptr, 0, left < 0 ? most : std::min(left, most));
  return found;
}

// Who is ready now or was so in one of the last rounds.
void Poller::choose_hot() noexcept {
  ++round_;
  const std::size_t before = std::exchange(hot_, 0);
  for (std::size_t i = 0; i < polled_.size(); ++i) {
    const bool lately = i < before && round_ - entries_[owners_[i]].last_ready <= hot_rounds;
    if (polled_[i].revents == 0 && !lately) continue;
    if (i != hot_) exchange(i, hot_);
    ++hot_;
  }
}

// In milliseconds, rounded up: waking a little early would only mean to wait again.
int Poller::timeout() noexcept {
  const std::optional<base::TimePoint> next = deadlines_.next();
  if (!next) return -1;
  const base::TimePoint now = time_.now();
  if (*next <= now) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - now).count();
  return static_cast<int>(std::min<decltype(left)>(left, INT_MAX));
}

// Backwards, because unwatch() fills a gap with the last: one that was served already, or that is still to come. What
// is added meanwhile has found nothing yet.
void Poller::dispatch_ready(std::size_t count) {
  const std::size_t end = set_.valid() || polled_.size() >= many ? hot_ : polled_.size();
  for (std::size_t i = end; count > 0 && i-- > 0;) {
    if (i >= polled_.size()) continue;  // handlers have removed several
    const short found = std::exchange(polled_[i].revents, short{0});
    if (found == 0) continue;
    --count;
    dispatch(owners_[i], found);
  }
}

// Each of the set that is ready is called once, so the end is where one comes again.
void Poller::dispatch_set() {
  std::array<WatchSet::Ready, 128> ready;
  std::size_t count = ready.size();
  for (bool others = true; others && count == ready.size();) {
    count = set_.find_ready(ready);
    for (const WatchSet::Ready& one : std::span(ready).first(count)) others = dispatch_once(one) && others;
  }
}

// False if it was called in this round. Those that handlers have removed or added meanwhile are left out.
bool Poller::dispatch_once(const WatchSet::Ready& ready) {
  Entry* const entry = find(id_of(ready.number));
  if (entry == nullptr || entry->position == unwatched) return true;
  if (entry->last_ready == round_) return false;
  dispatch(id_of(ready.number).index, ready.found);
  return true;
}

void Poller::dispatch(std::uint32_t index, short found) {
  Entry& entry = entries_[index];
  const short wanted = polled_[entry.position].events;
  const Readiness ready = readiness(found, wanted);
  const bool only_its_end = wanted == 0;
  if (!ready.readable && !ready.writable && !only_its_end) return;
  entry.last_ready = round_;
  entry.pollable->handle_ready({index, entry.generation}, ready);
}

// At most once for each deadline there was, so that one which is due again at once cannot keep the loop here.
void Poller::dispatch_due() {
  for (std::size_t most = deadlines_.size(); most > 0; --most) {
    const std::optional<std::uint32_t> index = deadlines_.take_due(polled_at_);
    if (!index) return;
    entries_[*index].pollable->handle_deadline({*index, entries_[*index].generation}, now());
  }
}

bool writable_now(int fd) noexcept {
  pollfd polled{fd, POLLOUT, 0};
  return ::poll(&polled, 1, 0) > 0;
}

}  // namespace wscope::net
