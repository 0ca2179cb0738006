#include "peer/race.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "net/socket.h"

namespace wscope::peer {
namespace {

constexpr base::Duration attempt_delay = std::chrono::milliseconds(250);  // RFC 8305 section 8

}  // namespace

std::vector<net::SocketAddress> interleave(const std::vector<net::SocketAddress>& addresses) {
  std::vector<net::SocketAddress> first;
  std::vector<net::SocketAddress> second;
  for (const net::SocketAddress& address : addresses) {
    (address.family() == addresses.front().family() ? first : second).push_back(address);
  }
  std::vector<net::SocketAddress> mixed;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

Race::~Race() {
  stop();
  poller_.remove(timer_);
}

void Race::start(const std::vector<net::SocketAddress>& addresses) {
  assert(!addresses.empty());
  stop();
  addresses_ = interleave(addresses);
  next_ = 0;
  error_.reset();
  try_next();
}

void Race::handle_ready(net::Poller::Id id, net::Readiness) {
  const auto found =
      std::find_if(running_.begin(), running_.end(), [&](const Runner& runner) { return runner.id == id; });
  auto connected = net::connect_result(found->socket.get());
  if (connected) {
    net::UniqueFd winner = std::move(found->socket);
    stop();
    return owner_.handle_winner(std::move(winner));
  }
  note_failure(std::move(connected).error(), true);
  poller_.remove(found->id);
  running_.erase(found);
  try_next();
}

void Race::handle_deadline(net::Poller::Id, base::TimePoint) { try_next(); }

void Race::try_next() {
  while (next_ < addresses_.size()) {
    const net::SocketAddress& address = addresses_[next_++];
    owner_.handle_attempt(address);
    auto socket = net::start_connect(address);
    if (!socket) {
      note_failure(std::move(socket).error(), false);
      continue;
    }
    const net::Poller::Id id = poller_.add(socket->get(), {.writable = true}, *this);
    running_.push_back({std::move(socket).value(), id});
    if (next_ < addresses_.size()) poller_.set_deadline(timer_, poller_.now() + attempt_delay);
    return;
  }
  if (!running_.empty()) return;
  stop();
  owner_.handle_winner(*error_);
}

void Race::note_failure(base::Error error, bool answered) {
  if (error_ && (answered_ || !answered)) return;
  error_ = std::move(error);
  answered_ = answered;
}

void Race::stop() {
  for (const Runner& runner : running_) poller_.remove(runner.id);
  running_.clear();
  poller_.set_deadline(timer_, std::nullopt);
}

}  // namespace wscope::peer
