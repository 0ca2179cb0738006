#include "peer/dialer.h"

#include <utility>

namespace wscope::peer {
namespace {

// What a turn of the loop reads of a proxy's answer: one that talks without end is not alone.
constexpr int bytes_per_turn = 4096;

// Which means something on this machine only (RFC 4007 section 11.2).
std::string without_zone(const std::string& host) { return host.substr(0, host.find('%')); }

base::Error not_connected(std::string message) { return {base::ErrorKind::connect, std::move(message)}; }

}  // namespace

Dialer::Dialer(net::Poller& poller, ReadBlocks& blocks, DialerOwner& owner)
    : poller_(poller), blocks_(blocks), owner_(owner), timer_(poller.add(-1, {}, *this)) {}

Dialer::~Dialer() {
  stop_waiting();
  poller_.remove(timer_);
}

void Dialer::start(Destination destination, base::Duration timeout) {
  stop();
  destination_ = std::move(destination);
  times_ = {};
  if (timeout != base::Duration::zero()) poller_.set_deadline(timer_, poller_.now() + timeout);
  // Everything else comes from the loop.
  id_ = poller_.add(-1, {}, *this);
  poller_.set_deadline(id_, net::Poller::at_once);
}

// --- names

void Dialer::begin() {
  lap_began_ = poller_.now();
  if (!destination_.unix_socket.empty()) {
    destination_.proxy.reset();
    const auto address = net::SocketAddress::from_unix_path(destination_.unix_socket);
    return address ? race({*address}) : fail(address.error());
  }
  const auto& proxy = destination_.proxy;
  if (proxy && proxy->looks_up_names) return look_up(Stage::name, proxy->host, proxy->port);
  stage_ = proxy ? Stage::target_name : Stage::name;
  if (destination_.addresses.empty()) return look_up(stage_, destination_.host, destination_.port);
  take_known_addresses();
}

void Dialer::take_known_addresses() {
  std::vector<net::SocketAddress>& known = destination_.addresses;
  const net::AddressFamily family = destination_.family;
  std::erase_if(known, [family](const net::SocketAddress& address) { return !address.fits(family); });
  if (known.empty()) {
    const char* wanted = family == net::AddressFamily::ipv4 ? ": no IPv4 address" : ": no IPv6 address";
    return fail({base::ErrorKind::dns, destination_.host + wanted});
  }
  const auto& proxy = destination_.proxy;
  if (!proxy) return race(known);
  destination_.host = known.front().host_text();
  look_up(Stage::name, proxy->host, proxy->port);
}

void Dialer::look_up(Stage stage, const std::string& host, std::uint16_t port) {
  stage_ = stage;
  name_ = host;
  resolver_.start(host, port, destination_.family);
  if (resolver_.ready()) return take_addresses();
  stop_waiting();
  id_ = poller_.add(resolver_.fd(), {.readable = true}, *this);
}

void Dialer::take_addresses() {
  auto addresses = resolver_.take();
  if (!addresses) return fail(addresses.error());
  if (stage_ == Stage::target_name) {
    destination_.host = addresses->front().host_text();
    return look_up(Stage::name, destination_.proxy->host, destination_.proxy->port);
  }
  race(*addresses);
}

// --- TCP

void Dialer::race(const std::vector<net::SocketAddress>& addresses) {
  stop_waiting();
  stage_ = Stage::racing;
  race_ = std::make_unique<Race>(poller_, *this);
  race_->start(addresses);
}

void Dialer::handle_winner(base::Result<net::UniqueFd> socket) {
  if (!socket) return fail(socket.error());
  race_.reset();
  times_.tcp = lap();
  transport_ = Transport(std::move(socket).value());
  const auto& proxy = destination_.proxy;
  if (!proxy) return begin_target_tls();
  if (proxy->tls != nullptr) return begin_tls(Stage::proxy_tls, *proxy->tls, without_zone(proxy->host));
  begin_tunnel();
}

// --- the proxy

void Dialer::begin_tunnel() {
  stage_ = Stage::tunnel;
  const ProxyHop& proxy = *destination_.proxy;
  const TunnelTarget target{without_zone(destination_.host), destination_.port};
  if (proxy.kind == ProxyHop::Kind::http) {
    tunnel_ = std::make_unique<HttpTunnel>(target, proxy.credentials);
  } else {
    tunnel_ = std::make_unique<SocksTunnel>(target, proxy.credentials);
  }
  tell_words();
  move_tunnel();
}

void Dialer::tell_words() {
  for (const ProxyWords& words : tunnel_->take_words()) owner_.handle_proxy_words(words);
}

// Byte by byte: what follows the proxy's answer is not ours to read. It answers once, and in few bytes, if it is no
// nuisance.
void Dialer::move_tunnel() {
  speak_to_proxy();
  for (int left = bytes_per_turn;; --left) {
    if (left == 0) {
      wait_for_transport(false);
      return poller_.set_deadline(id_, poller_.now());  // TLS may hold what poll() knows nothing about
    }
    std::byte byte;
    const net::IoResult result = transport_.receive({&byte, 1});
    switch (result.kind) {
      case net::IoResult::Kind::would_block:
        return wait_for_transport(!tunnel_->output().empty() || transport_.holds_output());
      case net::IoResult::Kind::end:
        return fail(not_connected("it closed the connection without an answer"));
      case net::IoResult::Kind::failed:
        return fail(not_connected(transport_.error_text(result.error)));
      case net::IoResult::Kind::done:
        break;
    }
    base::Bytes in(&byte, 1);
    const Tunnel::Progress progress = tunnel_->receive(in);
    tell_words();
    if (progress == Tunnel::Progress::failed) return fail(tunnel_->error());
    if (progress == Tunnel::Progress::done) break;
    speak_to_proxy();
  }
  times_.proxy = lap();
  begin_target_tls();
}

// A proxy that takes nothing any more may have said why: to read on is the way to know.
void Dialer::speak_to_proxy() {
  while (!tunnel_->output().empty()) {
    const net::IoResult result = transport_.send(tunnel_->output());
    if (result.kind == net::IoResult::Kind::would_block) return;
    const bool failed = result.kind == net::IoResult::Kind::failed;
    tunnel_->consume_output(failed ? tunnel_->output().size() : result.bytes);
  }
}

// --- TLS

void Dialer::begin_target_tls() {
  if (destination_.tls == nullptr) return finish();
  begin_tls(Stage::tls, *destination_.tls, destination_.server_name, destination_.server_name_use);
}

void Dialer::begin_tls(Stage stage, const tls::Context& context, const std::string& name, tls::ServerName use) {
  stage_ = stage;
  auto engine = tls::Engine::client(context, name, use);
  if (!engine) return fail(engine.error());
  transport_.add_tls(std::move(engine).value(), blocks_);
  shake_hands();
}

void Dialer::shake_hands() {
  const auto done = transport_.shake_hands();
  if (!done) return fail(done.error());
  if (!*done) return wait_for_transport(transport_.holds_output());
  if (stage_ == Stage::proxy_tls) return begin_tunnel();
  times_.tls = lap();
  finish();
}

// --- the end

void Dialer::finish() {
  Dialed dialed{std::move(transport_), times_};
  stop();
  owner_.handle_dialed(std::move(dialed));
}

void Dialer::fail(base::Error error) {
  const bool at_proxy = destination_.proxy && stage_ != Stage::tls && stage_ != Stage::target_name;
  if (at_proxy) {
    if (error.kind == base::ErrorKind::dns) {
      error.kind = base::ErrorKind::connect;
      error.message.erase(0, (name_ + ": ").size());
    }
    error.message.insert(0, "proxy " + destination_.proxy->text() + ": ");
  }
  stop();
  owner_.handle_dialed(std::move(error));
}

void Dialer::stop() {
  stop_waiting();
  poller_.set_deadline(timer_, std::nullopt);
  race_.reset();
  tunnel_.reset();
  transport_ = {};
  stage_ = Stage::idle;
}

// --- the loop

void Dialer::handle_ready(net::Poller::Id, net::Readiness) {
  switch (stage_) {
    case Stage::target_name:
    case Stage::name:
      times_.name = times_.name.value_or(base::Duration::zero()) + lap();
      return take_addresses();
    case Stage::proxy_tls:
    case Stage::tls:
      return shake_hands();
    case Stage::tunnel:
      return move_tunnel();
    case Stage::idle:
    case Stage::racing:
      return;
  }
}

void Dialer::handle_deadline(net::Poller::Id id, base::TimePoint) {
  if (id != timer_) return stage_ == Stage::tunnel ? move_tunnel() : begin();
  const bool looking_up = stage_ == Stage::target_name || stage_ == Stage::name;
  fail(looking_up ? base::Error{base::ErrorKind::dns, name_ + ": name lookup timed out"} : not_connected("timed out"));
}

void Dialer::wait_for_transport(bool writable) {
  stop_waiting();
  id_ = poller_.add(transport_.fd(), {.readable = true, .writable = writable}, *this);
}

void Dialer::stop_waiting() {
  poller_.remove(id_);
  id_ = {};
}

base::Duration Dialer::lap() {
  const base::TimePoint now = poller_.now();
  return now - std::exchange(lap_began_, now);
}

}  // namespace wscope::peer
