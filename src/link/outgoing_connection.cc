#include "link/outgoing_connection.h"

#include <chrono>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "http/field_syntax.h"
#include "link/echoing.h"
#include "link/ending.h"
#include "link/proxy.h"
#include "link/redirect.h"
#include "link/request_cookies.h"

namespace wscope::link {
namespace {

// Smaller messages are sent as they are.
constexpr std::size_t worth_compressing = 1024;
// For a server to end the TCP connection, which is its part (RFC 6455 section 7.1.1).
constexpr base::Duration patience = std::chrono::seconds(1);
// A connection that was open for less has not shown that the next one is worth hurrying for.
constexpr base::Duration stable = std::chrono::seconds(5);
// Of the body of a refusal.
constexpr std::size_t kept_body = std::size_t{64} << 10;

http::CalendarTime calendar_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool may_come_back(ws::CloseCode code) noexcept {
  return code == ws::close_code::going_away || code == ws::close_code::internal_error ||
         code == ws::close_code::service_restart || code == ws::close_code::try_again_later;
}

bool may_come_back(const http::ResponseHead& refusal) noexcept {
  return refusal.status >= 500 || refusal.status == 429;
}

ws::DeflateTuning tuning_of(const ConnectPlan& plan) noexcept {
  return {.level = plan.compression_level, .min_size = worth_compressing};
}

}  // namespace

OutgoingConnection::OutgoingConnection(Loop& loop, const ConnectPlan& plan, Delivery delivery, ConnectionNumber number,
                                       Report& reporter, OutgoingConnectionOwner& owner)
    : loop_(loop),
      plan_(plan),
      delivery_(delivery),
      number_(number),
      reporter_(reporter),
      owner_(owner),
      timer_(loop.poller.add(-1, {}, *this)),
      deflate_(plan.compression.value_or(ws::DeflateParameters()), tuning_of(plan)),
      connector_(loop, plan, *this),
      backoff_(loop.random),
      request_(plan.request),
      cookies_(plan.cookies) {
  for (const ws::DeflateParameters& parameters : plan.further_compression) {
    further_deflate_.emplace_back(parameters, tuning_of(plan));
  }
}

OutgoingConnection::~OutgoingConnection() { loop_.poller.remove(timer_); }

void OutgoingConnection::start(const http::Url& url, bool directly) {
  first_url_ = url_ = url;
  directly_ = directly;
  dial();
}

void OutgoingConnection::dial() {
  const bool by_environment =
      !directly_ && !plan_.route.proxy_given && plan_.route.unix_socket.empty() && plan_.endpoint.unix_socket.empty();
  if (by_environment && passes_by_proxy_of_environment(url_)) {
    reporter_.note(number_, "no proxy: " + url_.host + " is this machine, --proxy URL uses one all the same");
  }
  if (auto started = connector_.start(url_, directly_, certificate_); !started) finish(std::move(started).error());
}

// --- the way

void OutgoingConnection::handle_attempt(const net::SocketAddress& address) {
  reporter_.report(number_, Connecting{url_.text(), address.text()});
}

void OutgoingConnection::handle_proxy_words(const peer::ProxyWords& words) {
  const wire::Direction direction = words.ours ? wire::Direction::out : wire::Direction::in;
  if (words.head) return reporter_.report(number_, HeadSeen{direction, {words.text}});
  reporter_.note(number_, (words.ours ? "to the proxy: " : "from the proxy: ") + words.text);
}

void OutgoingConnection::handle_dialed(base::Result<peer::Dialed> dialed) {
  if (dialed) return shake_hands(std::move(dialed).value());
  base::Error error = std::move(dialed).error();
  if (error.kind == base::ErrorKind::tls) error = without_given_hints(std::move(error));
  if (error.kind != base::ErrorKind::dns) error.message.insert(0, place() + ": ");
  const bool may_pass = error.kind == base::ErrorKind::dns || error.kind == base::ErrorKind::connect;
  if (may_pass && may_try_again()) return try_again(error);
  finish(std::move(error));
}

void OutgoingConnection::shake_hands(peer::Dialed dialed) {
  const peer::DialTimes& times = dialed.times;
  timing_ = {.dns = times.name, .tcp = times.tcp, .proxy = times.proxy, .tls = times.tls};
  upgrade_began_ = loop_.poller.now();
  ws::Options options = connection_options(ws::Role::client, delivery_, plan_.limits, plan_.timeouts);
  options.auto_close = plan_.answers_close;
  options.hold_back_partial = reporter_.interests().code_points;
  if (plan_.echo) prepare_for_echo(options, plan_.limits);
  options.extensions = offers();
  link_.emplace(loop_.context(), std::move(dialed.transport), std::move(options), number_, *this);
  if (peer()->tls() != nullptr) reporter_.report(number_, Secured{peer()->tls()->session()});
  if (reporter_.interests().wire) link_->show_wire(reporter_);
  const ws::Status status = link_->connection().connect(url_, with_cookies(request_, cookies_, url_));
  if (status != ws::Status::ok) {
    return finish(base::usage_error(std::string(ws::describe(status))));
  }
  link_->peer().flush();
}

std::vector<const ws::ExtensionOffer*> OutgoingConnection::offers() const {
  std::vector<const ws::ExtensionOffer*> offers;
  if (plan_.compression) offers.push_back(&deflate_);
  for (const ws::PermessageDeflate& further : further_deflate_) offers.push_back(&further);
  return offers;
}

void OutgoingConnection::end_way() {
  timing_.upgrade = loop_.poller.now() - upgrade_began_;
  reporter_.report(number_, Timed{timing_});
}

// --- the connection

void OutgoingConnection::handle_event(peer::Peer&, const ws::Event& event) {
  reporter_.report(number_, Heard{event});
  if (link_ && !reporter_.has_room()) link_->pause(Link::Wait::for_printing, true);  // until the owner says otherwise
  if (const auto* opened = std::get_if<ws::Opened>(&event)) {
    open(*opened);
  } else if (const auto* rejected = std::get_if<ws::Rejected>(&event)) {
    refuse(*rejected->head);
  } else if (const auto* body = std::get_if<ws::RejectData>(&event)) {
    refusal_body_ += base::as_text(body->data).substr(0, kept_body + 1 - refusal_body_.size());
    if (body->finished) finish_refusal();
  } else if (const auto* broken = std::get_if<ws::HandshakeFailed>(&event)) {
    fail_handshake(*broken);
  } else if (const auto* failed = std::get_if<ws::Failed>(&event)) {
    fail(explain_violation(*failed), failed->violation == ws::Violation::ping_timeout);
  } else if (std::holds_alternative<ws::Ping>(event) || std::holds_alternative<ws::Pong>(event)) {
    owner_.handle_control(event);
  } else if (const auto* closed = std::get_if<ws::Closed>(&event)) {
    finish_refusal();
    if (!opened_at_) return;
    if (closed->receiving) reporter_.report(number_, CutOff{wire::Direction::in, *closed->receiving});
    if (closed->sending) reporter_.report(number_, CutOff{wire::Direction::out, *closed->sending});
    reporter_.report(number_, Ended{*closed->record});
  }
}

void OutgoingConnection::open(const ws::Opened& opened) {
  opened_at_ = loop_.poller.now();
  failures_ = 0;
  if (!plan_.beats.empty()) link_->beat(loop_, plan_.beats);
  end_way();
  const view::OpenView view{url_.text(),         opened.subprotocol,    opened.extensions,
                            opened.head->status, &opened.head->headers, link_->peer().address().text()};
  reporter_.report(number_, Opened{view});
  owner_.handle_open(view);
}

void OutgoingConnection::refuse(const http::ResponseHead& head) {
  end_way();
  if (plan_.redirects) {
    auto target = redirection(url_, head);
    if (!target) {
      base::Error error = std::move(target).error();
      error.message.insert(0, url_.text() + ": ");
      return fail(std::move(error), false);
    }
    if (*target && redirects_ < *plan_.redirects) {
      cookies_.receive(head.headers, url_, calendar_time());
      next_url_ = std::move(*target);
      return;
    }
    if (*target) {
      const std::string most =
          std::to_string(*plan_.redirects) + (*plan_.redirects == 1 ? " redirection" : " redirections");
      return fail({base::ErrorKind::http, url_.text() + ": more than " + most + " (--max-redirects)"}, false);
    }
  }
  refusal_ = head;
}

// All of its body has come that will, and is part of the reason.
void OutgoingConnection::finish_refusal() {
  if (!refusal_ || failure_ || passing_) return;
  refusal_body_ = readable_body(*refusal_, refusal_body_, kept_body);
  fail(explain_refusal(*refusal_, refusal_body_, url_, given()), may_come_back(*refusal_));
}

Given OutgoingConnection::given() const {
  const auto has_credentials = [](const http::Url& url, const ws::ConnectOptions& request) {
    return url.credentials || request.headers.contains("Authorization");
  };
  const ws::ConnectOptions& typed = plan_.request;
  Given given;
  given.credentials = has_credentials(first_url_, typed);
  given.credentials_sent = has_credentials(url_, request_);
  given.origin = !typed.origin.empty() || typed.headers.contains("Origin");
  given.version = typed.version != ws::ConnectOptions().version || typed.headers.contains("Sec-WebSocket-Version");
  given.head_limit = plan_.limits.head.has_value();
  return given;
}

// TLS does not know what the command line says.
base::Error OutgoingConnection::without_given_hints(base::Error error) const {
  std::vector<std::string_view> options;
  if (plan_.server_name) options.emplace_back("--servername");
  if (!plan_.tls.ca_file.empty() || !plan_.tls.ca_path.empty()) options.emplace_back("--cacert");
  if (!plan_.tls.pins.empty()) options.emplace_back("--pin");
  error.hint = without_given(error.hint, options);
  return error;
}

std::string OutgoingConnection::place_of(const http::Url& url) const {
  const std::string& path = plan_.endpoint.unix_socket.empty() ? plan_.route.unix_socket : plan_.endpoint.unix_socket;
  if (path.empty() || plan_.endpoint.embedded) return url.text();
  if (!plan_.endpoint.unix_socket.empty()) return "ws+unix:" + path + ":" + url.target;
  return url.text() + " (" + path + ")";
}

void OutgoingConnection::fail_handshake(const ws::HandshakeFailed& failed) {
  if (refusal_) return finish_refusal();  // its body broke off
  using Reason = ws::HandshakeFailed::Reason;
  base::Error error = explain_failure(failed, url_, place(), given(), link_->peer().socket_error());
  if (const auto* tls = link_->peer().tls(); tls != nullptr && tls->state() == tls::Engine::State::failed) {
    error = without_given_hints(tls->error());
    error.message.insert(0, place() + ": ");
  }
  fail(std::move(error), failed.reason == Reason::stream_ended || failed.reason == Reason::timed_out);
}

// `may_pass`: it can be worth trying again.
void OutgoingConnection::fail(base::Error error, bool may_pass) {
  if (failure_) return;  // what follows a failure is most often its consequence
  if (!may_pass || !may_try_again()) {
    failure_ = std::move(error);
    return;
  }
  passing_ = std::move(error);
  link_->peer().abandon();
}

void OutgoingConnection::finish(base::Error error) {
  failure_ = std::move(error);
  owner_.handle_end();
}

void OutgoingConnection::handle_progress(peer::Peer&) {
  owner_.handle_progress();
  const ws::State state = link_->connection().state();
  if (next_url_ && state == ws::State::closed) return link_->peer().abandon();
  // The peer has nothing more to say that matters, and only has to end the TCP connection.
  if (!lingers_ && (state == ws::State::closed || state == ws::State::rejecting)) linger();
}

void OutgoingConnection::close(ws::CloseCode code) {
  if (link_) link_->close(code);
}

void OutgoingConnection::give_up() {
  given_up_ = true;
  if (link_) linger();
}

void OutgoingConnection::linger() {
  lingers_ = true;
  loop_.poller.set_deadline(timer_, loop_.poller.now() + patience);
}

void OutgoingConnection::handle_deadline(net::Poller::Id, base::TimePoint) {
  tries_again_at_.reset();
  lingers_ ? link_->peer().abandon() : dial();
}

void OutgoingConnection::handle_end(peer::Peer&) {
  if (next_url_) return follow_redirection();
  if (const auto reason = reason_to_try_again()) return try_again(*reason);
  owner_.handle_end();
}

std::optional<base::Error> OutgoingConnection::judge() const {
  return link_ ? judge_end(link_->peer(), plan_.timeouts.ping_interval != base::Duration::zero()) : std::nullopt;
}

std::optional<view::RefusalView> OutgoingConnection::refusal() const {
  if (!refusal_) return std::nullopt;
  return view::RefusalView{&*refusal_, refusal_body_};
}

// --- another connection after this one

void OutgoingConnection::forget_link() {
  link_.reset();
  passing_.reset();
  refusal_.reset();
  refusal_body_.clear();
  opened_at_.reset();
  lingers_ = false;
  loop_.poller.set_deadline(timer_, std::nullopt);
}

void OutgoingConnection::follow_redirection() {
  if (!same_origin(url_, *next_url_)) {
    request_ = without_secrets(std::move(request_));
    certificate_ = OwnCertificate::withheld;
  }
  url_ = *std::exchange(next_url_, std::nullopt);
  ++redirects_;
  reporter_.note(number_, "redirected to " + url_.text());
  forget_link();
  dial();
}

bool OutgoingConnection::may_try_again() const noexcept {
  if (!plan_.reconnect || failure_ || given_up_) return false;
  return !plan_.reconnect->attempts || failures_ < *plan_.reconnect->attempts;
}

// Nothing if it is over for good.
std::optional<base::Error> OutgoingConnection::reason_to_try_again() const {
  if (!may_try_again() || link_->peer().out_of_memory()) return std::nullopt;
  if (passing_) return passing_;
  const ws::CloseRecord& closing = link_->connection().closing();
  if (closing.sent && !closing.received_first) return std::nullopt;  // that was us
  if (!closing.received) return judge();
  const ws::CloseCode code = closing.received->code;
  if (!may_come_back(code)) return std::nullopt;
  return base::Error{base::ErrorKind::closed,
                     "closed by the peer: " + std::to_string(code.value) + " (" + std::string(ws::name(code)) + ")"};
}

void OutgoingConnection::try_again(const base::Error& reason) {
  if (opened_at_ && loop_.poller.now() - *opened_at_ >= stable) backoff_.reset();
  ++failures_;
  const base::Duration delay = backoff_.next();
  const double seconds = std::chrono::duration<double>(delay).count();
  reporter_.warn(number_, reason.message + fmt::format("; trying again in {:.1f} s", seconds));
  owner_.handle_restart();
  forget_link();
  url_ = first_url_;
  request_ = plan_.request;
  cookies_ = plan_.cookies;
  certificate_ = OwnCertificate::shown;
  redirects_ = 0;
  tries_again_at_ = loop_.poller.now() + delay;
  loop_.poller.set_deadline(timer_, tries_again_at_);
}

}  // namespace wscope::link
