// To a target that is a WebSocket.
#pragma once

#include "link/loop.h"
#include "link/outgoing_connection.h"
#include "link/plan.h"
#include "serve/passage.h"
#include "serve/target.h"

namespace wscope::serve {

/// Shakes hands with a WebSocket of its own, offering the subprotocols that the client offers, and none of its other
/// headers; then passes on messages with their types, and Closes with their codes. Who is lost on one side is lost on
/// the other.
class WebSocketPassage final : public Passage,
                               private link::OutgoingConnectionOwner,
                               private link::Report,
                               private net::Pollable {
 public:
  /// `loop` and `owner` outlive it.
  WebSocketPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target,
                   const http::RequestHead& request, const link::Timeouts& timeouts, PassageOwner& owner);
  ~WebSocketPassage() override;

  void handle_open(link::Client& client) override;
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  [[nodiscard]] bool handle_gone() override;

 private:
  void handle_open(const view::OpenView&) override {}  // report() has more of it
  void handle_message(const ws::Message& message) override;
  void handle_progress() override;
  void handle_restart() override {}
  void handle_end() override;
  [[nodiscard]] link::Interests interests() const noexcept override { return {}; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override {}
  void report(link::ConnectionNumber connection, const link::Happening& happening) override;
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void settle();

  link::Loop& loop_;
  link::ConnectionNumber number_;
  PassageOwner& owner_;
  link::ConnectPlan plan_;
  net::Poller::Id timer_;
  link::Client* client_ = nullptr;
  bool started_ = false;
  bool arrived_ = false;
  bool told_ = false;
  bool over_ = false;  // the target's connection
  link::OutgoingConnection target_;
};

}  // namespace wscope::serve
