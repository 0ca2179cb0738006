// What a server does with its clients: the part of it that differs from one command to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/head.h"
#include "link/admission.h"
#include "link/client.h"
#include "link/connection_options.h"

namespace wscope::link {

class Server;

/// What becomes of a client that asks to come in.
struct Entry {
  enum class Kind : std::uint8_t {
    let_in,
    wait,    ///< until Server::let_in() or Server::refuse(), or until it leaves
    refuse,  ///< with `answer`
  };
  Kind kind = Kind::let_in;
  Answer answer{};
  /// Of one that is let in: these are spoken, in order of preference, in place of those of the admission.
  std::optional<std::vector<std::string>> subprotocols{};
};

/// What a server does with what its clients say.
class Service {
 public:
  /// The server that it serves is made, and outlives it or is destroyed after its last call.
  virtual void begin(Server& server) = 0;
  /// A client has come, and this is how its connection will be; its messages come as `delivery` says.
  virtual void prepare(ws::Options&, Delivery) {}
  /// A client asks to come in, and the server has nothing against it. `request` is valid during the call, in which the
  /// client is neither let in nor refused but by what is returned.
  [[nodiscard]] virtual Entry handle_request(Client&, const http::RequestHead&) { return {}; }
  virtual void handle_open(Client& client) = 0;
  /// A message or a piece of one.
  virtual void handle_message(Client& client, const ws::Message& message) = 0;
  /// A Ping, which is answered by itself, or a Pong.
  virtual void handle_control(Client&, const ws::Event&) {}
  /// What was sent to the client is on its way: there may be room for more.
  virtual void handle_progress(Client& client) = 0;
  /// A client that was open, or had waited for this service (Entry::Kind::wait), is over, and not among the clients any
  /// more. Not called for one that was refused.
  virtual void handle_gone(Client& client) = 0;

 protected:
  ~Service() = default;
};

}  // namespace wscope::link
