#include "peer/listener.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include "net/error.h"
#include "net/socket.h"

namespace wscope::peer {
namespace {

constexpr int backlog = 1024;
constexpr int accepts_per_turn = 64;  // so that a flood of newcomers leaves time for those who are there
constexpr base::Duration pause = std::chrono::milliseconds(100);  // when descriptors have run out

}  // namespace

base::Result<void> Listener::listen(const net::SocketAddress& address) {
  auto socket = net::listen_on(address, backlog);
  if (!socket) return std::move(socket).error();
  return listen(std::move(socket).value());
}

base::Result<void> Listener::listen(const std::string& path, mode_t mode) {
  auto bound = net::listen_on_unix(path, mode, backlog);
  if (!bound) return std::move(bound).error();
  auto listening = listen(std::move(bound->socket));
  if (listening) file_ = std::move(bound->file);
  return listening;
}

base::Result<void> Listener::listen(net::UniqueFd socket) {
  const net::SocketAddress local = net::local_address(socket.get());
  if (local.family() == AF_UNSPEC) return net::system_error("getsockname", errno);
  socket_ = std::move(socket);
  address_ = local;
  exhausted_ = false;
  id_ = poller_.add(socket_.get(), {.readable = true}, *this);
  return {};
}

void Listener::stop() {
  poller_.remove(id_);
  file_.remove();
  socket_.reset();
}

void Listener::handle_ready(net::Poller::Id, net::Readiness) { accept(); }

// Whether anybody waits or not: that tells, too, whether there are descriptors again.
void Listener::handle_deadline(net::Poller::Id id, base::TimePoint) {
  poller_.set_interest(id, {.readable = true});
  accept();
}

void Listener::accept() {
  bool any = false;
  for (int i = 0; i < accepts_per_turn && socket_.valid(); ++i) {
    auto accepted = net::accept_connection(socket_.get());
    switch (accepted.kind) {
      case net::AcceptResult::Kind::accepted:
        any = true;
        owner_.handle_accepted(std::move(accepted.fd), accepted.peer);
        break;
      case net::AcceptResult::Kind::transient:
        break;
      case net::AcceptResult::Kind::would_block:
        if (std::exchange(exhausted_, false)) owner_.handle_recovered();
        return;
      case net::AcceptResult::Kind::out_of_descriptors:
        rest();
        if (!std::exchange(exhausted_, true)) owner_.handle_exhausted(accepted.error);
        return;
    }
  }
  if (socket_.valid() && !any) rest();  // nothing but failures: more of them would only keep us busy
}

void Listener::rest() {
  poller_.set_interest(id_, {});
  poller_.set_deadline(id_, poller_.now() + pause);
}

}  // namespace wscope::peer
