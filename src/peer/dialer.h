// From a host and a port to a connected socket.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/fd.h"
#include "net/poller.h"
#include "net/resolver.h"

namespace wscope::peer {

/// Who dials.
class DialerOwner {
 public:
  /// `address` is about to be tried.
  virtual void handle_attempt(const net::SocketAddress& address) = 0;
  /// The connected socket, or why there is none (kind dns or connect). The dialer may be destroyed in this call.
  virtual void handle_dialed(base::Result<net::UniqueFd> socket) = 0;

 protected:
  ~DialerOwner() = default;
};

/// Looks a host up and connects to its addresses in turn, until one answers.
class Dialer final : private net::Pollable {
 public:
  Dialer(net::Poller& poller, DialerOwner& owner) noexcept : poller_(poller), owner_(owner) {}
  ~Dialer() { poller_.remove(id_); }
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// Begins; the owner hears of the outcome from the loop, never within this call. `timeout` is for all of it; zero:
  /// none.
  void start(const std::string& host, std::uint16_t port, base::Duration timeout);

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void take_addresses();
  void try_next();
  void watch(int fd, net::Interest interest);

  net::Poller& poller_;
  DialerOwner& owner_;
  net::Poller::Id id_;
  net::Resolver resolver_;
  net::Resolver::Addresses addresses_;
  std::size_t next_ = 0;
  net::UniqueFd socket_;  // being connected; none while the name is looked up
  std::optional<base::TimePoint> deadline_;
  base::Error last_error_;
};

}  // namespace wscope::peer
