// A server's echo.
#pragma once

#include "app/server.h"

namespace wscope::app {

/// Sends every message back: text as text and binary as binary; a message that is too long to wait for comes back in
/// fragments, in constant memory.
class Echo final : public Service {
 public:
  void begin(Server&) override {}
  void handle_open(Client&) override {}
  void handle_message(Client& client, const ws::Message& message) override;
  void handle_progress(Client& client) override;
  void handle_gone(Client&) override {}
};

}  // namespace wscope::app
