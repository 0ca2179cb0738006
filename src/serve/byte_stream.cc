#include "serve/byte_stream.h"

#include <utility>

#include "net/socket.h"

namespace wscope::serve {

SocketStream::SocketStream(net::Poller& poller, net::UniqueFd socket)
    : poller_(poller), socket_(std::move(socket)), id_(poller.add(socket_.get(), {}, *this)) {
  net::set_no_delay(socket_.get());
  net::set_keep_alive(socket_.get());
}

void SocketStream::watch(net::Interest interest, ByteStreamOwner& owner) {
  owner_ = &owner;
  poller_.set_interest(id_, interest);
}

net::IoResult SocketStream::receive(base::MutableBytes into) { return net::receive(socket_.get(), into); }

net::IoResult SocketStream::send(base::Bytes from) { return net::send(socket_.get(), from); }

bool SocketStream::failed() const { return !net::connect_result(socket_.get()).ok(); }

void SocketStream::half_close() { net::half_close(socket_.get()); }

void SocketStream::close() {
  poller_.remove(id_);
  socket_.reset();
}

void SocketStream::reset() {
  poller_.remove(id_);
  net::abort_connection(std::move(socket_));
}

}  // namespace wscope::serve
