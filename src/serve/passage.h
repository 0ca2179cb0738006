// The way of one client of a relay: to its target and back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "link/client.h"
#include "link/happening.h"

namespace wscope::serve {

/// Who owns passages. In each call but the first, the passage may be destroyed.
class PassageOwner {
 public:
  /// The target is there: the client is to be let in. `subprotocols`: as link::Server::let_in() has it.
  virtual void handle_arrived(link::ConnectionNumber number, std::optional<std::vector<std::string>> subprotocols) = 0;
  /// It cannot be had: an Error as peer::DialerOwner has it.
  virtual void handle_unreachable(link::ConnectionNumber number, const base::Error& error) = 0;
  /// Something is worth a line.
  virtual void handle_word(link::ConnectionNumber number, const std::string& text) = 0;
  /// What was left to be done behind the end of the client is done.
  virtual void handle_over(link::ConnectionNumber number) = 0;

 protected:
  ~PassageOwner() = default;
};

/// Begins with its construction; its owner hears of the rest from the loop. The client's Closes are answered here.
class Passage {
 public:
  Passage() = default;
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  virtual ~Passage() = default;

  /// The client is in.
  virtual void handle_open(link::Client& client) = 0;
  /// As link::Service has it.
  virtual void handle_message(link::Client& client, const ws::Message& message) = 0;
  virtual void handle_progress(link::Client& client) = 0;
  /// The client, be it in or not, is over. False if something is left to be done: handle_over() follows.
  [[nodiscard]] virtual bool handle_gone() = 0;
};

}  // namespace wscope::serve
