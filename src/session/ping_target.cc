#include "session/ping_target.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "link/ending.h"

namespace wscope::session {
namespace {

// Connections at a time; those that are only being closed go first.
constexpr std::size_t most_attempts = 256;

ws::Status send_ping(link::Link& link, const ping::PingPlan& plan, const std::string& payload) {
  const base::Bytes bytes = base::as_bytes(payload);
  const ws::Status status = plan.as == ping::PingPlan::As::text
                                ? link.send(ws::Piece{.opcode = ws::Opcode::text, .payload = bytes})
                                : link.connection().send_ping(link.peer().now(), bytes);
  return status;
}

// Why a connection is over, if anything is wrong with that.
std::optional<base::Error> end_of(const link::OutgoingConnection& connection) {
  return connection.failure() ? connection.failure() : connection.judge();
}

void pause_printing(link::OutgoingConnection& connection, bool paused) {
  link::Link* const link = connection.link();
  if (link == nullptr || link->paused(link::Link::Wait::for_printing) == paused) return;
  link->pause(link::Link::Wait::for_printing, paused);
}

std::string closed_by_peer(link::OutgoingConnection& connection) {
  const peer::Peer* const peer = connection.peer();
  return peer != nullptr ? link::describe_begun_close(peer->connection().closing()) : "";
}

}  // namespace

// --- what both have in common

link::Interests PingReport::interests() const noexcept {
  link::Interests interests = report_.interests();
  interests.code_points = false;
  interests.messages = false;
  return interests;
}

void PingReport::report(link::ConnectionNumber connection, const link::Happening& happening) {
  if (const auto* timed = std::get_if<link::Timed>(&happening)) way_ = timed->timing;
  const auto* heard = std::get_if<link::Heard>(&happening);
  if (heard != nullptr && std::holds_alternative<ws::Pong>(heard->event)) return;
  report_.report(connection, happening);
}

std::optional<base::Bytes> AnswerReader::receive(const ws::Message& message, std::size_t longest) {
  if (message.first) {
    text_.clear();
    dropped_ = message.type != ws::Opcode::text;
  }
  dropped_ = dropped_ || text_.size() + message.data.size() > longest;
  if (!dropped_) text_ += message.text();
  if (!message.finished || dropped_) return std::nullopt;
  return base::as_bytes(text_);
}

// --- one connection

OneTarget::OneTarget(link::Loop& loop, const link::ConnectPlan& plan, const ping::PingPlan& ping, PingReport& report,
                     PingTargetOwner& owner)
    : ping_(ping),
      report_(report),
      owner_(owner),
      connection_(loop, plan, link::Delivery::streamed, 1, report, *this) {}

bool OneTarget::can_send() { return connection_.is_open() && connection_.peer()->has_room(); }

void OneTarget::send(const ping::Pinger::Ping& ping, std::size_t longest) {
  longest_ = longest;
  static_cast<void>(send_ping(*connection_.link(), ping_, ping.payload));  // it is open, and there is room
  connection_.peer()->flush();
}

void OneTarget::pause(bool paused) { pause_printing(connection_, paused); }

void OneTarget::close(ws::CloseCode code) {
  connection_.give_up();
  connection_.close(code);
}

void OneTarget::handle_open(const view::OpenView& open) {
  owner_.handle_target_open(open.url, open.peer, report_.way());
}

void OneTarget::handle_message(const ws::Message& message) {
  const bool may_be_answer = ping_.as == ping::PingPlan::As::text;
  const auto answer = may_be_answer ? answers_.receive(message, longest_) : std::nullopt;
  if (answer) return owner_.handle_answer(*answer, std::nullopt, nullptr);
  if (message.finished) owner_.handle_server_message();
}

void OneTarget::handle_control(const ws::Event& event) {
  if (std::holds_alternative<ws::Ping>(event)) return owner_.handle_server_ping();
  if (ping_.as == ping::PingPlan::As::ping) {
    owner_.handle_answer(std::get<ws::Pong>(event).payload, std::nullopt, nullptr);
  } else {
    owner_.handle_stray();
  }
}

void OneTarget::handle_end() { owner_.handle_target_gone(end_of(connection_), closed_by_peer(connection_)); }

// --- a connection each

class EachTarget::Attempt final : private link::OutgoingConnectionOwner {
 public:
  Attempt(EachTarget& target, const ping::Pinger::Ping& ping)
      : target_(target),
        ping_(ping),
        connection_(target.loop_, target.plan_, link::Delivery::streamed, ping.sequence, target.report_, *this) {}

