#include "link/connections.h"

#include <algorithm>
#include <utility>

#include "link/broadcast.h"
#include "link/client_connection.h"
#include "link/echo.h"
#include "link/echoing.h"
#include "link/embedded_echo.h"
#include "link/server_setup.h"
#include "tls/context.h"

namespace wscope::link {

// A connection that we make.
class Connections::Outgoing final : private ClientConnectionOwner {
 public:
  Outgoing(Connections& connections, ConnectPlan plan, ConnectionNumber number)
      : owner_(connections.owner_),
        number_(number),
        plan_(std::move(plan)),
        connection_(connections.loop_, plan_, Delivery::whole, number, connections.reporter_, *this) {
    if (plan_.endpoint.embedded)
      echo_ = std::make_unique<EmbeddedEcho>(connections.loop_, plan_.limits, plan_.timeouts);
  }

  void start() {
    owner_.handle_start(number_, plan_);
    if (!echo_) return connection_.start(plan_.endpoint.url, false);
    if (auto listening = echo_->listen(); !listening) {
      error_ = std::move(listening).error();
      return end();
    }
    connection_.start(echo_->url(), true);
  }

  /// Reads nothing, as long as `held`.
  void hold(bool held) {
    held_ = held;
    update_pause();
  }

  [[nodiscard]] ClientConnection& connection() noexcept { return connection_; }
  [[nodiscard]] bool opened() const noexcept { return opened_; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// Ends it without a Close.
  void abort() {
    connection_.give_up();
    peer::Peer* peer = connection_.peer();
    if (peer == nullptr) return end();
    aborted_ = true;
    peer->abandon();
  }
  /// Closes an open one, and gives any other one up.
  void close(ws::CloseCode code) {
    const bool was_open = connection_.is_open();
    connection_.close(code);
    if (peer::Peer* peer = connection_.peer()) peer->flush();
    if (!was_open && !opened_) end();
  }

 private:
  void handle_message(const ws::Message& message) override {
    owner_.handle_message(number_, message);
    if (!plan_.echo) return;
    echo(message, connection_);
    update_pause();
  }
  void handle_progress() override {
    update_pause();
    if (!std::exchange(opened_, opened_ || connection_.is_open()) && opened_) owner_.handle_open();
    owner_.handle_progress();
    if (peer::Peer* peer = connection_.peer()) peer->flush();
  }
  void handle_restart() override {
    opened_ = false;
    owner_.handle_start(number_, plan_);
  }
  void handle_end() override {
    if (!aborted_) error_ = connection_.failure() ? connection_.failure() : connection_.judge();
    end();
  }
  void update_pause() {
    peer::Peer* peer = connection_.peer();
    if (peer != nullptr) peer->pause(held_ || (plan_.echo && holds_enough(peer->connection(), plan_.limits)));
  }
  void end() {
    if (std::exchange(ended_, true)) return;
    owner_.handle_end(number_, error_, connection_.refusal());
  }

  ConnectionsOwner& owner_;
  ConnectionNumber number_;
  ConnectPlan plan_;
  std::unique_ptr<EmbeddedEcho> echo_;
  ClientConnection connection_;
  std::optional<base::Error> error_;
  bool held_ = false;
  bool opened_ = false;
  bool ended_ = false;
  bool aborted_ = false;
};

// A server, whose clients' messages are shown and, if it was asked to, passed on.
class Connections::Listening final : private Service {
 public:
  Listening(Connections& connections, const ServePlan& plan, std::optional<tls::Context> tls)
      : owner_(connections.owner_),
        tls_(std::move(tls)),
        echo_(connections.loop_, plan.limits, plan.timeouts),
        server_(connections.loop_, options(connections, plan, context()), *this, &connections.reporter_) {
    if (plan.service == ServiceKind::echo) passes_on_ = &echo_;
    if (plan.service == ServiceKind::broadcast) passes_on_ = &broadcast_;
    echo_.begin(server_);
    broadcast_.begin(server_);
  }

  /// What is said about it, or why it cannot listen.
  base::Result<view::ListeningView> listen(const ServePlan& plan) {
    if (auto begun = server_.listen(plan.address); !begun) return std::move(begun).error();
    view::ListeningView view = describe_listening(server_, plan, context());
    url_ = view.url;
    port_ = view.port;
    return view;
  }

