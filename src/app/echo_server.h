// A WebSocket server that sends every message back.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/loop.h"
#include "cli/options.h"
#include "peer/listener.h"
#include "ws/deflate.h"

namespace wscope::app {

/// Serves any number of clients at once. Text comes back as text and binary as binary; a message that is too long to
/// wait for comes back in fragments, in constant memory.
class EchoServer final : public peer::ListenerOwner, public peer::PeerOwner {
 public:
  /// `loop` outlives it.
  EchoServer(Loop& loop, const cli::Timeouts& timeouts) : loop_(loop), timeouts_(timeouts) {}

  /// Listens; an error of kind usage or io.
  [[nodiscard]] base::Result<void> listen(const cli::ListenAddress& address);
  /// Where, as "127.0.0.1:8080".
  [[nodiscard]] std::string authority() const;
  /// Where a client in this process finds it.
  [[nodiscard]] http::Url url() const;

  /// Stops listening and tells every client that we are going away (1001).
  void shut_down();
  [[nodiscard]] bool has_clients() const noexcept { return !clients_.empty(); }

 private:
  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override;
  void handle_event(peer::Peer& peer, const ws::Event& event) override;
  void handle_progress(peer::Peer& peer) override;
  void handle_end(peer::Peer& peer) override;
  [[nodiscard]] ws::Options client_options() const;
  [[nodiscard]] base::Result<void> listen_on_loopback(std::uint16_t port);

  Loop& loop_;
  cli::Timeouts timeouts_;
  ws::PermessageDeflate deflate_;
  std::vector<std::unique_ptr<peer::Listener>> listeners_;
  std::unordered_map<peer::Peer*, std::unique_ptr<peer::Peer>> clients_;
};

}  // namespace wscope::app
