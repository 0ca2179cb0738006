// Happy Eyeballs: several addresses, the first that answers wins (RFC 8305 section 5).
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "net/fd.h"
#include "net/poller.h"

namespace wscope::peer {

/// Who waits for the winner.
class RaceOwner {
 public:
  /// `address` is about to be tried.
  virtual void handle_attempt(const net::SocketAddress& address) = 0;
  /// The connected socket; or, when all have failed, why (kind connect). The race may be destroyed in this call.
  virtual void handle_winner(base::Result<net::UniqueFd> socket) = 0;

 protected:
  ~RaceOwner() = default;
};

/// The addresses in the order in which they are tried: that of getaddrinfo, but with the families taking turns
/// (section 4).
[[nodiscard]] std::vector<net::SocketAddress> interleave(const std::vector<net::SocketAddress>& addresses);

/// Connects to addresses one after the other, without waiting longer than 250 ms for one before the next is tried too,
/// and at once if one fails.
///
/// If all fail for different reasons, one stands for the whole: what an address answered tells more ("connection
/// refused") than what our own system says of one that it has no way to ("network is unreachable", as for every IPv6
/// address where there is none); of equals it is the first, which is the one that was wanted most.
class Race final : private net::Pollable {
 public:
  Race(net::Poller& poller, RaceOwner& owner) : poller_(poller), owner_(owner), timer_(poller.add(-1, {}, *this)) {}
  ~Race();
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  /// Begins, with at least one address; the owner hears of the outcome from the loop, or within this call if none can
  /// even be tried.
  void start(const std::vector<net::SocketAddress>& addresses);

 private:
  struct Runner {
    net::UniqueFd socket;
    net::Poller::Id id;
  };

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void try_next();
  void note_failure(base::Error error, bool answered);
  void stop();

  net::Poller& poller_;
  RaceOwner& owner_;
  net::Poller::Id timer_;
  std::vector<net::SocketAddress> addresses_;
  std::size_t next_ = 0;
  std::vector<Runner> running_;
  std::optional<base::Error> error_;  // that stands for the whole
  bool answered_ = false;             // it came from the other end
};

}  // namespace wscope::peer
