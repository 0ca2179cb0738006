// A UDP port that anybody may send to.
#pragma once

#include <vector>

#include "base/result.h"
#include "link/loop.h"
#include "link/plan.h"
#include "net/datagram.h"
#include "net/fd.h"
#include "net/poller.h"

namespace wscope::serve {

class DatagramListenerOwner {
 public:
  /// A datagram has come by `socket`, which is the listener's.
  virtual void handle_datagram(int socket, const net::Way& way, base::Bytes datagram) = 0;

 protected:
  ~DatagramListenerOwner() = default;
};

class DatagramListener final : private net::Pollable {
 public:
  /// Both outlive it.
  DatagramListener(link::Loop& loop, DatagramListenerOwner& owner) noexcept : loop_(loop), owner_(owner) {}
  ~DatagramListener() { stop(); }
  DatagramListener(const DatagramListener&) = delete;
  DatagramListener& operator=(const DatagramListener&) = delete;

  /// Begins, at a numeric address or at both of loopback; an error of kind usage or io.
  [[nodiscard]] base::Result<void> listen(const link::ListenAddress& address);
  /// Where; of the loopback addresses the IPv4 one, if there is one.
  [[nodiscard]] net::SocketAddress address() const;
  /// Nothing more is heard. The sockets stay, for answers.
  void stop();

 private:
  struct Socket {
    net::UniqueFd fd;
    net::Poller::Id id;
  };

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  [[nodiscard]] base::Result<void> add(const net::SocketAddress& address);

  link::Loop& loop_;
  DatagramListenerOwner& owner_;
  std::vector<Socket> sockets_;
};

}  // namespace wscope::serve