  [[nodiscard]] Server& server() noexcept { return server_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  [[nodiscard]] const tls::Context* context() const noexcept { return tls_ ? &*tls_ : nullptr; }
  static Server::Options options(Connections& connections, const ServePlan& plan, const tls::Context* tls) {
    Server::Options options = server_options(plan, tls);
    options.whole = true;
    options.last_number = &connections.last_number_;
    return options;
  }

  void begin(Server&) override {}
  void prepare(ws::Options& options, Delivery delivery) override {
    if (passes_on_ != nullptr) passes_on_->prepare(options, delivery);
  }
  void handle_open(Client& client) override { owner_.handle_client(client.number(), true); }
  void handle_message(Client& client, const ws::Message& message) override {
    owner_.handle_message(client.number(), message);
    if (passes_on_ != nullptr) passes_on_->handle_message(client, message);
  }
  void handle_progress(Client& client) override {
    if (passes_on_ != nullptr) passes_on_->handle_progress(client);
    owner_.handle_progress();
  }
  void handle_gone(Client& client) override {
    if (passes_on_ != nullptr) passes_on_->handle_gone(client);
    if (server_.ending()) owner_.handle_ending(*server_.ending());
    owner_.handle_client(client.number(), false);
  }

  ConnectionsOwner& owner_;
  std::optional<tls::Context> tls_;
  Echo echo_;
  Broadcast broadcast_;
  Service* passes_on_ = nullptr;
  std::string url_;
  std::uint16_t port_ = 0;
  Server server_;
};

Connections::Connections(Loop& loop, Report& reporter, ConnectionsOwner& owner)
    : loop_(loop), reporter_(reporter), owner_(owner) {}

Connections::~Connections() = default;

ConnectionNumber Connections::connect(ConnectPlan plan) {
  for (const std::string& notice : plan.notices) reporter_.warn(0, notice);
  const ConnectionNumber number = ++last_number_;
  const auto made = outgoing_.emplace(number, std::make_unique<Outgoing>(*this, std::move(plan), number));
  set_use({Use::Kind::one, number});
  made.first->second->start();
  return number;
}

base::Result<view::ListeningView> Connections::listen(const ServePlan& plan) {
  std::optional<tls::Context> tls;
  if (plan.tls) {
    auto context = server_context(plan);
    if (!context) return std::move(context).error();
    tls = std::move(context).value();
  }
  auto listening = std::make_unique<Listening>(*this, plan, std::move(tls));
  auto begun = listening->listen(plan);
  if (!begun) return begun;
  if (empty() || use_.kind == Use::Kind::none) set_use({Use::Kind::all, 0});
  listeners_.push_back(std::move(listening));
  return begun;
}

// --- what there is

std::vector<Connections::Row> Connections::rows() const {
  std::vector<Row> rows;
  for (const auto& [number, outgoing] : outgoing_) {
    if (outgoing->ended()) continue;
    const peer::Peer* peer = outgoing->connection().peer();
    const ws::State state = peer != nullptr ? peer->connection().state() : ws::State::connecting;
    rows.push_back({number, true, outgoing->connection().url().text(), state});
  }
  for (const auto& listening : listeners_) {
    for (const auto& [number, client] : listening->server().clients()) {
      if (!client->admitted()) continue;
      rows.push_back({number, false, client->peer().address().text(), client->connection().state()});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.connection < b.connection; });
  return rows;
}

std::vector<std::string> Connections::listeners() const {
  std::vector<std::string> urls;
  for (const auto& listening : listeners_) {
    if (listening->server().listening()) urls.push_back(listening->url());
  }
  return urls;
}

std::vector<std::uint16_t> Connections::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& listening : listeners_) {
    if (listening->server().listening()) ports.push_back(listening->port());
  }
  return ports;
}

bool Connections::listening() const noexcept {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [](const auto& listening) { return listening->server().listening(); });
}

std::string Connections::place(ConnectionNumber connection) const {
  const auto found = outgoing_.find(connection);
  return found != outgoing_.end() ? found->second->connection().place() : std::string();
}

peer::Peer* Connections::find(ConnectionNumber connection) const {
  const auto outgoing = outgoing_.find(connection);
  if (outgoing != outgoing_.end()) return outgoing->second->ended() ? nullptr : outgoing->second->connection().peer();
  for (const auto& listening : listeners_) {
    const auto client = listening->server().clients().find(connection);
    if (client == listening->server().clients().end()) continue;
    return client->second->admitted() ? &client->second->peer() : nullptr;
  }
  return nullptr;
}

bool Connections::exists(ConnectionNumber connection) const {
  const auto outgoing = outgoing_.find(connection);
  if (outgoing != outgoing_.end()) return !outgoing->second->ended();
  return find(connection) != nullptr;
}

bool Connections::is_open(ConnectionNumber connection) const {
  const peer::Peer* peer = find(connection);
  return peer != nullptr && peer->connection().state() == ws::State::open;
}

bool Connections::is_connecting(ConnectionNumber connection) const {
  const auto outgoing = outgoing_.find(connection);
  if (outgoing == outgoing_.end() || outgoing->second->ended()) return false;
  return !outgoing->second->opened() && !is_open(connection);  // a refusal is known before its end is
}

