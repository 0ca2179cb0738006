#include "peer/peer.h"

#include <utility>
#include <variant>

#include "net/error.h"
#include "net/socket.h"

namespace wscope::peer {

Peer::Peer(PeerContext context, net::UniqueFd socket, ws::Options options, PeerOwner& owner)
    : poller_(context.poller),
      blocks_(context.blocks),
      owner_(owner),
      socket_(std::move(socket)),
      id_(poller_.add(socket_.get(), {.readable = true}, *this)),
      connection_(std::move(options), context.random, poller_.now()) {
  net::set_no_delay(socket_.get());
  update_poller();
}

Peer::~Peer() { poller_.remove(id_); }

void Peer::handle_ready(net::Poller::Id, net::Readiness readiness) {
  connection_.advance(poller_.now());
  if (readiness.readable && may_read()) read();
  deliver();
  settle();
}

void Peer::handle_deadline(net::Poller::Id, base::TimePoint now) {
  connection_.advance(now);
  undelivered_ = true;
  deliver();
  settle();
}

bool Peer::may_read() const noexcept { return !lost_ && !undelivered_ && may_deliver() && connection_.wants_input(); }

void Peer::read() {
  block_ = blocks_.take();
  const net::IoResult result = net::receive(socket_.get(), *block_);
  switch (result.kind) {
    case net::IoResult::Kind::done:
      if (connection_.receive(base::MutableBytes(*block_).first(result.bytes)) != ws::Status::ok) lose(0);
      break;
    case net::IoResult::Kind::end:
      connection_.receive_eof();
      break;
    case net::IoResult::Kind::failed:
      lose(result.error);
      break;
    case net::IoResult::Kind::would_block:
      break;
  }
  undelivered_ = true;
}

void Peer::deliver() {
  while (undelivered_ && may_deliver()) {
    const auto event = connection_.next_event();
    undelivered_ = event.has_value();
    if (!event) break;
    if (std::holds_alternative<ws::Closed>(*event)) over_ = true;
    owner_.handle_event(*this, *event);
  }
  if (block_ && !undelivered_) blocks_.give_back(std::move(block_));
}

// The end of every turn. Nothing may follow it: the owner may have destroyed this.
void Peer::settle() {
  write();
  if (over_) return owner_.handle_end(*this);
  owner_.handle_progress(*this);
  flush();
}

void Peer::flush() {
  write();
  update_poller();
}

void Peer::write() {
  while (!lost_ && !connection_.output().empty()) {
    const net::IoResult result = net::send(socket_.get(), connection_.output());
    if (result.kind == net::IoResult::Kind::failed) return lose(result.error);
    if (result.kind != net::IoResult::Kind::done) break;
    const bool all = result.bytes == connection_.output().size();
    connection_.consume_output(result.bytes);
    if (!all) break;
  }
  if (!lost_ && !half_closed_ && connection_.wants_half_close()) {
    half_closed_ = true;
    net::half_close(socket_.get());
  }
}

void Peer::lose(int error) {
  lost_ = true;
  undelivered_ = true;
  if (error != 0) socket_error_ = net::error_text(error);
  connection_.receive_eof();
}

void Peer::pause(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  update_poller();
}

void Peer::abandon() {
  lose(0);
  update_poller();
}

void Peer::update_poller() {
  poller_.set_interest(id_, {.readable = may_read(), .writable = !lost_ && !connection_.output().empty()});
  const bool can_go_on = undelivered_ && may_deliver();
  poller_.set_deadline(id_, can_go_on ? std::optional(poller_.now()) : connection_.deadline());
}

}  // namespace wscope::peer
