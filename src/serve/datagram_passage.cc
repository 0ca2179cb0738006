#include "serve/datagram_passage.h"

#include <utility>

#include "net/datagram.h"

namespace wscope::serve {
namespace {

// Others wait, too.
constexpr int most_at_once = 32;

}  // namespace

DatagramPassage::DatagramPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target,
                                 base::Duration timeout, base::Duration idle, PassageOwner& owner)
    : loop_(loop), number_(number), owner_(owner), timer_(loop.poller.add(-1, {}, *this)), join_(loop, idle, *this) {
  resolver_.start(target.host, target.port);
  if (resolver_.ready()) {
    loop_.poller.set_deadline(timer_, net::Poller::at_once);
    return;
  }
  if (timeout != base::Duration::zero()) loop_.poller.set_deadline(timer_, loop_.poller.now() + timeout);
  id_ = loop_.poller.add(resolver_.fd(), {.readable = true}, *this);
}

DatagramPassage::~DatagramPassage() {
  loop_.poller.remove(timer_);
  loop_.poller.remove(id_);
}

void DatagramPassage::handle_deadline(net::Poller::Id, base::TimePoint) {
  if (resolver_.ready()) return connect();
  owner_.handle_unreachable(number_, {base::ErrorKind::dns, "name lookup timed out"});
}

void DatagramPassage::handle_ready(net::Poller::Id, net::Readiness) { socket_.valid() ? receive() : connect(); }

void DatagramPassage::connect() {
  loop_.poller.remove(id_);
  loop_.poller.set_deadline(timer_, std::nullopt);
  const auto addresses = resolver_.take();
  if (!addresses) return owner_.handle_unreachable(number_, addresses.error());
  auto socket = net::connect_datagrams(addresses->front());
  if (!socket) return owner_.handle_unreachable(number_, socket.error());
  socket_ = std::move(socket).value();
  id_ = loop_.poller.add(socket_.get(), {}, *this);
  owner_.handle_arrived(number_, std::nullopt);
}

void DatagramPassage::handle_open(link::Client& client) {
  join_.begin(client);
  loop_.poller.set_interest(id_, {.readable = true});
}

void DatagramPassage::receive() {
  peer::ReadBlock block = loop_.blocks.take();
  for (int i = 0; i < most_at_once; ++i) {
    const net::IoResult result = net::receive_datagram(socket_.get(), block.bytes());
    if (result.kind == net::IoResult::Kind::would_block) break;
    result.kind == net::IoResult::Kind::done ? join_.send(block.bytes().first(result.bytes))
                                             : join_.note_error(result.error);
  }
  loop_.blocks.give_back(std::move(block));
  join_.flush();
}

net::IoResult DatagramPassage::send_datagram(base::Bytes datagram) {
  return net::send_datagram(socket_.get(), datagram);
}

bool DatagramPassage::handle_gone() {
  join_.end();
  return true;
}

}  // namespace wscope::serve
