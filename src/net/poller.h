// The one poll() of the program: which descriptors and deadlines are waited for, and who is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <poll.h>

#include "base/clock.h"
#include "base/result.h"
#include "net/deadlines.h"
#include "net/watch_set.h"

namespace wscope::net {

class Pollable;

/// The operating system's monotonic clock, which everybody asks through the Poller.
class SystemTime final : public base::TimeSource {
 public:
  [[nodiscard]] base::TimePoint now() const noexcept override { return base::Clock::now(); }
};

/// What an entry waits for. With nothing to wait for, it hears of nothing, not even that its peer has hung up.
struct Interest {
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< that nobody is at the other end any more: of a pipe that is written to, no reader

  bool operator==(const Interest&) const = default;
};

/// What was found. A hung-up or broken descriptor is also all that its entry waits for, so that whoever then reads or
/// writes as usual learns the reason; hung_up alone needs no handling but of who waits for nothing else.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool hung_up = false;
};

/// Waits for descriptors and deadlines and tells their owners, one turn of the loop at a time.
///
/// It owns no descriptor and no Pollable: whoever adds one removes it before either goes. Everything but run_once() may
/// be called at any time, also by a handler, for its own entry and for others.
///
/// poll() costs time for every descriptor, also for the idle ones. So where there are many, they are in a WatchSet, and
/// poll() is asked about that, beside what cannot be in one. Where there is no such set, those found ready lately (the
/// hot ones) are asked alone first, without waiting; all are asked when no hot one is ready, and otherwise once a
/// millisecond and whenever a deadline is due: while others keep the loop busy, that is how much later an entry that
/// has been idle may hear of its readiness.
class Poller {
 public:
  /// A deadline that has come: its handler is called in the turn that goes on, or in the next one.
  static constexpr base::TimePoint at_once = base::TimePoint::min();

  /// Names one entry. Stale ones are recognised: calls with the Id of a removed entry, or with a default one, do
  /// nothing.
  struct Id {
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    bool operator==(const Id&) const = default;
  };

  enum class Many : std::uint8_t { in_a_set, asked };
  /// `time`, if it is not to be the system's, outlives it. With Many::asked it does without a WatchSet.
  explicit Poller(const base::TimeSource* time = nullptr, Many many = Many::in_a_set) noexcept
      : may_have_set_(many == Many::in_a_set), time_(time != nullptr ? *time : system_time_) {}
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Adds an entry without a deadline. A negative `fd` is for an entry that only ever has deadlines.
  [[nodiscard]] Id add(int fd, Interest interest, Pollable& pollable);
  void set_interest(Id id, Interest interest);
  /// When handle_deadline() is called, once; nullopt is never. Putting a deadline off costs next to nothing.
  void set_deadline(Id id, std::optional<base::TimePoint> deadline);
  /// From now on nobody is called for this entry, even if it was already found ready in this turn.
  void remove(Id id);

  /// Waits until something is ready or due, then calls the handlers: first of all ready entries, then of all deadlines
  /// that were due when the wait ended, earliest first: what has arrived by then is in time. A signal may end the wait
  /// with nothing found. With no entry it waits for ever.
  ///
  /// A system that is out of memory, or has come to allow fewer descriptors than there are, is asked about one after
  /// the other. An Error of kind io: not even that can be done.
  base::Result<void> run_once();

  /// What time it is: not when this turn began, as a handler before may have taken long, or slept with the program.
  [[nodiscard]] base::TimePoint now() const noexcept { return time_.now(); }

 private:
  static constexpr std::uint32_t unwatched = UINT32_MAX;

  struct Entry {
    Pollable* pollable = nullptr;  // null: the place is free
    int fd = -1;
    std::uint32_t generation = 1;
    std::uint32_t position = unwatched;  // in polled_ and owners_
    std::uint32_t last_ready = 0;        // round_ then, or when it began to be waited for
  };

  [[nodiscard]] Entry* find(Id id) noexcept;
  void watch(std::uint32_t index, short events);
  void unwatch(Entry& entry) noexcept;
  void exchange(std::size_t a, std::size_t b) noexcept;
  [[nodiscard]] bool is_in_set(const Entry& entry) const noexcept { return set_.valid() && entry.position >= hot_; }
  void put_into_set(std::size_t position) noexcept;
  void make_set() noexcept;
  [[nodiscard]] base::Result<void> run_with_set();
  [[nodiscard]] base::Result<void> run_without_set();
  [[nodiscard]] base::Result<std::size_t> wait(std::size_t count);
  [[nodiscard]] base::Result<std::size_t> poll_each(std::size_t count);
  [[nodiscard]] std::size_t poll_hot();
  [[nodiscard]] int timeout() noexcept;
  void choose_hot() noexcept;
  void dispatch_ready(std::size_t count);
  void dispatch_set();
  [[nodiscard]] bool dispatch_once(const WatchSet::Ready& ready);
  void dispatch(std::uint32_t index, short found);
  void dispatch_due();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  // Only what is really waited for, so that an entry at rest costs the system nothing; parallel arrays. The hot ones
  // come first. If there is a set, these are those that cannot be in it, and all others are.
  std::vector<pollfd> polled_;
  std::vector<std::uint32_t> owners_;
  std::size_t hot_ = 0;
  std::uint32_t round_ = 0;  // how often all were asked
  WatchSet set_;
  bool may_have_set_;  // it was not tried yet
  base::TimePoint all_asked_at_;
  Deadlines deadlines_;
  base::TimePoint polled_at_;  // when this turn's wait ended
  SystemTime system_time_;
  const base::TimeSource& time_;
};

/// What owns an entry of a Poller. Nobody deletes one through this interface, so whoever implements it is final.
class Pollable {
 public:
  /// The descriptor is ready for something the entry waits for.
  virtual void handle_ready(Poller::Id id, Readiness readiness) = 0;
  /// The deadline has come, and is no longer set. `now` is what time it is.
  virtual void handle_deadline(Poller::Id id, base::TimePoint now) = 0;

 protected:
  ~Pollable() = default;
};

/// Whether `fd` would take some bytes right now. For descriptors that may block, between two turns of the loop.
[[nodiscard]] bool writable_now(int fd) noexcept;

}  // namespace wscope::net
