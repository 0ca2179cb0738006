// A stream of bytes on its way through a WebSocket connection of our own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "link/outgoing_connection.h"
#include "serve/forwarded.h"
#include "serve/join.h"

namespace wscope::serve {

class Forwarding final : public Forwarded, private link::OutgoingConnectionOwner, private JoinOwner {
 public:
  /// All that is referred to outlives it. `plan` answers no Close by itself.
  Forwarding(link::Loop& loop, const link::ConnectPlan& plan, link::ConnectionNumber number, link::Report& report,
             std::unique_ptr<ByteStream> stream, const Ends::Options& ends, ForwardedOwner& owner);

  /// As link::OutgoingConnection has it.
  void start(const http::Url& url, bool directly) { connection_.start(url, directly); }
  [[nodiscard]] std::string place_of(const http::Url& url) const { return connection_.place_of(url); }

  [[nodiscard]] link::ConnectionNumber number() const noexcept override { return number_; }
  [[nodiscard]] bool local_failed() const noexcept override { return join_.stream_failed(); }
  [[nodiscard]] const std::optional<base::Error>& failure() const noexcept override { return failure_; }
  [[nodiscard]] std::string closed() const override { return closed_; }
  void close(ws::CloseCode code) override;
  void drop() override;

 private:
  void handle_message(const ws::Message& message) override;
  void handle_progress() override;
  void handle_restart() override {}
  void handle_end() override;
  void handle_join_over() override { finish(); }
  void handle_answered() override { connection_.give_up(); }
  void note_open();
  void finish();

  ForwardedOwner& owner_;
  link::ConnectionNumber number_;
  Join join_;
  link::OutgoingConnection connection_;
  bool begun_ = false;
  bool over_ = false;
  std::optional<base::Error> failure_;
  std::string closed_;
};

/// Whether the opening handshake of a connection is behind it, and not its end.
[[nodiscard]] bool is_open(link::OutgoingConnection& connection);

}  // namespace wscope::serve
