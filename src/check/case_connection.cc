#include "check/case_connection.h"

#include <chrono>
#include <utility>

#include "check/way.h"
#include "link/proxy.h"
#include "net/socket.h"

namespace wscope::check {
namespace {

// Reads in a turn of the loop: a peer that sends without end is not alone.
constexpr int most_reads = 16;

}  // namespace

CaseConnection::CaseConnection(link::Loop& loop, const link::ConnectPlan& plan, const http::Url& url, bool directly,
                               CaseOwner& owner)
    : loop_(loop),
      plan_(plan),
      url_(url),
      directly_(directly),
      owner_(owner),
      connector_(loop, plan, *this),
      other_dialer_(loop.poller, loop.blocks, *this),
      timer_(loop.poller.add(-1, {}, *this)) {}

CaseConnection::~CaseConnection() {
  loop_.poller.remove(id_);
  loop_.poller.remove(timer_);
}

void CaseConnection::start(const Case& one, const Settings& settings) {
  case_ = &one;
  settings_ = &settings;
  random_ = SeededRandom(settings.seed, one.id);
  ended_ = blocked_ = false;
  error_.reset();
  if (transcript_) transcript_.emplace();
  if (auto started = dial(); !started) {
    error_ = std::move(started).error();
    loop_.poller.set_deadline(timer_, net::Poller::at_once);
  }
}

base::Result<void> CaseConnection::dial() {
  const std::string_view way = way_of(*case_);
  if (way.empty()) return connector_.start(url_, directly_);
  other_connector_.reset();
  other_plan_ = plan_;
  other_url_ = url_;
  tls::Offer offer;
  go_another_way(way, *other_plan_, offer, other_url_);
  if (offer.only || !offer.protocols.empty()) return dial_with(offer);
  peer::DialerOwner& owner = *this;
  other_connector_.emplace(loop_, *other_plan_, owner);
  return other_connector_->start(other_url_, directly_);
}

// What a Connector does not offer, and only straight to the server.
base::Result<void> CaseConnection::dial_with(const tls::Offer& offer) {
  const link::Route& route = other_plan_->route;
  auto of_environment = link::proxy_of_environment(other_url_);
  if (!of_environment) return std::move(of_environment).error();
  const bool by_proxy = route.proxy_given ? route.proxy.has_value() : of_environment->has_value();
  const bool elsewhere = !other_plan_->endpoint.unix_socket.empty() || !route.unix_socket.empty() ||
                         !route.resolutions.empty() || !route.connect_to.empty();
  if (by_proxy || elsewhere) return base::usage_error("only on the straight way to the server");
  auto context = tls::Context::client(other_plan_->tls);
  if (!context) return std::move(context).error();
  other_context_ = std::move(context).value();
  tls::make_offer(*other_context_, offer);
  peer::Destination destination;
  destination.host = other_url_.zone.empty() ? other_url_.host : other_url_.host + '%' + other_url_.zone;
  destination.port = other_url_.port;
  const bool any = route.ip_version == link::IpVersion::any;
  const bool v4 = route.ip_version == link::IpVersion::v4;
  destination.family = any ? net::AddressFamily::any : v4 ? net::AddressFamily::ipv4 : net::AddressFamily::ipv6;
  destination.tls = &*other_context_;
  const std::optional<std::string>& name = other_plan_->server_name;
  destination.server_name = name && !name->empty() ? *name : other_url_.host;
  if (name && name->empty()) destination.server_name_use = tls::ServerName::withheld;
  other_dialer_.start(std::move(destination), other_plan_->timeouts.connect);
  return {};
}

// What comes of a case without a connection, or without a word on it.
void CaseConnection::tell(const Result& result) {
  stop();
  owner_.handle_case_over(*this, result, Heard(Role::server));
}

void CaseConnection::stop() {
  loop_.poller.remove(id_);
  id_ = {};
  loop_.poller.set_deadline(timer_, std::nullopt);
  machine_.reset();
  transport_ = {};
  case_ = nullptr;
}

std::string CaseConnection::take_transcript() {
  if (!transcript_) return {};
  transcript_->end();
  std::string text = transcript_->take_text();
  transcript_.emplace();
  return text;
}

void CaseConnection::handle_dialed(base::Result<peer::Dialed> dialed) {
  if (case_ == nullptr) return;
  if (!dialed) {
    if (const auto result = judge_no_way(*case_, dialed.error())) return tell(*result);
    case_ = nullptr;
    return owner_.handle_no_connection(*this, dialed.error());
  }
  transport_ = std::move(dialed->transport);
  const auto session = transport_.tls() ? std::optional(transport_.tls()->session()) : std::nullopt;
  tls_words_ = session ? words_of(*session) : std::string();
  if (const auto result = judge_way(*case_, session ? &*session : nullptr)) return tell(*result);
  net::set_no_delay(transport_.fd());
  id_ = loop_.poller.add(transport_.fd(), {.readable = true}, *this);
  machine_ = std::make_unique<CaseMachine>(*case_, *settings_, random_, loop_.poller.now());
  if (evidence_ != nullptr) log_.emplace(Role::server, url_.text(), std::chrono::system_clock::now());
  proceed();
}

void CaseConnection::handle_ready(net::Poller::Id, net::Readiness readiness) {
  if (readiness.writable) {
    blocked_ = false;
    transport_.flush();
  }
  if (readiness.readable && machine_->reads()) read();
  proceed();
}

void CaseConnection::handle_deadline(net::Poller::Id, base::TimePoint now) {
  if (error_) {
    const base::Error error = *std::exchange(error_, std::nullopt);
    if (const auto result = judge_no_way(*case_, error)) return tell(*result);
    case_ = nullptr;
    return owner_.handle_no_connection(*this, error);
  }
  if (machine_ == nullptr) return;
  if (transport_.holds_input() && !ended_ && machine_->reads()) read();  // of which poll() knows nothing
  machine_->advance(now);
  proceed();
}

void CaseConnection::read() {
  for (int i = 0; i < most_reads && !ended_ && machine_->reads(); ++i) {
    peer::ReadBlock block = loop_.blocks.take();
    const net::IoResult result = transport_.receive(block.bytes());
    const base::TimePoint now = loop_.poller.now();
    using Kind = net::IoResult::Kind;
    const base::Bytes came = block.bytes().first(result.kind == Kind::done ? result.bytes : 0);
    if (transcript_) transcript_->received(came, std::chrono::system_clock::now());
    if (log_) log_->received(came, std::chrono::system_clock::now());
    if (result.kind == Kind::done) machine_->receive(came, now);
    if (result.kind == Kind::end || result.kind == Kind::failed) {
      ended_ = true;
      const bool unannounced = transport_.tls() != nullptr && transport_.tls()->truncated();
      machine_->receive_end(result.kind == Kind::failed, now, unannounced);
    }
    loop_.blocks.give_back(std::move(block));
    if (result.kind == Kind::would_block) return;
  }
}

void CaseConnection::write() {
  while (!blocked_) {
    const base::Bytes output = machine_->output(loop_.poller.now());
    if (output.empty()) break;
    const net::IoResult result = transport_.send(output);
    if (result.kind == net::IoResult::Kind::done) {
      if (transcript_) transcript_->sent(output.first(result.bytes), std::chrono::system_clock::now());
      if (log_) log_->sent(output.first(result.bytes), std::chrono::system_clock::now());
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
  }
}

void CaseConnection::proceed() {
  write();
  if (machine_->over(loop_.poller.now())) return finish();
  wait();
}

void CaseConnection::finish() {
  const std::unique_ptr<CaseMachine> machine = std::move(machine_);
  const Result result = machine->result(loop_.poller.now());
  if (log_ && case_->group != nullptr) {
    log_->end(result, machine->heard(), std::chrono::system_clock::now());
    evidence_->note(result, log_->take_text(), statements_of(*machine, evidence_->provenance()));
  }
  log_.reset();
  stop();
  owner_.handle_case_over(*this, result, machine->heard());
}

void CaseConnection::wait() {
  const bool readable = machine_->reads() && !ended_;
  loop_.poller.set_interest(id_, {.readable = readable, .writable = blocked_ || transport_.holds_output()});
  auto deadline = machine_->deadline(loop_.poller.now());
  if (readable && transport_.holds_input()) deadline = net::Poller::at_once;
  loop_.poller.set_deadline(timer_, deadline);
}

}  // namespace wscope::check
