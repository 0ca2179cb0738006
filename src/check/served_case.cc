#include "check/served_case.h"

#include <chrono>
#include <utility>

#include "net/socket.h"
#include "tls/engine.h"

namespace wscope::check {
namespace {

constexpr base::Duration for_request = std::chrono::seconds(10);
// Reads in a turn of the loop.
constexpr int most_reads = 16;
constexpr http::HeadLimits head_limits{.head_bytes = std::size_t{256} << 10};

}  // namespace

ServedCase::ServedCase(link::Loop& loop, net::UniqueFd socket, const tls::Context* tls, ServedCaseOwner& owner)
    : loop_(loop), owner_(owner), transport_(std::move(socket)), parser_(http::HeadParser::Kind::request, head_limits) {
  net::set_no_delay(transport_.fd());
  if (tls != nullptr) {
    auto engine = tls::Engine::server(*tls);
    if (engine) transport_.add_tls(std::move(engine).value(), loop.blocks);
  }
  id_ = loop.poller.add(transport_.fd(), {.readable = true}, *this);
  loop.poller.set_deadline(id_, loop.poller.now() + for_request);
}

ServedCase::~ServedCase() { loop_.poller.remove(id_); }

void ServedCase::begin(const Case& one, const Settings& settings) {
  if (over_) return;
  const base::TimePoint now = loop_.poller.now();
  held_ = !aside_;
  random_ = SeededRandom(settings.seed, one.id);
  machine_ = std::make_unique<CaseMachine>(one, settings, random_, now);
  machine_->note_server_name(server_name_);
  machine_->receive(base::as_bytes(early_), now);
  early_.clear();
  if (ended_) machine_->receive_end(false, now);
  proceed();
}

void ServedCase::begin_aside(Case one, const Settings& settings) {
  aside_ = std::move(one);
  begin(*aside_, settings);
}

void ServedCase::note_another() {
  if (machine_ == nullptr || over_) return;
  machine_->note_another(loop_.poller.now());
  proceed();
}

void ServedCase::note_gone() {
  if (machine_ == nullptr || over_) return;
  machine_->note_gone(loop_.poller.now());
  proceed();
}

std::string ServedCase::take_transcript() {
  if (!transcript_) return {};
  transcript_->end();
  std::string text = transcript_->take_text();
  transcript_.reset();
  return text;
}

void ServedCase::handle_ready(net::Poller::Id, net::Readiness readiness) {
  if (readiness.writable) {
    blocked_ = false;
    transport_.flush();
  }
  if (readiness.readable) read();
  if (!over_) proceed();
}

void ServedCase::handle_deadline(net::Poller::Id, base::TimePoint now) {
  if (machine_ == nullptr) return finish();
  if (transport_.holds_input()) read();
  machine_->advance(now);
  proceed();
}

void ServedCase::read() {
  for (int i = 0; i < most_reads && !ended_ && !over_; ++i) {
    const bool wants = machine_ != nullptr ? machine_->reads() : !asked_;
    if (!wants) return;
    peer::ReadBlock block = loop_.blocks.take();
    const net::IoResult result = transport_.receive(block.bytes());
    using Kind = net::IoResult::Kind;
    if (result.kind == Kind::done) {
      const base::Bytes came = block.bytes().first(result.bytes);
      if (log_) log_->received(came, std::chrono::system_clock::now());
      take(came);
    }
    if (result.kind == Kind::end || result.kind == Kind::failed) take_end(result);
    loop_.blocks.give_back(std::move(block));
    if (result.kind == Kind::would_block) return;
  }
}

void ServedCase::take(base::Bytes bytes) {
  if (transcript_) transcript_->received(bytes, std::chrono::system_clock::now());
  if (machine_ != nullptr) return machine_->receive(bytes, loop_.poller.now());
  take_head(bytes);
}

void ServedCase::take_head(base::Bytes bytes) {
  early_ += base::as_text(bytes);
  const auto progress = parser_.receive(bytes);
  if (progress == http::HeadParser::Progress::need_more) return;
  asked_ = true;
  if (progress == http::HeadParser::Progress::failed) return finish();
  const http::RequestHead request = parser_.take_request();
  owner_.handle_request(*this, request);
}

void ServedCase::take_end(const net::IoResult& result) {
  const bool reset = result.kind == net::IoResult::Kind::failed;
  const bool is_of_tls = transport_.tls() != nullptr && transport_.tls()->state() == tls::Engine::State::failed;
  if (is_of_tls) tls_failure_ = transport_.error_text(result.error);
  ended_ = true;
  if (machine_ == nullptr) return finish();
  machine_->receive_end(reset, loop_.poller.now());
}

void ServedCase::write() {
  while (!blocked_) {
    const base::Bytes output = machine_->output(loop_.poller.now());
    if (output.empty()) break;
    const net::IoResult result = transport_.send(output);
    if (result.kind == net::IoResult::Kind::done) {
      if (log_) log_->sent(output.first(result.bytes), std::chrono::system_clock::now());
      if (transcript_) transcript_->sent(output.first(result.bytes), std::chrono::system_clock::now());
      machine_->consume_output(result.bytes, loop_.poller.now());
    } else if (result.kind == net::IoResult::Kind::would_block) {
      blocked_ = true;
    } else {
      machine_->fail_output(loop_.poller.now());
    }
  }
  const CaseMachine::Order order = blocked_ ? CaseMachine::Order::none : machine_->take_order();
  if (order == CaseMachine::Order::half_close) transport_.half_close();
  if (order == CaseMachine::Order::reset) {
    net::reset_on_close(transport_.fd());
    machine_->advance(loop_.poller.now());
    if (!machine_->over(loop_.poller.now())) drop();
  }
}

// The connection is gone, the case goes on.
void ServedCase::drop() {
  ended_ = true;
  blocked_ = false;
  loop_.poller.remove(id_);
  transport_ = {};
  id_ = loop_.poller.add(-1, {}, *this);
}

void ServedCase::proceed() {
  if (over_ || machine_ == nullptr) return wait();
  write();
  if (machine_->over(loop_.poller.now())) return finish();
  wait();
}

void ServedCase::finish() {
  if (over_) return;
  over_ = true;
  if (machine_ != nullptr) result_ = machine_->result(loop_.poller.now());
  if (log_ && result_) log_->end(*result_, machine_->heard(), std::chrono::system_clock::now());
  loop_.poller.remove(id_);
  id_ = {};
  transport_ = {};
  owner_.handle_served(*this);
}

void ServedCase::wait() {
  if (over_) return;
  if (machine_ == nullptr) {
    loop_.poller.set_interest(id_, {.readable = !asked_, .writable = transport_.holds_output()});
    if (asked_) loop_.poller.set_deadline(id_, std::nullopt);
    return;
  }
  if (transport_.fd() < 0) return loop_.poller.set_deadline(id_, machine_->deadline(loop_.poller.now()));
  const bool readable = machine_->reads() && !ended_;
  loop_.poller.set_interest(id_, {.readable = readable, .writable = blocked_ || transport_.holds_output()});
  auto deadline = machine_->deadline(loop_.poller.now());
  if (readable && transport_.holds_input()) deadline = net::Poller::at_once;
  loop_.poller.set_deadline(id_, deadline);
}

}  // namespace wscope::check
