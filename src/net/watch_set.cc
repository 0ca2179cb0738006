#include "net/watch_set.h"

#ifdef __linux__
#include <algorithm>
#include <array>
#include <cassert>

#include <poll.h>
#include <sys/epoll.h>
#endif

namespace wscope::net {

#ifdef __linux__

// Their numbers are the same, so that neither has to be translated.
static_assert(POLLIN == EPOLLIN && POLLOUT == EPOLLOUT && POLLHUP == EPOLLHUP && POLLERR == EPOLLERR);

namespace {

bool control(int set, int operation, int fd, short events, std::uint64_t number) noexcept {
  epoll_event event{};
  event.events = static_cast<std::uint32_t>(events);
  event.data.u64 = number;
  return ::epoll_ctl(set, operation, fd, &event) == 0;
}

}  // namespace

bool WatchSet::open() noexcept {
  set_.reset(::epoll_create1(EPOLL_CLOEXEC));
  return set_.valid();
}

bool WatchSet::add(int fd, short events, std::uint64_t number) noexcept {
  return control(set_.get(), EPOLL_CTL_ADD, fd, events, number);
}

void WatchSet::change(int fd, short events, std::uint64_t number) noexcept {
  [[maybe_unused]] const bool changed = control(set_.get(), EPOLL_CTL_MOD, fd, events, number);
  assert(changed);
}

void WatchSet::remove(int fd) noexcept {
  [[maybe_unused]] const bool removed = control(set_.get(), EPOLL_CTL_DEL, fd, 0, 0);
  assert(removed);
}

std::size_t WatchSet::find_ready(std::span<Ready> into) noexcept {
  std::array<epoll_event, 128> events;
  const int most = static_cast<int>(std::min(into.size(), events.size()));
  const int count = ::epoll_wait(set_.get(), events.data(), most, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    into[static_cast<std::size_t>(i)] = {event.data.u64, static_cast<short>(event.events)};
  }
  return static_cast<std::size_t>(std::max(count, 0));
}

#else

bool WatchSet::open() noexcept { return false; }
bool WatchSet::add(int, short, std::uint32_t) noexcept { return false; }
void WatchSet::change(int, short, std::uint32_t) noexcept {}
void WatchSet::remove(int) noexcept {}
std::size_t WatchSet::find_ready(std::span<Ready>) noexcept { return 0; }

#endif

}  // namespace wscope::net
