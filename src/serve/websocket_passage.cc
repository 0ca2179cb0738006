#include "serve/websocket_passage.h"

#include <optional>
#include <utility>
#include <variant>

#include "http/field_syntax.h"

namespace wscope::serve {
namespace {

using Wait = link::Link::Wait;

link::ConnectPlan plan_for(const Target& target, const http::RequestHead& request, const link::Timeouts& timeouts) {
  link::ConnectPlan plan;
  plan.endpoint.url = target.url;
  plan.timeouts = timeouts;
  plan.answers_close = false;
  plan.compression.reset();
  if (const auto offered = request.headers.joined("Sec-WebSocket-Protocol")) {
    auto names = http::parse_token_list(*offered);
    if (names) plan.request.subprotocols = std::move(names).value();
  }
  return plan;
}

void pass_on(const ws::Message& message, link::Link& to) {
  static_cast<void>(to.send({.opcode = message.first ? message.type : ws::Opcode::continuation,
                             .payload = message.data,
                             .finished = message.finished}));
}

// What one side has said of its end, the other is told.
void pass_close(const link::Link& from, link::Link& to) {
  const ws::CloseRecord& closing = from.connection().closing();
  const auto& said = closing.received ? closing.received : closing.sent;
  if (!said) return;
  const bool has_code = said->code != ws::close_code::no_status;
  static_cast<void>(
      to.connection().close(to.peer().now(), has_code ? std::optional(said->code) : std::nullopt, said->reason));
}

bool is_live(const link::Link& link) noexcept {
  const ws::State state = link.connection().state();
  return state == ws::State::open || state == ws::State::local_closing || state == ws::State::remote_closing;
}

}  // namespace

WebSocketPassage::WebSocketPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target,
                                   const http::RequestHead& request, const link::Timeouts& timeouts,
                                   PassageOwner& owner)
    : loop_(loop),
      number_(number),
      owner_(owner),
      plan_(plan_for(target, request, timeouts)),
      timer_(loop.poller.add(-1, {}, *this)),
      target_(loop, plan_, link::Delivery::streamed, number, *this, *this) {
  loop_.poller.set_deadline(timer_, net::Poller::at_once);
}

WebSocketPassage::~WebSocketPassage() { loop_.poller.remove(timer_); }

// To begin may fail at once, which the owner is told from the loop only; so is that the target is there, as this may be
// destroyed then.
void WebSocketPassage::handle_deadline(net::Poller::Id, base::TimePoint) {
  if (!std::exchange(started_, true)) return target_.start(plan_.endpoint.url, false);
  if (arrived_) {
    const std::string& subprotocol = target_.link()->connection().subprotocol();
    std::vector<std::string> agreed;
    if (!subprotocol.empty()) agreed.push_back(subprotocol);
    told_ = true;
    return owner_.handle_arrived(number_, std::move(agreed));
  }
  const base::Error error = target_.failure() ? *target_.failure() : base::Error{base::ErrorKind::lost, "it is lost"};
  owner_.handle_unreachable(number_, error);
}

void WebSocketPassage::report(link::ConnectionNumber, const link::Happening& happening) {
  if (!std::holds_alternative<link::Opened>(happening)) return;
  target_.link()->pause(Wait::for_answers, true);  // until the client is in
  target_.link()->peer().read_little();
  arrived_ = true;
  loop_.poller.set_deadline(timer_, net::Poller::at_once);
}

void WebSocketPassage::handle_open(link::Client& client) {
  client_ = &client;
  client.peer().read_little();
  if (over_) return client.peer().abandon();
  settle();
}

// --- from the client

void WebSocketPassage::handle_message(link::Client& client, const ws::Message& message) {
  if (over_) return;
  pass_on(message, *target_.link());
  if (!target_.link()->peer().has_room()) client.pause(Wait::for_answers, true);
}

void WebSocketPassage::handle_progress(link::Client&) {
  if (over_) return;
  settle();
  target_.link()->peer().flush();
}

bool WebSocketPassage::handle_gone() {
  link::Client* const client = std::exchange(client_, nullptr);
  if (client == nullptr || over_ || target_.link() == nullptr) return true;
  target_.link()->pause(Wait::for_answers, false);
  const bool said = client->connection().closing().received || client->connection().closing().sent;
  pass_close(*client, *target_.link());
  target_.give_up();
  said ? target_.link()->peer().flush() : target_.link()->peer().abandon();
  return false;
}

// --- from the target

void WebSocketPassage::handle_message(const ws::Message& message) {
  if (client_ == nullptr) return;
  pass_on(message, *client_);
  if (!client_->peer().has_room()) target_.link()->pause(Wait::for_answers, true);
}

void WebSocketPassage::handle_progress() {
  if (client_ == nullptr) {
    const bool closes = arrived_ && target_.link()->connection().state() == ws::State::remote_closing;
    if (closes) pass_close(*target_.link(), *target_.link());  // nobody is there to answer it
    return;
  }
  settle();
  client_->peer().flush();
}

void WebSocketPassage::handle_end() {
  over_ = true;
  if (client_ != nullptr) {
    pass_close(*target_.link(), *client_);
    client_->pause(Wait::for_answers, false);
    is_live(*client_) && !target_.link()->connection().closing().received ? client_->peer().abandon()
                                                                          : client_->peer().flush();
    return;
  }
  if (told_) return owner_.handle_over(number_);
  arrived_ = false;
  loop_.poller.set_deadline(timer_, net::Poller::at_once);
}

// --- both

// Who is sent more than it reads keeps the other waiting; Closes go on.
void WebSocketPassage::settle() {
  link::Link& target = *target_.link();
  if (target.connection().state() == ws::State::remote_closing || !is_live(target)) pass_close(target, *client_);
  if (client_->connection().state() == ws::State::remote_closing || !is_live(*client_)) pass_close(*client_, target);
  if (client_->connection().state() == ws::State::local_closing) pass_close(*client_, target);
  client_->pause(Wait::for_answers, is_live(target) && !target.peer().has_room());
  target.pause(Wait::for_answers, is_live(*client_) && !client_->peer().has_room());
}

}  // namespace wscope::serve
