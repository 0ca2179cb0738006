#include "link/server.h"

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <variant>

#include <sys/socket.h>

#include "link/connection_options.h"
#include "link/ending.h"
#include "link/page.h"
#include "link/refusal.h"
#include "link/request_url.h"
#include "net/error.h"

namespace wscope::link {
namespace {

// Longer messages are not waited for.
constexpr std::uint64_t whole_up_to = std::uint64_t{64} * 1024;

void reject(Client& client, const Answer& answer) {
  static_cast<void>(
      client.connection().reject(client.peer().now(), answer.status, answer.headers, base::as_bytes(answer.body)));
}

bool is_from_here(const Client& client) {
  const net::SocketAddress address = client.peer().address();
  return address.family() == AF_UNIX || address.is_loopback();
}

}  // namespace

Server::Server(Loop& loop, Options options, Service& service, Report* reporter)
    : loop_(loop),
      options_(std::move(options)),
      service_(service),
      reporter_(reporter),
      tells_messages_(reporter != nullptr && reporter->interests().messages),
      tells_refusals_(reporter != nullptr && reporter->interests().refusals),
      deflate_({.client_max_window_bits = ws::any_window_bits}, {.level = options_.compression_level}),
      packing_(loop.poller, deflate_),
      listeners_(loop.poller, *this) {
  if (options_.once) options_.admission.max_clients = 1;
  service_.begin(*this);
}

http::Url Server::url() const {
  http::Url url;
  url.secure = options_.tls != nullptr;
  url.host = address().host_text();
  url.port = address().port();
  url.target = "/";
  return url;
}

void Server::shut_down(ws::CloseCode code, std::string_view reason) {
  const auto rest = refusals_.rest();
  if (rest && reporter_ != nullptr) reporter_->warn(0, *rest);
  listeners_.clear();
  const base::TimePoint now = loop_.poller.now();
  for (const auto& [number, client] : clients_) {
    if (client->connection().close(now, code, reason) == ws::Status::wrong_state) client->peer().abandon();
    client->peer().flush();
  }
}

// --- clients

// Who has no address is of this machine, and has been let in by the permissions of a file.
bool Server::may_come_from(const net::SocketAddress& address) {
  const auto& ranges = options_.admission.addresses;
  if (ranges.empty() || address.family() == AF_UNIX) return true;
  const auto holds = [&address](const net::AddressRange& range) { return range.contains(address); };
  if (std::any_of(ranges.begin(), ranges.end(), holds)) return true;
  if (reporter_ == nullptr) return false;
  reporter_->note(0, "closed unread, as its address is not allowed: " + address.text());
  view::RefusedView view{.peer = address.text(), .status = 0, .message = ""};
  view.message = "refused " + view.peer + ": its address is not allowed";
  reporter_->report(0, Refused{view});
  return false;
}

// Memory that cannot be had costs the one client, here as in peer::Peer.
void Server::handle_accepted(net::UniqueFd socket, const net::SocketAddress& address) {
  if (!may_come_from(address)) return;
  const ConnectionNumber number = ++(options_.last_number != nullptr ? *options_.last_number : own_last_number_);
  try {
    take_in(number, std::move(socket), address);
  } catch (const std::bad_alloc&) {
    clients_.erase(number);
    note_lost(number);
  }
}

void Server::take_in(ConnectionNumber number, net::UniqueFd socket, const net::SocketAddress& address) {
  ws::Options options = connection_options(ws::Role::server, options_.whole ? Delivery::whole : Delivery::streamed,
                                           options_.limits, options_.timeouts);
  if (!options_.whole) options.whole_up_to = whole_up_to;
  service_.prepare(options, options_.whole ? Delivery::whole : Delivery::streamed);
  if (options_.compression) options.extensions = {&deflate_};
  peer::Transport transport(std::move(socket));
  if (options_.tls != nullptr) {
    auto engine = tls::Engine::server(*options_.tls);
    if (!engine) return;  // there is no memory for it
    transport.add_tls(std::move(engine).value(), loop_.blocks);
  }
  auto client = std::make_unique<Client>(loop_.context(), std::move(transport), std::move(options), number, *this);
  if (reporter_ != nullptr) {
    reporter_->note(number, "connected from " + address.text());
    if (reporter_->interests().wire) client->show_wire(*reporter_);
  }
  client->pause(Client::Wait::for_printing, held_);
  clients_.emplace(number, std::move(client));
}

// Once for all listeners.
void Server::handle_exhausted(int error) {
  if (exhausted_++ == 0 && reporter_ != nullptr) {
    reporter_->warn(0, "no more clients for now: " + net::error_text(error));
  }
}

void Server::handle_recovered() {
  if (--exhausted_ == 0 && reporter_ != nullptr) reporter_->warn(0, "clients can come again");
}

void Server::handle_message(Client& client, const ws::Message& message) {
  if (tells_messages_) reporter_->report(client.number(), Received{message});
  service_.handle_message(client, message);
  const bool shown = tells_messages_ || (client.shows_wire() && reporter_ != nullptr);
  if (shown && !reporter_->has_room()) print();  // a read may hold many messages
}

void Server::handle_event(Client& client, const ws::Event& event) {
  if (const auto* request = std::get_if<ws::Request>(&event)) return answer(client, *request->head);
  if (const auto* failed = std::get_if<ws::HandshakeFailed>(&event)) return explain(client, *failed);
  const auto* broken = std::get_if<ws::Failed>(&event);
  if (broken != nullptr && options_.once) ending_ = explain_violation(*broken);
  const bool is_control = std::holds_alternative<ws::Ping>(event) || std::holds_alternative<ws::Pong>(event);
  if (is_control && client.admitted()) service_.handle_control(client, event);
  if (reporter_ == nullptr) return;
  reporter_->report(client.number(), Heard{event});
  const bool silent = broken != nullptr && broken->violation == ws::Violation::ping_timeout;  // gone, as others go
  if (broken != nullptr && !silent) tell_end(client, explain_violation(*broken).message);
  if (!reporter_->has_room()) print();
  const auto* closed = std::get_if<ws::Closed>(&event);
  if (closed != nullptr && client.admitted()) report_end(client, *closed);
}

void Server::report_end(const Client& client, const ws::Closed& closed) {
  const auto tell = [&](wire::Direction direction, const std::optional<ws::Incomplete>& message) {
    if (!message) return;
    reporter_->report(client.number(), CutOff{direction, *message});
    const bool echoed = direction == wire::Direction::out && closed.receiving;  // the same message, most often
    if (!echoed) tell_end(client, describe_incomplete(direction, *message));
  };
  tell(wire::Direction::in, closed.receiving);
  tell(wire::Direction::out, closed.sending);
  reporter_->report(client.number(), Ended{*closed.record});
}

// What was wrong with the end of a server's only client is said at the server's own.
void Server::tell_end(const Client& client, const std::string& words) {
  if (!options_.once && !reporter_->interests().ends) reporter_->warn(client.number(), words);
}

void Server::note_tls(Client& client) {
  const tls::Engine* tls = client.peer().tls();
  if (reporter_ == nullptr || tls == nullptr || tls->state() != tls::Engine::State::open) return;
  reporter_->report(client.number(), Secured{tls->session()});
}

void Server::answer(Client& client, const http::RequestHead& request) {
  note_tls(client);
  if (turn_away(client, {&request, true, is_from_here(client)})) return;
  const Admission& admission = options_.admission;
  if (const auto refused = link::refuse(admission, request)) return refuse(client, *refused, request);
  if (admission.max_clients && admitted_ + waiting_.for_service() >= *admission.max_clients) {
    note_refusal(client, 503, "there are too many clients", &request);
    return reject(client, plain_answer(503, "there are too many clients"));
  }
  Entry entry = service_.handle_request(client, request);
  if (entry.kind == Entry::Kind::refuse) return refuse(client, entry.answer, request);
  const bool waits = entry.kind == Entry::Kind::wait;
  if (waits) client.peer().heed_reset();  // nothing is read meanwhile
  const bool keeps = waits || options_.by_hand || (reporter_ != nullptr && reporter_->interests().requests);
  // accept() may end the life of `request`
  WaitingClients::Client kept{client.number(), waits, keeps ? request : http::RequestHead(),
                              std::move(entry.subprotocols)};
  if (!waits && !options_.by_hand) return accept(client, kept);
  waiting_.add(std::move(kept));
}

void Server::refuse(Client& client, const Answer& answer, const http::RequestHead& request) {
  note_refusal(client, answer.status, http::reason_phrase(answer.status), &request);
  reject(client, answer);
}

void Server::accept(Client& client, const WaitingClients::Client& entry) {
  const Admission& admission = options_.admission;
  ws::AcceptOptions accept;
  accept.subprotocols = entry.subprotocols ? *entry.subprotocols : admission.subprotocols;
  accept.headers = admission.headers;
  accept.left_out = admission.left_out;
  if (client.connection().accept(client.peer().now(), accept) == ws::Status::ok && client.is_open())
    admit(client, entry.request);
}

std::optional<ConnectionNumber> Server::let_in() {
  while (const auto waiting = waiting_.take_first_by_hand()) {
    Client* const client = find(waiting->number);
    if (client == nullptr) continue;
    accept(*client, *waiting);
    client->peer().flush();
    if (client->admitted()) return waiting->number;
  }
  return std::nullopt;
}

void Server::let_in(Client& client, std::optional<std::vector<std::string>> subprotocols) {
  auto waiting = waiting_.take_for_service(client.number());
  if (!waiting) return;
  if (subprotocols) waiting->subprotocols = std::move(subprotocols);
  if (options_.by_hand) {
    waiting->for_service = false;
    return waiting_.add(std::move(*waiting));
  }
  accept(client, *waiting);
  client.peer().flush();
}

void Server::refuse(Client& client, const Answer& answer) {
  const auto waiting = waiting_.take_for_service(client.number());
  if (!waiting) return;
  refuse(client, answer, waiting->request);
  client.peer().flush();
}

void Server::admit(Client& client, const http::RequestHead& request) {
  client.admit();
  ++admitted_;
  if (options_.once) listeners_.clear();
  if (!options_.beats.empty()) client.beat(loop_, options_.beats);
  if (reporter_ != nullptr) {
    const ws::Connection& connection = client.connection();
    reporter_->report(client.number(), Opened{view::OpenView{url_of_request(request, options_.tls != nullptr),
                                                             connection.subprotocol(), connection.extensions(), 101,
                                                             &request.headers, client.peer().address().text(), false}});
  }
  service_.handle_open(client);
}

bool Server::turn_away(Client& client, const Visit& visit) {
  const auto refusal = judge_visit(options_.guard, visit);
  if (!refusal) return false;
  if (reporter_ != nullptr) {
    const bool says = refusal->status == 403 && !tells_refusals_;
    const auto line = says ? refusals_.note(*refusal) : std::nullopt;
    if (line) reporter_->warn(0, *line);
    const std::string* const host = visit.head->headers.find("Host");
    reporter_->report(
        client.number(),
        Refused{view::RefusedView{client.peer().address().text(), refusal->status, visit.head->headers.joined("Origin"),
                                  host != nullptr ? std::optional(*host) : std::nullopt, describe(*refusal)}});
  }
  const bool unclear = refusal->status == 400;
  reject(client, plain_answer(refusal->status, unclear ? "not exactly one proper Host header"
                                                       : "web pages of other sites are not let in here"));
  return true;
}

// What asks for no upgrade at all may be a browser's. Of another method, too, it is to be said first that its page is
// not let in.
void Server::explain(Client& client, const ws::HandshakeFailed& failed) {
  const Paths paths = options_.site != nullptr ? Paths::of_upgrades : Paths::all;
  const bool upgrade = failed.head != nullptr && !is_visit(paths, *failed.head);
  const bool may_visit = failed.head != nullptr && (failed.status == 405 || (failed.status == 426 && !upgrade));
  const std::string& tls_error = client.peer().socket_error();
  const bool visits_site = options_.site != nullptr && may_visit && !upgrade;
  if (reporter_ != nullptr && !visits_site) {
    reporter_->note(client.number(), "no upgrade: " + (tls_error.empty() ? describe(failed) : tls_error));
  }
  if (may_visit && turn_away(client, {failed.head, upgrade, is_from_here(client)})) return;
  if (may_visit && !upgrade) return answer_visit(client, *failed.head);
  const bool has_left = failed.reason == ws::HandshakeFailed::Reason::stream_ended;
  if (!tls_error.empty()) return note_refusal(client, failed.status, tls_error, failed.head);
  if (!has_left) note_refusal(client, failed.status, describe(failed), failed.head);
}

// A client of a site may go on with other requests, and with an upgrade at last; of the page alone nobody has to.
void Server::answer_visit(Client& client, const http::RequestHead& request) {
  if (options_.site == nullptr) {
    const Answer answer = answer_plain(options_.admission, request);
    return answer.status < 400 ? reject(client, answer) : refuse(client, answer, request);
  }
  const auto refused = refuse_visit(options_.admission, Paths::of_upgrades, request);
  if (refused) return refuse(client, *refused, request);
  auto answer = options_.site->handle_visit(request);
  downloads_.begin(client, request, answer ? *std::move(answer) : PageAnswer{page_answer(options_.admission.path)});
}

// For those who want to know of each.
void Server::note_refusal(const Client& client, int status, std::string_view why, const http::RequestHead* head) {
  if (!tells_refusals_) return;
  view::RefusedView view{.peer = client.peer().address().text(), .status = status, .message = ""};
  view.message = "refused " + view.peer + ": " + (status != 0 ? std::to_string(status) + " " : "") + std::string(why);
  if (head != nullptr) {
    const std::string* const host = head->headers.find("Host");
    view.origin = head->headers.joined("Origin");
    if (host != nullptr) view.host = *host;
  }
  reporter_->report(client.number(), Refused{view});
}

void Server::send_to_all(const ws::Piece& message, const Client* but) {
  for (const auto& [number, client] : clients_) {
    if (client.get() != but) send_to(*client, message);
  }
}

void Server::send_to(Client& client, const ws::Piece& message) {
  try {
    offer(client, message);
  } catch (const std::bad_alloc&) {
    client.peer().lose();
  }
}

void Server::offer(Client& client, const ws::Piece& message) {
  if (!client.is_open()) return;
  const bool has_room = has_memory(client, message.payload.size());
  if (!has_room && options_.slow == SlowClient::close) return shed(client);
  const Client::Offered offered = has_room ? client.offer(message, options_.slow) : client.leave_out(options_.slow);
  client.peer().flush();
  note_offer(client, offered);
}

bool Server::may_send_to(Client& client, std::size_t size) {
  const bool has_room = has_memory(client, size);
  if (!has_room && options_.slow == SlowClient::close) {
    shed(client);
    return false;
  }
  const bool keeps_up = has_room && client.keeps_up(size);
  const Client::Offered offered = keeps_up ? client.take() : client.leave_out(options_.slow);
  if (!keeps_up) client.peer().flush();
  note_offer(client, offered);
  return keeps_up;
}

bool Server::has_memory(const Client& client, std::size_t size) const noexcept {
  return loop_.held.allows(client.connection().output_growth(size));
}

void Server::shed(Client& client) {
  const std::string_view reason = ws::describe(ws::Violation::too_much_held);
  static_cast<void>(client.connection().fail(client.peer().now(), ws::close_code::try_again_later, reason));
  client.pause(Client::Wait::for_answers, false);  // or its Close would not be heard
  client.peer().flush();
  warn(client, describe_too_much_held(loop_.held.most()) + "; we sent 1013");
}

void Server::warn(const Client& client, const std::string& text) {
  if (reporter_ != nullptr) reporter_->warn(client.number(), text);
}

void Server::note_lost(ConnectionNumber number) noexcept {
  if (reporter_ == nullptr) return;
  try {
    reporter_->warn(number, "out of memory: the connection is lost");
  } catch (const std::bad_alloc&) {  // then it is not said
  }
}

Client* Server::find(ConnectionNumber number) const {
  const auto found = clients_.find(number);
  return found != clients_.end() ? found->second.get() : nullptr;
}

void Server::note_offer(const Client& client, Client::Offered offered) {
  if (reporter_ == nullptr) return;
  const ConnectionNumber number = client.number();
  if (offered == Client::Offered::closed) reporter_->warn(number, "reads too slowly: closed");
  if (offered == Client::Offered::begins_to_lag) reporter_->warn(number, "reads too slowly: messages are left out");
  if (offered == Client::Offered::keeps_up_again) reporter_->warn(number, "keeps up again");
}

void Server::hold(bool held) {
  if (held_ == held) return;
  held_ = held;
  for (const auto& [number, client] : clients_) client->pause(Client::Wait::for_printing, held);
}

void Server::print() {
  if (reporter_ == nullptr) return;
  reporter_->flush();
  hold(!reporter_->has_room());
}

void Server::handle_progress(Client& client) {
  if (client.admitted()) {
    service_.handle_progress(client);
  } else {
    downloads_.advance(client);
  }
  packing_.note_use();
  print();
}

void Server::handle_end(Client& client) {
  const auto found = clients_.find(client.number());
  const std::unique_ptr<Client> kept = std::move(found->second);
  clients_.erase(found);
  downloads_.forget(client.number());
  if (client.peer().out_of_memory()) note_lost(client.number());
  if (waiting_.forget(client.number())) service_.handle_gone(client);
  if (client.admitted()) {
    --admitted_;
    if (options_.once && !ending_)
      ending_ = judge_end(client.peer(), options_.timeouts.ping_interval != base::Duration::zero());
    service_.handle_gone(client);
    if (options_.once) shut_down();  // who came early would only keep it waiting
  }
  print();
}

}  // namespace wscope::link
