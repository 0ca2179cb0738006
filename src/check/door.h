// A place of its own for the clients of one case: what they are shown there depends on it before they say a word.
#pragma once

#include <string>
#include <utility>

#include "link/listeners.h"
#include "net/poller.h"
#include "peer/listener.h"
#include "tls/context.h"

namespace wscope::check {

class Door;

class DoorOwner {
 public:
  virtual void handle_door(Door& door, net::UniqueFd socket) = 0;

 protected:
  ~DoorOwner() = default;
};

class Door final : private peer::ListenerOwner {
 public:
  /// All of them outlive it.
  Door(net::Poller& poller, std::string id, const tls::Context& context, DoorOwner& owner)
      : id_(std::move(id)), context_(context), owner_(owner), listeners_(poller, *this) {}

  /// At a port that the system chooses. An error of kind io.
  [[nodiscard]] base::Result<void> listen(link::ListenAddress address) {
    address.port = 0;
    return listeners_.listen(address);
  }
  /// The case.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const tls::Context& context() const noexcept { return context_; }
  [[nodiscard]] net::SocketAddress address() const { return listeners_.first_address(); }

 private:
  void handle_accepted(net::UniqueFd socket, const net::SocketAddress&) override {
    owner_.handle_door(*this, std::move(socket));
  }
  void handle_exhausted(int) override {}
  void handle_recovered() override {}

  std::string id_;
  const tls::Context& context_;
  DoorOwner& owner_;
  link::Listeners listeners_;
};

}  // namespace wscope::check
