// All the sockets on which a server listens.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "link/plan.h"
#include "net/poller.h"
#include "peer/listener.h"

namespace wscope::link {

class Listeners {
 public:
  /// Both outlive it.
  Listeners(net::Poller& poller, peer::ListenerOwner& owner) noexcept : poller_(poller), owner_(owner) {}

  /// Listens there, too; an error of kind usage or io.
  [[nodiscard]] base::Result<void> listen(const ListenAddress& address);
  [[nodiscard]] bool empty() const noexcept { return listeners_.empty(); }
  /// Where they listen; of the loopback addresses the IPv4 one first.
  [[nodiscard]] std::vector<net::SocketAddress> addresses() const;
  [[nodiscard]] net::SocketAddress first_address() const { return listeners_.front()->address(); }
  /// Stops all.
  void clear() noexcept { listeners_.clear(); }

 private:
  template <typename... Where>
  [[nodiscard]] base::Result<void> add(Where&&... where);
  [[nodiscard]] base::Result<void> listen_on_passed(int count);
  [[nodiscard]] base::Result<void> listen_on_loopback(std::uint16_t port);

  net::Poller& poller_;
  peer::ListenerOwner& owner_;
  std::vector<std::unique_ptr<peer::Listener>> listeners_;
};

}  // namespace wscope::link
