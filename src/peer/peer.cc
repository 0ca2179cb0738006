#include "peer/peer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <utility>
#include <variant>

#include "peer/turn.h"

namespace wscope::peer {
namespace {

constexpr int most_further_reads = 3;
constexpr std::size_t longest_run = 32;

ws::Options with_memory(ws::Options options, const PeerContext& context) {
  options.spare_memory = &context.spare_output;
  if (options.held_input == nullptr) options.held_input = context.held;
  if (options.held_output == nullptr) options.held_output = context.held;
  return options;
}

}  // namespace

Peer::Peer(PeerContext context, Transport transport, ws::Options options, PeerOwner& owner)
    : poller_(context.poller),
      blocks_(context.blocks),
      owner_(owner),
      transport_(std::move(transport)),
      entry_(poller_, poller_.add(transport_.fd(), {.readable = true}, *this)),
      connection_(with_memory(std::move(options), context), context.random, poller_.now()),
      heard_(poller_.now()) {
  net::set_no_delay(transport_.fd());
  update_poller();
}

void Peer::handle_ready(net::Poller::Id, net::Readiness readiness) {
  serve([&] {
    if (readiness.hung_up && !may_read() && heeds_reset_) look_for_reset();
    if (readiness.readable && may_read()) read();
    if (readiness.writable) blocked_ = false;
    proceed(now());
    if (readiness.readable) read_on();
  });
}

void Peer::handle_deadline(net::Poller::Id, base::TimePoint now) {
  serve([&] {
    if (may_read() && transport_.holds_input()) read();
    proceed(now);
  });
}

// Every connection is served here and nowhere else. Nothing may follow: the owner may have destroyed this.
template <typename Work>
void Peer::serve(Work work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    lose();
  }
  if (!over_) return;
  poller_.remove(entry_.id);  // the owner may keep this, and the socket stays readable
  owner_.handle_end(*this);
}

void Peer::proceed(base::TimePoint now) {
  undelivered_ = true;
  deliver(now);
  // Only then: what has arrived is in time, however late we come to it.
  if (paused_) connection_.excuse_silence(now);
  if (const auto deadline = connection_.deadline(); deadline && *deadline <= now) {
    connection_.advance(now);
    undelivered_ = true;
    deliver(now);
  }
  write();
  if (over_) return;
  owner_.handle_progress(*this);
  flush();
}

bool Peer::may_read() const noexcept { return !undelivered_ && !paused_ && connection_.wants_input(); }

// The end of the stream waits until what is left to be written is gone: a peer may close its half and go on reading.
bool Peer::may_deliver() const noexcept {
  if (!undelivered_ || paused_) return false;
  return connection_.wants_input() || (connection_.output().empty() && !transport_.holds_output());
}

void Peer::read() {
  // What comes during the handshake may have to be kept.
  const bool large = much_ && !reads_little_ && connection_.state() != ws::State::connecting;
  block_ = large ? blocks_.take_large() : blocks_.take();
  const base::MutableBytes room = block_.bytes();
  const net::IoResult result = transport_.receive(room);
  const std::size_t came = result.kind == net::IoResult::Kind::done ? result.bytes : 0;
  full_ = came == room.size() || transport_.filled();
  much_ = came >= ReadBlocks::usual_size || transport_.filled();
  switch (result.kind) {
    case net::IoResult::Kind::done:
      heard_ = now();
      unread_ = room.first(result.bytes);
      hand_on();
      break;
    case net::IoResult::Kind::end:
      ended_ = now();
      connection_.receive_eof(now());
      break;
    case net::IoResult::Kind::failed:
      ended_ = now();
      note_failure(result.error);
      connection_.receive_eof(now());
      break;
    case net::IoResult::Kind::would_block:
      break;
  }
}

// Where a read has brought all that it had room for there is more, and who sends much is not worth a turn of the loop
// for each part; but others wait.
void Peer::read_on() {
  for (int i = 0; i < most_further_reads && full_ && !over_ && may_read(); ++i) {
    read();
    proceed(now());
  }
}

// Gives the connection the next part of what was read, which is all of it unless somebody watches.
void Peer::hand_on() {
  const std::size_t size = observer_ != nullptr ? observer_->handle_received(unread_) : unread_.size();
  const base::MutableBytes part = unread_.first(size);
  unread_ = unread_.subspan(size);
  if (connection_.receive(part) != ws::Status::ok) abandon();
}

void Peer::deliver(base::TimePoint now) {
  Turn turn(!connection_.extensions().empty());
  const auto deliver_runs_of_messages = [&] {
    while (delivers_runs_ && may_deliver() && !turn.over() && deliver_run(turn)) {
    }
  };
  deliver_runs_of_messages();
  ws::Message message;
  while (may_deliver() && !turn.over()) {
    if (connection_.next_whole_message(message)) {
      turn.count(message);
      owner_.handle_message(*this, message);
      continue;
    }
    const auto event = connection_.next_event(now);
    if (!event && !unread_.empty()) {
      hand_on();
      continue;
    }
    undelivered_ = event.has_value();
    if (!event) break;
    tell(*event, turn);
    deliver_runs_of_messages();  // a block begins with the rest of a message, as a rule
  }
  if (block_ && !undelivered_) blocks_.give_back(std::move(block_));
}

