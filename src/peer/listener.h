// Accepts connections on one address.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "net/address.h"
#include "net/fd.h"
#include "net/poller.h"
#include "net/unix_listener.h"

namespace wscope::peer {

/// Who listens.
class ListenerOwner {
 public:
  /// A client has connected. The listener may be stopped in this call, but not destroyed.
  virtual void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) = 0;
  /// Nobody can be accepted for now: the system has run out of descriptors or memory (`error`, a number of errno). Said
  /// once, until handle_recovered().
  virtual void handle_exhausted(int error) = 0;
  /// Everybody who waited is accepted. The listener may be stopped in neither call.
  virtual void handle_recovered() = 0;

 protected:
  ~ListenerOwner() = default;
};

/// A listening socket in the loop. What the system refuses to it never ends it: it tries again in a while.
class Listener final : private net::Pollable {
 public:
  Listener(net::Poller& poller, ListenerOwner& owner) noexcept : poller_(poller), owner_(owner) {}
  ~Listener() { stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Begins to listen; an error of kind io names the address and the reason.
  [[nodiscard]] base::Result<void> listen(const net::SocketAddress& address);
  /// The same on a Unix domain socket, as net::listen_on_unix() does; its file goes when it stops.
  [[nodiscard]] base::Result<void> listen(const std::string& path, mode_t mode);
  /// Takes over what listens already.
  [[nodiscard]] base::Result<void> listen(net::UniqueFd socket);
  /// Where it listens, with the port that was chosen for port 0.
  [[nodiscard]] net::SocketAddress address() const noexcept { return address_; }
  /// Closes the socket, and removes its file if it has one.
  void stop();

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void accept();
  void rest();

  net::Poller& poller_;
  ListenerOwner& owner_;
  net::Poller::Id id_;
  net::UniqueFd socket_;
  net::SocketFile file_;
  net::SocketAddress address_;
  bool exhausted_ = false;
};

}  // namespace wscope::peer
