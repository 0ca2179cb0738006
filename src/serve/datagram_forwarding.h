// What one source sends to a UDP port, on its way through a WebSocket connection of our own.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "link/outgoing_connection.h"
#include "net/datagram.h"
#include "serve/datagram_join.h"
#include "serve/forwarded.h"

namespace wscope::serve {

class DatagramForwarding final : public Forwarded, private link::OutgoingConnectionOwner, private DatagramJoinOwner {
 public:
  /// All that is referred to outlives it, and so does `socket`, by which answers go `way`. `plan` answers no Close by
  /// itself.
  DatagramForwarding(link::Loop& loop, const link::ConnectPlan& plan, link::ConnectionNumber number,
                     link::Report& report, int socket, const net::Way& way, base::Duration idle, ForwardedOwner& owner);

  /// As link::OutgoingConnection has it.
  void start(const http::Url& url, bool directly) { connection_.start(url, directly); }
  /// A datagram of that source has come. While there is no connection, 64 of them wait.
  void receive(base::Bytes datagram);

  [[nodiscard]] link::ConnectionNumber number() const noexcept override { return number_; }
  [[nodiscard]] bool local_failed() const noexcept override { return false; }
  [[nodiscard]] const std::optional<base::Error>& failure() const noexcept override { return failure_; }
  [[nodiscard]] std::string closed() const override { return {}; }
  void close(ws::CloseCode code) override;
  void drop() override;

 private:
  void handle_message(const ws::Message& message) override;
  void handle_progress() override;
  void handle_restart() override {}
  void handle_end() override;
  [[nodiscard]] net::IoResult send_datagram(base::Bytes datagram) override;
  void handle_datagram_word(const std::string& text) override { report_.warn(number_, text); }
  void note_open();
  void finish();

  ForwardedOwner& owner_;
  link::ConnectionNumber number_;
  link::Report& report_;
  int socket_;
  net::Way way_;
  DatagramJoin join_;
  link::OutgoingConnection connection_;
  std::deque<std::string> waiting_;
  bool begun_ = false;
  bool over_ = false;
  std::optional<base::Error> failure_;
};

}  // namespace wscope::serve
