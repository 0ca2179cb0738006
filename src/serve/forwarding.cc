#include "serve/forwarding.h"

#include <utility>

#include "link/ending.h"

namespace wscope::serve {

Forwarding::Forwarding(link::Loop& loop, const link::ConnectPlan& plan, link::ConnectionNumber number,
                       link::Report& report, std::unique_ptr<ByteStream> stream, const Ends::Options& ends,
                       ForwardedOwner& owner)
    : owner_(owner),
      number_(number),
      join_(loop, std::move(stream), ends, *this),
      connection_(loop, plan, link::Delivery::streamed, number, report, *this) {}

void Forwarding::note_open() {
  if (begun_ || !is_open(connection_)) return;
  begun_ = true;
  join_.begin(*connection_.link());
  owner_.handle_forwarded_open(*this);
}

void Forwarding::handle_message(const ws::Message& message) {
  note_open();
  join_.handle_message(message);
}

void Forwarding::handle_progress() {
  note_open();
  if (begun_) join_.handle_progress();
}

void Forwarding::handle_end() {
  failure_ = connection_.failure() ? connection_.failure() : connection_.judge();
  if (const peer::Peer* const peer = connection_.peer()) {
    closed_ = link::describe_begun_close(peer->connection().closing());
  }
  join_.handle_link_gone();
  if (join_.over()) finish();
}

void Forwarding::close(ws::CloseCode code) {
  if (!begun_) return drop();
  connection_.give_up();
  connection_.close(code);
  join_.handle_progress();
}

void Forwarding::drop() {
  if (peer::Peer* const peer = connection_.peer()) peer->abandon();
  finish();
}

void Forwarding::finish() {
  if (!std::exchange(over_, true)) owner_.handle_forwarded_over(*this);
}

bool is_open(link::OutgoingConnection& connection) {
  if (connection.failure() || connection.link() == nullptr) return false;
  const ws::State state = connection.link()->connection().state();
  return state == ws::State::open || state == ws::State::remote_closing || state == ws::State::local_closing;
}

}  // namespace wscope::serve
