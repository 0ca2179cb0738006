// Many descriptors, watched as one.
#pragma once

#include <cstdint>
#include <span>

#include "net/fd.h"

namespace wscope::net {

/// To poll() it is one descriptor, readable when any of those in it is ready: so asking about all of them costs as much
/// as asking about one, and only adding, changing and removing takes a call of the system for each. Linux's epoll;
/// other systems have none, and there open() fails, as it may anywhere.
///
/// Events are those of poll(): POLLIN, POLLOUT; POLLHUP and POLLERR are always told.
class WatchSet {
 public:
  /// Makes the set, which is empty; false if the system refuses.
  [[nodiscard]] bool open() noexcept;
  [[nodiscard]] bool valid() const noexcept { return set_.valid(); }
  /// For poll(), which is to wait for POLLIN.
  [[nodiscard]] int fd() const noexcept { return set_.get(); }

  /// Watches a descriptor, under a number of the caller's. False if it cannot be watched so: a regular file, one that
  /// is in the set already, or the system has no memory.
  [[nodiscard]] bool add(int fd, short events, std::uint64_t number) noexcept;
  /// For one that is in the set.
  void change(int fd, short events, std::uint64_t number) noexcept;
  void remove(int fd) noexcept;

  struct Ready {
    std::uint64_t number = 0;
    short found = 0;
  };
  /// Those that are ready now, as many as `into` has room for; how many. The next call begins with others, if there are
  /// any, though these may be ready still.
  [[nodiscard]] std::size_t find_ready(std::span<Ready> into) noexcept;

 private:
  UniqueFd set_;
};

}  // namespace wscope::net
