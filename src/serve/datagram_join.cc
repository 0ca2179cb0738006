#include "serve/datagram_join.h"

#include <algorithm>

#include "net/datagram.h"
#include "net/error.h"
#include "serve/echo_passage.h"
#include "view/counted.h"

namespace wscope::serve {

DatagramJoin::DatagramJoin(link::Loop& loop, base::Duration idle, DatagramJoinOwner& owner)
    : loop_(loop), idle_(idle), owner_(owner), timer_(loop.poller.add(-1, {}, *this)) {}

DatagramJoin::~DatagramJoin() { loop_.poller.remove(timer_); }

void DatagramJoin::begin(link::Link& link) {
  link_ = &link;
  link.peer().read_little();
  stay_awake();
}

void DatagramJoin::stay_awake() {
  if (idle_ != base::Duration::zero()) loop_.poller.set_deadline(timer_, loop_.poller.now() + idle_);
}

void DatagramJoin::handle_deadline(net::Poller::Id, base::TimePoint) {
  if (link_ != nullptr) link_->close(ws::close_code::normal);
}

// --- to datagrams

void DatagramJoin::handle_message(const ws::Message& message) {
  stay_awake();
  if (message.first && message.finished) return send_on(message.data);
  if (message.first) message_.clear();
  const std::size_t room = net::longest_datagram + 1 - message_.size();  // one too many tells that it is too long
  message_ += base::as_text(message.data.first(std::min(room, message.data.size())));
  if (!message.finished) return;
  send_on(base::as_bytes(message_));
  message_.clear();
}

void DatagramJoin::send_on(base::Bytes datagram) {
  if (datagram.size() > net::longest_datagram) return drop("it is longer than 65507 bytes");
  const net::IoResult result = owner_.send_datagram(datagram);
  if (result.kind == net::IoResult::Kind::would_block) return drop("there is no room for it");
  if (result.kind == net::IoResult::Kind::failed) {
    ++dropped_;
    note_error(result.error);
  }
}

// --- from datagrams

void DatagramJoin::send(base::Bytes datagram) {
  stay_awake();
  if (link_ == nullptr || !link_->is_open()) return;
  if (!link_->peer().has_room()) return drop("the other side does not read");
  static_cast<void>(link_->send({.opcode = ws::Opcode::binary, .payload = datagram}));
}

void DatagramJoin::flush() {
  if (link_ != nullptr) link_->peer().flush();
}

// --- the rest

void DatagramJoin::handle_progress() { answer_close(*link_); }

void DatagramJoin::drop(const std::string& why) {
  if (dropped_++ == 0) owner_.handle_datagram_word("a datagram is dropped: " + why);
}

void DatagramJoin::note_error(int error) {
  if (error_told_) return;
  error_told_ = true;
  owner_.handle_datagram_word("datagrams do not arrive: " + net::error_text(error));
}

void DatagramJoin::end() {
  link_ = nullptr;
  loop_.poller.set_deadline(timer_, std::nullopt);
  if (dropped_ > 1) owner_.handle_datagram_word(view::counted(dropped_, "datagram") + " dropped in all");
  dropped_ = 0;
}

}  // namespace wscope::serve
