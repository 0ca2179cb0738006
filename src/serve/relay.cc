#include "serve/relay.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "http/request_target.h"
#include "net/error.h"
#include "serve/datagram_passage.h"
#include "serve/stream_passage.h"
#include "serve/websocket_passage.h"

namespace wscope::serve {
namespace {

// For the peer to end the TCP connection once its Close is answered, which may be only when its time is over.
constexpr base::Duration for_the_end = std::chrono::seconds(1);

bool ends_with(std::string_view text, int error) { return text.ends_with(net::error_text(error)); }

link::Answer answer_to(const base::Error& error) {
  const std::string_view why = error.message;
  for (const int shortage : {EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
    if (ends_with(why, shortage)) return link::plain_answer(503, "no more connections can be made for now");
  }
  if (why.ends_with("timed out")) return link::plain_answer(504, "the target does not answer");
  return link::plain_answer(502, "the target cannot be reached");
}

}  // namespace

Relay::Relay(link::Loop& loop, const RelayPlan& plan, const link::Timeouts& timeouts, bool events)
    : loop_(loop), plan_(plan), timeouts_(timeouts), events_(events) {
  if (!plan.token_file.empty()) tokens_.emplace(plan.token_file);
}

Relay::~Relay() = default;

void Relay::prepare(ws::Options& options, link::Delivery) {
  options.auto_close = false;
  options.whole_up_to = 0;
  options.hold_back_partial = events_;
  if (options.close_timeout != base::Duration::zero()) options.close_timeout += for_the_end;
}

// --- who wants what

const Target* Relay::choose(link::Client& client, const http::RequestHead& request) {
  const auto target = http::split_target(request.target);
  const std::string_view path = target ? target->path() : std::string_view();
  const auto& routes = plan_.routes;
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [path](const RelayRoute& route) { return route.path.empty() || route.path == path; });
  // The one for all paths is the last.
  if (found != routes.end()) return &found->target;
  if (!tokens_) return nullptr;
  if (const auto looked = tokens_->look(); !looked) {
    server_->warn(client, looked.error().message + "; the tokens are those that were read before");
  }
  const auto token = token_of(request.target);
  const Target* const of_token = token ? tokens_->table().find(*token) : nullptr;
  if (of_token == nullptr && token) server_->warn(client, "no such token: " + shown_token(*token));
  return of_token;
}

link::Entry Relay::handle_request(link::Client& client, const http::RequestHead& request) {
  const Target* const target = choose(client, request);
  if (target == nullptr) {
    return {.kind = link::Entry::Kind::refuse, .answer = link::plain_answer(404, "there is nothing here")};
  }
  if (target->kind == Target::Kind::echo) return {};
  ways_[client.number()] = Way{target->text(), set_out(client, *target, request)};
  return {.kind = link::Entry::Kind::wait};
}

std::unique_ptr<Passage> Relay::set_out(link::Client& client, const Target& target, const http::RequestHead& request) {
  PassageOwner& owner = *this;
  switch (target.kind) {
    case Target::Kind::tcp:
    case Target::Kind::unix_socket:
      return std::make_unique<StreamPassage>(loop_, client.number(), target, timeouts_, owner);
    case Target::Kind::udp:
      return std::make_unique<DatagramPassage>(loop_, client.number(), target, timeouts_.connect, plan_.idle, owner);
    case Target::Kind::websocket:
      return std::make_unique<WebSocketPassage>(loop_, client.number(), target, request, timeouts_, owner);
    case Target::Kind::echo:
      break;
  }
  return nullptr;
}

Passage& Relay::find(const link::Client& client) {
  const auto found = ways_.find(client.number());
  return found != ways_.end() ? *found->second.passage : echo_;
}

// --- a client

void Relay::handle_open(link::Client& client) { find(client).handle_open(client); }

void Relay::handle_message(link::Client& client, const ws::Message& message) {
  find(client).handle_message(client, message);
}

void Relay::handle_progress(link::Client& client) { find(client).handle_progress(client); }

void Relay::handle_gone(link::Client& client) {
  const auto found = ways_.find(client.number());
  leaving_ = &client;
  if (found != ways_.end() && found->second.passage->handle_gone()) ways_.erase(found);
  leaving_ = nullptr;
}

// --- a passage

void Relay::handle_arrived(link::ConnectionNumber number, std::optional<std::vector<std::string>> subprotocols) {
  link::Client* const client = server_->find(number);
  if (client != nullptr) server_->let_in(*client, std::move(subprotocols));
  if (client == nullptr || !client->admitted()) ways_.erase(number);  // it did not want to be
}

void Relay::handle_unreachable(link::ConnectionNumber number, const base::Error& error) {
  const auto found = ways_.find(number);
  const std::string name = std::move(found->second.name);
  const link::Answer answer = answer_to(error);
  const std::string why = name + ": " + error.message;  // before `error` goes
  ways_.erase(found);
  link::Client* const client = server_->find(number);
  if (client == nullptr) return;
  server_->warn(*client, why);
  server_->refuse(*client, answer);
}

void Relay::handle_word(link::ConnectionNumber number, const std::string& text) {
  const bool leaves = leaving_ != nullptr && leaving_->number() == number;
  const link::Client* const client = leaves ? leaving_ : server_->find(number);
  if (client != nullptr) server_->warn(*client, text);
}

void Relay::handle_over(link::ConnectionNumber number) { ways_.erase(number); }

}  // namespace wscope::serve
