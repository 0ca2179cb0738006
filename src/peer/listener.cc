#include "peer/listener.h"

#include <chrono>

#include "net/socket.h"

namespace wscope::peer {
namespace {

constexpr int backlog = 1024;
constexpr int accepts_per_turn = 64;  // so that a flood of newcomers leaves time for those who are there
constexpr base::Duration rest = std::chrono::milliseconds(100);  // when descriptors have run out

}  // namespace

base::Result<void> Listener::listen(const net::SocketAddress& address) {
  auto socket = net::listen_on(address, backlog);
  if (!socket) return std::move(socket).error();
  socket_ = std::move(socket).value();
  address_ = net::local_address(socket_.get());
  id_ = poller_.add(socket_.get(), {.readable = true}, *this);
  return {};
}

void Listener::stop() {
  poller_.remove(id_);
  socket_.reset();
}

void Listener::handle_ready(net::Poller::Id, net::Readiness) {
  for (int i = 0; i < accepts_per_turn && socket_.valid(); ++i) {
    auto accepted = net::accept_connection(socket_.get());
    switch (accepted.kind) {
      case net::AcceptResult::Kind::accepted:
        owner_.handle_accepted(std::move(accepted.fd), accepted.peer);
        break;
      case net::AcceptResult::Kind::transient:
        break;
      case net::AcceptResult::Kind::would_block:
        return;
      case net::AcceptResult::Kind::out_of_descriptors:
        poller_.set_interest(id_, {});
        return poller_.set_deadline(id_, poller_.now() + rest);
    }
  }
}

void Listener::handle_deadline(net::Poller::Id, base::TimePoint) { poller_.set_interest(id_, {.readable = true}); }

}  // namespace wscope::peer
