// A server's broadcast.
#pragma once

#include "link/server.h"

namespace wscope::link {

/// Sends every message, which comes whole, to all other clients.
class Broadcast final : public Service {
 public:
  void begin(Server& server) override { server_ = &server; }
  void handle_open(Client&) override {}
  void handle_message(Client& client, const ws::Message& message) override;
  void handle_progress(Client&) override {}
  void handle_gone(Client&) override {}

 private:
  Server* server_ = nullptr;
};

}  // namespace wscope::link
