#include "serve/datagram_forwarding.h"

#include <utility>

#include "serve/forwarding.h"

namespace wscope::serve {
namespace {

constexpr std::size_t most_waiting = 64;

}  // namespace

DatagramForwarding::DatagramForwarding(link::Loop& loop, const link::ConnectPlan& plan, link::ConnectionNumber number,
                                       link::Report& report, int socket, const net::Way& way, base::Duration idle,
                                       ForwardedOwner& owner)
    : owner_(owner),
      number_(number),
      report_(report),
      socket_(socket),
      way_(way),
      join_(loop, idle, *this),
      connection_(loop, plan, link::Delivery::streamed, number, report, *this) {}

void DatagramForwarding::receive(base::Bytes datagram) {
  if (begun_) {
    join_.send(datagram);
    return join_.flush();
  }
  if (waiting_.size() == most_waiting) return join_.drop("there is no connection yet");
  waiting_.emplace_back(base::as_text(datagram));
}

void DatagramForwarding::note_open() {
  if (begun_ || !is_open(connection_)) return;
  begun_ = true;
  join_.begin(*connection_.link());
  for (const std::string& datagram : std::exchange(waiting_, {})) join_.send(base::as_bytes(datagram));
  owner_.handle_forwarded_open(*this);
}

void DatagramForwarding::handle_message(const ws::Message& message) {
  note_open();
  join_.handle_message(message);
}

void DatagramForwarding::handle_progress() {
  note_open();
  if (begun_) join_.handle_progress();
}

void DatagramForwarding::handle_end() {
  failure_ = connection_.failure() ? connection_.failure() : connection_.judge();
  join_.end();
  finish();
}

net::IoResult DatagramForwarding::send_datagram(base::Bytes datagram) {
  return net::send_datagram(socket_, datagram, way_);
}

void DatagramForwarding::close(ws::CloseCode code) {
  if (!begun_) return drop();
  connection_.give_up();
  connection_.close(code);
}

void DatagramForwarding::drop() {
  if (peer::Peer* const peer = connection_.peer()) peer->abandon();
  finish();
}

void DatagramForwarding::finish() {
  if (!std::exchange(over_, true)) owner_.handle_forwarded_over(*this);
}

}  // namespace wscope::serve
