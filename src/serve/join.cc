#include "serve/join.h"

#include <utility>

#include "peer/read_blocks.h"

namespace wscope::serve {
namespace {

// What is read at once is a message.
constexpr std::size_t most_at_once = peer::ReadBlocks::usual_size;
// Of output, with what one read more takes.
constexpr std::size_t most_output = peer::Peer::high_water - most_at_once - 64;
// Who sends much is not worth a turn of the loop for each read; but others wait.
constexpr int most_reads = 4;
// Less is gathered as long as more is being read.
constexpr std::size_t worth_a_write = std::size_t{16} << 10;
// A read of the connection may bring as much more.
constexpr std::size_t enough_waits = std::size_t{64} << 10;
constexpr std::size_t most_waiting = std::size_t{4} << 20;

}  // namespace

Join::Join(link::Loop& loop, std::unique_ptr<ByteStream> stream, const Ends::Options& ends, JoinOwner& owner)
    : loop_(loop),
      stream_(std::move(stream)),
      ends_(ends),
      owner_(owner),
      timer_(loop.poller.add(-1, {}, *this)),
      waiting_(most_waiting, &loop.held) {
  settle();
}

Join::~Join() { loop_.poller.remove(timer_); }

void Join::begin(link::Link& link) {
  link_ = &link;
  begun_ = true;
  ignores_hang_up_ = false;
  link.peer().read_little();
  link.peer().heed_reset();  // also while the stream takes nothing
  look_at_link();
  obey();
}

// --- from the connection to the stream

void Join::handle_message(const ws::Message& message) {
  if (ends_.listens_for_silence()) ends_.heard(loop_.poller.now());
  if (!ends_.has_stream()) return;
  base::Bytes bytes = message.data;
  if (bytes.size() >= worth_a_write) {
    write_waiting();
    if (waiting_.empty()) bytes = bytes.subspan(write(bytes));
  }
  if (!bytes.empty() && !waiting_.append(bytes)) ends_.stream_failed();  // it was paused long before
  if (waiting_.size() >= worth_a_write) write_waiting();
  if (waiting_.size() >= enough_waits) link_->pause(link::Link::Wait::for_answers, true);
}

// Returns how many are dealt with: all, if it has failed.
std::size_t Join::write(base::Bytes bytes) {
  if (blocked_) return 0;
  const net::IoResult result = stream_->send(bytes);
  if (result.kind == net::IoResult::Kind::done) {
    blocked_ = result.bytes < bytes.size();
    return result.bytes;
  }
  blocked_ = true;
  if (result.kind == net::IoResult::Kind::would_block) return 0;
  waiting_.clear();
  read_stream();  // what it has said before is to be sent
  ends_.stream_failed();
  return bytes.size();
}

void Join::write_waiting() {
  while (!waiting_.empty() && !blocked_) {
    const std::size_t written = write(waiting_.view());
    waiting_.consume(written < waiting_.size() ? written : waiting_.size());
  }
  if (waiting_.empty()) waiting_.release();
}

// --- from the stream to the connection

bool Join::has_room() const { return link_ != nullptr && link_->connection().output().size() <= most_output; }

void Join::read_stream() {
  for (int i = 0; i < most_reads && ends_.reads_stream() && has_room(); ++i) {
    peer::ReadBlock block = loop_.blocks.take();
    const net::IoResult result = stream_->receive(block.bytes().first(most_at_once));
    if (result.kind == net::IoResult::Kind::done) send(block.bytes().first(result.bytes));
    loop_.blocks.give_back(std::move(block));
    if (result.kind == net::IoResult::Kind::end) ends_.stream_ended(loop_.poller.now());
    if (result.kind == net::IoResult::Kind::failed) ends_.stream_failed();
    if (result.kind != net::IoResult::Kind::done || result.bytes < most_at_once) return;
  }
}

// There is room. It fails only if the connection is on its way out, of which we hear.
void Join::send(base::Bytes bytes) {
  const bool goes_on = link_->connection().sending_message();
  static_cast<void>(link_->send({.opcode = goes_on ? ws::Opcode::continuation : ws::Opcode::binary,
                                 .payload = bytes,
                                 .finished = !ends_.says_the_rest()}));
  link_->peer().flush();
}

// --- what happens

void Join::handle_progress() {
  write_waiting();
  if (link_ != nullptr) look_at_link();
  obey();
}

void Join::look_at_link() {
  const ws::CloseRecord& closing = link_->connection().closing();
  const base::TimePoint now = loop_.poller.now();
  if (closing.failed) return ends_.link_gone();
  if (closing.sent && !closing.received_first) ends_.close_sent(now);
  if (closing.received && !std::exchange(close_seen_, true)) ends_.close_received(closing.received->code, now);
  if (closing.sent && closing.received_first) ends_.close_sent(now);
}

void Join::handle_link_gone() {
  if (link_ != nullptr) look_at_link();
  ends_.link_gone();
  link_ = nullptr;
  obey();
}

void Join::handle_stream(net::Readiness readiness) {
  if (readiness.writable) {
    blocked_ = false;
    write_waiting();
  }
  if (readiness.readable && begun_) read_stream();
  if (readiness.hung_up) note_hang_up();
  obey();
  if (over()) owner_.handle_join_over();
}

// What it has said before is to be sent.
void Join::handle_reader_gone() {
  read_stream();
  ends_.stream_failed();
  obey();
  if (over()) owner_.handle_join_over();
}

// While it is read, reading tells. One that has ended and hangs up takes nothing any more; of one that is not read for
// now, what it has said is to be read yet, unless it was reset.
void Join::note_hang_up() {
  if (!ends_.has_stream() || (ends_.reads_stream() && has_room())) return;
  const bool unread = !begun_ || ends_.reads_stream();
  if (!unread || stream_->failed()) return ends_.stream_failed();
  ignores_hang_up_ = true;
}

void Join::handle_deadline(net::Poller::Id, base::TimePoint now) {
  ends_.advance(now);
  obey();
  if (over()) owner_.handle_join_over();
}

// --- what is done about it

void Join::obey() {
  const auto farewell = ends_.take_close();
  if (farewell && link_ != nullptr) say(*farewell);
  switch (ends_.take_fate(waiting_.empty())) {
    case Ends::Fate::half_close:
      stream_->half_close();
      break;
    case Ends::Fate::close:
      stream_->close();
      break;
    case Ends::Fate::reset:
      stream_->reset();
      waiting_.clear();
      waiting_.release();
      break;
    case Ends::Fate::keep:
      break;
  }
  settle();
}

void Join::say(const Ends::Farewell& farewell) {
  ws::Connection& connection = link_->connection();
  const bool is_ordinary = farewell.code == ws::close_code::normal;
  if (is_ordinary && connection.sending_message()) {
    static_cast<void>(link_->send({.opcode = ws::Opcode::continuation, .payload = {}, .finished = true}));
  }
  const bool has_code = farewell.code != ws::close_code::no_status;
  static_cast<void>(
      connection.close(loop_.poller.now(), has_code ? std::optional(farewell.code) : std::nullopt, farewell.reason));
  link_->peer().flush();
  if (connection.state() == ws::State::closed) owner_.handle_answered();
}

// What is waited for.
void Join::settle() {
  loop_.poller.set_deadline(timer_, ends_.deadline());
  if (link_ != nullptr) link_->pause(link::Link::Wait::for_answers, waiting_.size() >= enough_waits);
  if (!ends_.has_stream()) return;
  const bool reads = begun_ && ends_.reads_stream() && has_room();
  const bool watches = !ignores_hang_up_ || reads;
  stream_->watch({.readable = reads, .writable = !waiting_.empty(), .hung_up = watches}, *this);
  if (reads) ignores_hang_up_ = false;
}

}  // namespace wscope::serve
