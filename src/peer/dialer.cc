#include "peer/dialer.h"

#include <utility>

#include "net/socket.h"

namespace wscope::peer {

void Dialer::start(const std::string& host, std::uint16_t port, base::Duration timeout) {
  if (timeout != base::Duration::zero()) deadline_ = poller_.now() + timeout;
  resolver_.start(host, port);
  watch(resolver_.fd(), {.readable = resolver_.fd() >= 0});
  if (resolver_.ready()) poller_.set_deadline(id_, poller_.now());  // the answer is at hand: go on in the next turn
}

void Dialer::handle_ready(net::Poller::Id, net::Readiness) {
  if (!socket_.valid()) return take_addresses();
  if (auto connected = net::connect_result(socket_.get()); !connected) {
    last_error_ = std::move(connected).error();
    return try_next();
  }
  poller_.remove(id_);
  owner_.handle_dialed(std::move(socket_));
}

void Dialer::handle_deadline(net::Poller::Id, base::TimePoint now) {
  if (!socket_.valid() && resolver_.ready()) return take_addresses();
  if (deadline_ && *deadline_ <= now) {
    poller_.remove(id_);
    const bool looking_up = !socket_.valid();
    owner_.handle_dialed(base::Error{looking_up ? base::ErrorKind::dns : base::ErrorKind::connect,
                                     looking_up ? "name lookup timed out" : "timed out"});
  }
}

void Dialer::take_addresses() {
  auto addresses = resolver_.take();
  if (!addresses) {
    poller_.remove(id_);
    return owner_.handle_dialed(std::move(addresses).error());
  }
  addresses_ = std::move(addresses).value();
  try_next();
}

void Dialer::try_next() {
  while (next_ < addresses_.size()) {
    owner_.handle_attempt(addresses_[next_]);
    auto socket = net::start_connect(addresses_[next_++]);
    if (socket) {
      socket_ = std::move(socket).value();
      return watch(socket_.get(), {.writable = true});
    }
    last_error_ = std::move(socket).error();
  }
  poller_.remove(id_);
  owner_.handle_dialed(last_error_);
}

void Dialer::watch(int fd, net::Interest interest) {
  poller_.remove(id_);
  id_ = poller_.add(fd, interest, *this);
  poller_.set_deadline(id_, deadline_);
}

}  // namespace wscope::peer