bool Connections::connecting() const {
  return std::any_of(outgoing_.begin(), outgoing_.end(),
                     [this](const auto& entry) { return is_connecting(entry.first); });
}

bool Connections::has_output() const {
  const auto waits = [](const peer::Peer* peer) { return peer != nullptr && !peer->connection().output().empty(); };
  const auto clients = open_clients(SIZE_MAX);
  return std::any_of(clients.begin(), clients.end(), [&](const Client* client) { return waits(&client->peer()); }) ||
         std::any_of(outgoing_.begin(), outgoing_.end(), [&](const auto& entry) {
           return !entry.second->ended() && waits(entry.second->connection().peer());
         });
}

std::size_t Connections::count_up_to(std::size_t most) const {
  std::size_t found = 0;
  for (const auto& [number, outgoing] : outgoing_) {
    if (!outgoing->ended() && ++found == most) return found;
  }
  for (const auto& listening : listeners_) {
    for (const auto& [number, client] : listening->server().clients()) {
      if (client->admitted() && ++found == most) return found;
    }
  }
  return found;
}

void Connections::forget_use() {
  if (use_.kind != Use::Kind::one || exists(use_.connection)) return;
  gone_ = use_.connection;
  use_ = {};
}

std::vector<ConnectionNumber> Connections::targets(Use use) const {
  std::vector<ConnectionNumber> numbers;
  for (const Row& row : rows()) {
    if (use.means(row.connection) && row.state == ws::State::open) numbers.push_back(row.connection);
  }
  return numbers;
}

bool Connections::is_busy(Use use) const {
  for (const auto& [number, outgoing] : outgoing_) {
    if (!use.means(number) || outgoing->ended()) continue;
    if (is_connecting(number) || (is_open(number) && !outgoing->connection().peer()->has_room())) return true;
  }
  const std::vector<const Client*> clients = open_clients(SIZE_MAX);
  const auto is_meant = [use](const Client* client) { return use.means(client->number()); };
  const auto has_room = [](const Client* client) { return client->peer().has_room(); };
  return std::any_of(clients.begin(), clients.end(), is_meant) &&
         std::none_of(clients.begin(), clients.end(), has_room);
}

std::vector<const Client*> Connections::open_clients(std::size_t most) const {
  std::vector<const Client*> clients;
  for (const auto& listening : listeners_) {
    for (const auto& [number, client] : listening->server().clients()) {
      if (clients.size() == most) return clients;
      if (client->admitted() && client->is_open()) clients.push_back(client.get());
    }
  }
  return clients;
}

bool Connections::may_send(ConnectionNumber connection, std::size_t size) {
  if (open_clients(2).size() < 2) return true;  // nobody waits for it
  for (const auto& listening : listeners_) {
    const auto client = listening->server().clients().find(connection);
    if (client != listening->server().clients().end()) return listening->server().may_send_to(*client->second, size);
  }
  return true;
}

// --- the end

std::optional<base::TimePoint> Connections::tries_again_at(ConnectionNumber connection) const {
  const auto found = outgoing_.find(connection);
  return found != outgoing_.end() ? found->second->connection().tries_again_at() : std::nullopt;
}

void Connections::abort(ConnectionNumber connection) {
  const auto outgoing = outgoing_.find(connection);
  if (outgoing != outgoing_.end()) return outgoing->second->abort();
  if (peer::Peer* peer = find(connection)) peer->abandon();
}

bool Connections::close(ConnectionNumber connection) {
  if (!exists(connection)) return false;
  const auto outgoing = outgoing_.find(connection);
  if (outgoing != outgoing_.end()) {
    outgoing->second->close(ws::close_code::normal);
    return true;
  }
  peer::Peer* peer = find(connection);
  static_cast<void>(peer->connection().close(peer->now(), ws::close_code::normal));
  peer->flush();
  return true;
}

bool Connections::stop_listening(std::uint16_t port) {
  bool found = false;
  for (const auto& listening : listeners_) {
    if (listening->port() != port || !listening->server().listening()) continue;
    listening->server().shut_down();
    found = true;
  }
  return found;
}

void Connections::close_all(ws::CloseCode code) {
  for (const auto& [number, outgoing] : outgoing_) outgoing->close(code);
  for (const auto& listening : listeners_) listening->server().shut_down();
}

void Connections::hold(bool held) {
  for (const auto& [number, outgoing] : outgoing_) outgoing->hold(held);
  for (const auto& listening : listeners_) listening->server().hold(held);
}

void Connections::clean_up() {
  std::erase_if(outgoing_, [](const auto& entry) { return entry.second->ended(); });
  std::erase_if(listeners_, [](const auto& listening) { return listening->server().finished(); });
}

}  // namespace wscope::link