  void start() { connection_.start(target_.url_, target_.directly_); }
  [[nodiscard]] std::uint64_t sequence() const noexcept { return ping_.sequence; }
  /// It may go.
  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] bool answered() const noexcept { return answered_; }
  void drop() noexcept { over_ = true; }
  void pause(bool paused) { pause_printing(connection_, paused); }
  void close(ws::CloseCode code) {
    ignored_ = true;
    if (!connection_.is_open() && !answered_) return drop();
    connection_.give_up();
    connection_.close(code);
  }

 private:
  void handle_open(const view::OpenView&) override {
    way_ = target_.report_.way();
    sent_at_ = target_.loop_.poller.now();
    static_cast<void>(send_ping(*connection_.link(), target_.ping_, ping_.payload));
  }

  void handle_message(const ws::Message& message) override {
    const bool may_be_answer = target_.ping_.as == ping::PingPlan::As::text;
    const auto text = may_be_answer ? answers_.receive(message, ping_.payload.size()) : std::nullopt;
    if (text && base::as_text(*text) == ping_.payload) return take_answer(*text);
    if (message.finished) target_.owner_.handle_server_message();
  }

  void handle_control(const ws::Event& event) override {
    if (std::holds_alternative<ws::Ping>(event)) return target_.owner_.handle_server_ping();
    const base::Bytes payload = std::get<ws::Pong>(event).payload;
    const bool is_answer = target_.ping_.as == ping::PingPlan::As::ping && base::as_text(payload) == ping_.payload;
    is_answer ? take_answer(payload) : target_.owner_.handle_stray();
  }

  void take_answer(base::Bytes payload) {
    answered_ = true;
    target_.owner_.handle_answer(payload, sent_at_, &way_);
    close(ws::close_code::normal);
  }

  void handle_progress() override {}
  void handle_restart() override {}

  void handle_end() override {
    over_ = true;
    if (answered_ || std::exchange(ignored_, true)) return;
    auto error = end_of(connection_);
    if (!error) error = base::Error{base::ErrorKind::expectation, "closed before it answered"};
    target_.owner_.handle_failed(ping_.sequence, *error);
  }

  EachTarget& target_;
  ping::Pinger::Ping ping_;
  AnswerReader answers_;
  view::Timing way_{};
  base::TimePoint sent_at_{};
  bool answered_ = false;
  bool ignored_ = false;  // what becomes of it is of no interest
  bool over_ = false;
  link::OutgoingConnection connection_;
};

EachTarget::EachTarget(link::Loop& loop, const link::ConnectPlan& plan, const ping::PingPlan& ping,
                       const http::Url& url, bool directly, PingReport& report, PingTargetOwner& owner)
    : loop_(loop), plan_(plan), ping_(ping), url_(url), directly_(directly), report_(report), owner_(owner) {}

EachTarget::~EachTarget() = default;

bool EachTarget::can_send() { return !closing_ && attempts_.size() < most_attempts; }

void EachTarget::send(const ping::Pinger::Ping& ping, std::size_t) {
  attempts_.push_back(std::make_unique<Attempt>(*this, ping));
  attempts_.back()->start();
}

void EachTarget::give_up(std::uint64_t sequence) {
  for (const auto& attempt : attempts_) {
    if (attempt->sequence() == sequence) attempt->drop();
  }
}

void EachTarget::pause(bool paused) {
  for (const auto& attempt : attempts_) attempt->pause(paused);
}

void EachTarget::close(ws::CloseCode code) {
  closing_ = true;
  for (const auto& attempt : attempts_) attempt->close(code);
}

void EachTarget::tidy() {
  const bool crowded = attempts_.size() >= most_attempts / 2;
  std::erase_if(attempts_,
                [crowded](const auto& attempt) { return attempt->over() || (crowded && attempt->answered()); });
  if (closing_ && attempts_.empty() && !std::exchange(gone_, true)) owner_.handle_target_gone(std::nullopt, "");
}

}  // namespace wscope::session
