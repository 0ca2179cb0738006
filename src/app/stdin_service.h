// A server in a pipe.
#pragma once

#include <optional>

#include "app/reporter.h"
#include "app/server.h"
#include "streams/input_source.h"

namespace wscope::app {

/// Prints what clients say, and sends what comes from stdin to all of them, or to the one that is named. It reads stdin
/// as fast as the fastest client takes it, so not at all while there is none.
class StdinService final : public Service, private streams::InputOwner {
 public:
  /// `loop` and `reporter` outlive it.
  StdinService(Loop& loop, streams::InputSource::Options options, Reporter& reporter);

  /// What was wrong with the input, if anything; nothing more is sent then.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return input_.error(); }

  /// stdout has room again.
  void resume() { send_input(); }

  void begin(Server& server) override { server_ = &server; }
  void handle_open(Client&) override { send_input(); }
  void handle_message(Client& client, const ws::Message& message) override;
  void handle_progress(Client&) override { send_input(); }
  void handle_gone(Client&) override { send_input(); }

 private:
  void handle_input() override { send_input(); }
  [[nodiscard]] bool has_room() const;
  void send_input();
  void send(const streams::InputItem& item);
  void send_control(Client& client, const streams::InputItem& item);

  Reporter& reporter_;
  streams::InputSource input_;
  Server* server_ = nullptr;
};

}  // namespace wscope::app
