// From an endpoint to a stream of bytes: name, TCP, proxy, TLS.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/auth.h"
#include "net/poller.h"
#include "net/resolver.h"
#include "peer/race.h"
#include "peer/read_blocks.h"
#include "peer/transport.h"
#include "peer/tunnel.h"
#include "tls/context.h"
#include "tls/engine.h"

namespace wscope::peer {

/// A proxy on the way.
struct ProxyHop {
  enum class Kind : std::uint8_t { http, socks };
  Kind kind = Kind::http;
  std::string host;
  std::uint16_t port = 0;
  std::optional<http::Credentials> credentials;
  bool looks_up_names = true;         ///< the target's; otherwise we do, and only the first address is tried
  const tls::Context* tls = nullptr;  ///< to the proxy itself; null: plain

  /// "host:port"
  [[nodiscard]] std::string text() const { return TunnelTarget{host, port}.text(); }
};

/// Where to, and by which way. What it points to outlives the dialer.
struct Destination {
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 0;
  std::string unix_socket;                    ///< a path that is connected to instead, without a proxy; empty: none
  std::vector<net::SocketAddress> addresses;  ///< known without asking; empty: look the host up
  net::AddressFamily family = net::AddressFamily::any;  ///< of those and of those that are looked up
  std::optional<ProxyHop> proxy;
  const tls::Context* tls = nullptr;  ///< null: plain
  std::string server_name;            ///< that TLS asks for and checks
  tls::ServerName server_name_use = tls::ServerName::sent;
};

/// How long each part of the way took; nothing for a part that there was not.
struct DialTimes {
  std::optional<base::Duration> name;  ///< if the system had to be asked
  std::optional<base::Duration> tcp;
  std::optional<base::Duration> proxy;  ///< TLS to it included
  std::optional<base::Duration> tls;
};

struct Dialed {
  Transport transport;
  DialTimes times;
};

/// Who dials.
class DialerOwner {
 public:
  /// `address` is about to be tried.
  virtual void handle_attempt(const net::SocketAddress& address) = 0;
  /// Something was said to a proxy, or by it.
  virtual void handle_proxy_words(const ProxyWords& /*words*/) {}
  /// The stream, or why there is none: an Error of kind dns, connect (timeouts too) or tls, or of kind usage for a
  /// server name or a path that cannot be. What is the matter with a proxy begins with "proxy HOST:PORT: ". It may
  /// quote the other side: escape it before printing. The dialer may be destroyed or started again in this call.
  virtual void handle_dialed(base::Result<Dialed> dialed) = 0;

 protected:
  ~DialerOwner() = default;
};

/// Looks a host up, connects to whichever of its addresses answers first, goes through a proxy, and shakes hands.
class Dialer final : private net::Pollable, public RaceOwner {
 public:
  Dialer(net::Poller& poller, ReadBlocks& blocks, DialerOwner& owner);
  ~Dialer();
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// Begins, forgetting what it did before; the owner hears of the outcome from the loop, never within this call.
  /// `timeout` is for all of it; zero: none.
  void start(Destination destination, base::Duration timeout);

 private:
  enum class Stage : std::uint8_t { idle, target_name, name, racing, proxy_tls, tunnel, tls };

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void handle_attempt(const net::SocketAddress& address) override { owner_.handle_attempt(address); }
  void handle_winner(base::Result<net::UniqueFd> socket) override;

  void begin();
  void look_up(Stage stage, const std::string& host, std::uint16_t port);
  void take_known_addresses();
  void take_addresses();
  void race(const std::vector<net::SocketAddress>& addresses);
  void begin_tls(Stage stage, const tls::Context& context, const std::string& name,
                 tls::ServerName use = tls::ServerName::sent);
  void shake_hands();
  void begin_tunnel();
  void move_tunnel();
  void speak_to_proxy();
  void tell_words();
  void begin_target_tls();
  void finish();
  void fail(base::Error error);
  void stop();
  void stop_waiting();
  void wait_for_transport(bool writable);
  [[nodiscard]] base::Duration lap();

  net::Poller& poller_;
  ReadBlocks& blocks_;
  DialerOwner& owner_;
  net::Poller::Id id_;     // of what is waited for
  net::Poller::Id timer_;  // of the whole
  net::Resolver resolver_;
  std::string name_;  // that was looked up last
  std::unique_ptr<Race> race_;
  std::unique_ptr<Tunnel> tunnel_;
  Destination destination_;
  Transport transport_;
  DialTimes times_;
  base::TimePoint lap_began_{};
  Stage stage_ = Stage::idle;
};

}  // namespace wscope::peer
