// A connection that we make, from the URL to its end.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/cookie_jar.h"
#include "http/url.h"
#include "link/backoff.h"
#include "link/connection_options.h"
#include "link/connector.h"
#include "link/happening.h"
#include "link/link.h"
#include "link/loop.h"
#include "link/plan.h"
#include "link/refusal.h"
#include "peer/peer.h"
#include "view/waterfall.h"
#include "ws/deflate.h"

namespace wscope::link {

/// Who wanted the connection.
class OutgoingConnectionOwner {
 public:
  /// A message or, unless they come whole, a piece of one.
  virtual void handle_message(const ws::Message& message) = 0;
  /// Several, if peer()->deliver_runs() was called.
  virtual void handle_messages(std::span<const ws::Message> messages) {
    for (const ws::Message& message : messages) handle_message(message);
  }
  /// It is open: what the server has answered.
  virtual void handle_open(const view::OpenView&) {}
  /// A Ping, which is answered by itself, or a Pong.
  virtual void handle_control(const ws::Event&) {}
  /// All that was read is handled, or there is room again: as peer::PeerOwner has it. peer() is there.
  virtual void handle_progress() = 0;
  /// The connection could not be made, or is lost, and peer(), if there was one, is about to go. It will be made again
  /// in a while.
  virtual void handle_restart() = 0;
  /// It is over for good. The last call.
  virtual void handle_end() = 0;

 protected:
  ~OutgoingConnectionOwner() = default;
};

/// Goes where a ConnectPlan says, follows redirections, shakes hands, makes the connection again when it is lost, as
/// far as the plan wants all that; and reports what happens.
class OutgoingConnection final : private peer::DialerOwner, public peer::PeerOwner, private net::Pollable {
 public:
  /// All that is referred to outlives it. The messages come whole if `delivery` says so.
  OutgoingConnection(Loop& loop, const ConnectPlan& plan, Delivery delivery, ConnectionNumber number, Report& reporter,
                     OutgoingConnectionOwner& owner);
  ~OutgoingConnection();
  OutgoingConnection(const OutgoingConnection&) = delete;
  OutgoingConnection& operator=(const OutgoingConnection&) = delete;

  /// Begins, once. `directly`: `url` is a server in this process, to which no proxy leads. The owner hears of the
  /// outcome from the loop, or within this call if it cannot begin.
  void start(const http::Url& url, bool directly);

  /// Where it goes at present.
  [[nodiscard]] const http::Url& url() const noexcept { return url_; }
  /// The same as errors call it, which name the path of a Unix socket.
  [[nodiscard]] std::string place() const { return place_of(url_); }
  [[nodiscard]] std::string place_of(const http::Url& url) const;
  /// The stream and what is spoken on it; null as long as there is none.
  [[nodiscard]] Link* link() noexcept { return link_ ? &*link_ : nullptr; }
  [[nodiscard]] peer::Peer* peer() noexcept { return link_ ? &link_->peer() : nullptr; }
  [[nodiscard]] bool is_open() const noexcept { return link_ && link_->is_open(); }

  /// Begins to close it, if there is a link, unless it is closing already.
  void close(ws::CloseCode code);
  /// It is not made again; the peer, if there is one, has a second to end the TCP connection.
  void give_up();

  /// When it is made again; nothing if it does not wait for that.
  [[nodiscard]] std::optional<base::TimePoint> tries_again_at() const noexcept { return tries_again_at_; }
  /// Why there is no connection, or no longer; known before the end.
  [[nodiscard]] const std::optional<base::Error>& failure() const noexcept { return failure_; }
  /// After the end, without a failure: what is wrong with it, if anything.
  [[nodiscard]] std::optional<base::Error> judge() const;
  /// The answer, if that was a refusal, and the beginning of its body.
  [[nodiscard]] std::optional<view::RefusalView> refusal() const;

 private:
  void handle_attempt(const net::SocketAddress& address) override;
  void handle_proxy_words(const peer::ProxyWords& words) override;
  void handle_dialed(base::Result<peer::Dialed> dialed) override;
  void handle_message(peer::Peer&, const ws::Message& message) override { owner_.handle_message(message); }
  void handle_messages(peer::Peer&, std::span<const ws::Message> messages) override {
    owner_.handle_messages(messages);
  }
  void handle_event(peer::Peer& peer, const ws::Event& event) override;
  void handle_progress(peer::Peer& peer) override;
  void handle_end(peer::Peer& peer) override;
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  void dial();
  void shake_hands(peer::Dialed dialed);
  [[nodiscard]] std::vector<const ws::ExtensionOffer*> offers() const;
  void open(const ws::Opened& opened);
  void refuse(const http::ResponseHead& head);
  void finish_refusal();
  [[nodiscard]] Given given() const;
  [[nodiscard]] base::Error without_given_hints(base::Error error) const;
  void fail_handshake(const ws::HandshakeFailed& failed);
  void end_way();
  void linger();
  void fail(base::Error error, bool may_pass);
  void finish(base::Error error);
  void forget_link();
  void follow_redirection();
  [[nodiscard]] bool may_try_again() const noexcept;
  [[nodiscard]] std::optional<base::Error> reason_to_try_again() const;
  void try_again(const base::Error& reason);

  Loop& loop_;
  const ConnectPlan& plan_;
  Delivery delivery_;
  ConnectionNumber number_;
  Report& reporter_;
  OutgoingConnectionOwner& owner_;
  net::Poller::Id timer_;  // waits for the TCP end, or to try again
  ws::PermessageDeflate deflate_;
  std::deque<ws::PermessageDeflate> further_deflate_;
  Connector connector_;
  Backoff backoff_;
  std::uint64_t failures_ = 0;  // in a row
  http::Url first_url_;
  http::Url url_;
  ws::ConnectOptions request_;
  http::CookieJar cookies_;
  bool directly_ = false;
  std::optional<Link> link_;
  view::Timing timing_;
  base::TimePoint upgrade_began_{};
  std::optional<base::TimePoint> opened_at_;
  OwnCertificate certificate_ = OwnCertificate::shown;
  std::optional<http::Url> next_url_;  // of a redirection that is to be followed
  unsigned redirects_ = 0;
  std::optional<base::Error> passing_;  // why the connection is worth making again
  std::optional<base::Error> failure_;
  std::optional<http::ResponseHead> refusal_;
  std::string refusal_body_;  // as it comes; readable once all is there
  std::optional<base::TimePoint> tries_again_at_;
  bool lingers_ = false;
  bool given_up_ = false;
};

}  // namespace wscope::link