// Whether there was one.
bool Peer::deliver_run(Turn& turn) {
  std::array<ws::Message, longest_run> messages;
  const std::size_t count = connection_.next_whole_messages(messages);
  if (count == 0) return false;
  turn.count(count);
  owner_.handle_messages(*this, {messages.data(), count});
  return true;
}

void Peer::tell(const ws::Event& event, Turn& turn) {
  if (const auto* piece = std::get_if<ws::Message>(&event)) {
    turn.count(*piece);
    return owner_.handle_message(*this, *piece);
  }
  turn.count();
  if (std::holds_alternative<ws::Closed>(event)) over_ = true;
  owner_.handle_event(*this, event);
}

void Peer::flush() {
  write();
  update_poller();
}

// What the system has refused waits for the poller, so that output never goes away behind the owner's back.
void Peer::write() {
  show_output();
  transport_.flush();
  while (!sending_over_ && !blocked_ && !connection_.output().empty()) {
    const net::IoResult result = transport_.send(connection_.output());
    // What the peer has said before it went can still be read.
    if (result.kind == net::IoResult::Kind::failed) note_failure(result.error);
    if (result.kind == net::IoResult::Kind::would_block) blocked_ = true;
    if (result.kind != net::IoResult::Kind::done) break;
    blocked_ = result.bytes < connection_.output().size();
    connection_.consume_output(result.bytes);
    shown_ -= std::min(shown_, result.bytes);
    show_output();  // writing may have made room for Pongs
  }
  if (!sending_over_ && connection_.wants_half_close()) {
    sending_over_ = true;
    transport_.half_close();
  }
  if (connection_.timed_out()) stop_sending();
  while (sending_over_ && !connection_.output().empty()) connection_.consume_output(connection_.output().size());
}

net::IoResult Peer::send_file(int file, std::uint64_t offset, std::size_t count) {
  if (sending_over_) return {net::IoResult::Kind::failed, 0, EPIPE};
  if (blocked_ || !connection_.output().empty()) return {net::IoResult::Kind::would_block};
  const net::IoResult result = transport_.send_file(file, offset, count, blocks_);
  blocked_ = result.kind == net::IoResult::Kind::would_block;
  return result;
}

ws::Status Peer::respond(int status, const http::Headers& headers, base::Bytes body, std::uint64_t rest,
                         base::Duration patience) {
  const ws::Status outcome = connection_.respond(now(), status, headers, body, rest, patience);
  if (outcome == ws::Status::ok && observer_ != nullptr) observer_->handle_answered();
  return outcome;
}

void Peer::next_request() {
  show_output();
  if (connection_.next_request(now()) != ws::Status::ok) return;
  if (observer_ != nullptr) observer_->handle_answer_sent();
  undelivered_ = true;
  flush();
}

void Peer::show_output() {
  if (sending_over_) return;
  const base::Bytes output = connection_.output();
  if (observer_ != nullptr && shown_ < output.size()) observer_->handle_sent(output.subspan(shown_));
  shown_ = output.size();
}

void Peer::stop_sending() {
  sending_over_ = true;
  transport_.drop_output();
}

void Peer::heed_reset() {
  heeds_reset_ = true;
  update_poller();
}

// What has only ended is read once that goes on.
void Peer::look_for_reset() {
  const int error = net::pending_error(transport_.fd());
  heeds_reset_ = false;
  if (error == 0) return;
  ended_ = now();
  note_failure(error);
  abandon();
}

// Writing may have failed before it is read why: TLS's own words are the better ones.
void Peer::note_failure(int error) {
  stop_sending();
  if (socket_error_ && error != EPROTO) return;
  socket_error_ = std::make_unique<const std::string>(transport_.error_text(error));
}

const std::string& Peer::socket_error() const noexcept {
  static const std::string none;
  return socket_error_ ? *socket_error_ : none;
}

void Peer::pause(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  update_poller();
}

void Peer::abandon() {
  if (!sending_over_ && connection_.output().empty()) transport_.half_close();
  stop_sending();
  paused_ = false;
  unread_ = {};
  undelivered_ = true;
  connection_.abandon_answer(now());
  connection_.receive_eof(now());
  flush();
}

void Peer::reset() {
  net::reset_on_close(transport_.fd());
  stop_sending();
  abandon();
}

void Peer::half_close() {
  flush();
  if (sending_over_) return;
  sending_over_ = true;
  transport_.half_close();
}

void Peer::lose() {
  out_of_memory_ = true;
  stop_sending();
  connection_.abort(now());
  abandon();
}

void Peer::update_poller() {
  const bool writes = !connection_.output().empty() || transport_.holds_output() || connection_.answering();
  poller_.set_interest(entry_.id, {.readable = may_read(), .writable = writes, .hung_up = !may_read() && heeds_reset_});
  const bool at_once = may_deliver() || (may_read() && transport_.holds_input());
  poller_.set_deadline(entry_.id, at_once ? std::optional(net::Poller::at_once) : connection_.deadline());
}

}  // namespace wscope::peer
