#include "link/connections.h"

#include <algorithm>
#include <utility>

#include "link/broadcast.h"
#include "link/echo.h"
#include "link/echoing.h"
#include "link/embedded_echo.h"
#include "link/outgoing_connection.h"
#include "link/server_setup.h"
#include "tls/context.h"

namespace wscope::link {

// A connection that we make.
class Connections::Outgoing final : private OutgoingConnectionOwner {
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

  [[nodiscard]] OutgoingConnection& connection() noexcept { return connection_; }
  [[nodiscard]] bool is_connecting() noexcept {
    return !opened_ && !connection_.is_open();  // a refusal is known before its end is
  }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] const ConnectPlan& plan() const noexcept { return plan_; }
  /// Whether it is made once more when it has ended.
  [[nodiscard]] bool comes_back() const noexcept { return comes_back_; }
  void set_comes_back(bool comes_back) noexcept { comes_back_ = comes_back; }
  /// Ends it without a Close.
  void abort() {
    connection_.give_up();
    if (connection_.link() == nullptr) return end();
    aborted_ = true;
    connection_.link()->peer().abandon();
  }
  /// Closes an open one, and gives any other one up.
  void close(ws::CloseCode code) {
    const bool was_open = connection_.is_open();
    connection_.close(code);
    if (!was_open && !opened_) end();
  }

 private:
  void handle_message(const ws::Message& message) override {
    owner_.handle_message(number_, message);
    if (!plan_.echo) return;
    echo(message, *connection_.link());
    update_pause();
  }
  void handle_progress() override {
    update_pause();
    if (!std::exchange(opened_, opened_ || connection_.is_open()) && opened_) owner_.handle_open();
    owner_.handle_progress();
    if (Link* link = connection_.link()) link->peer().flush();
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
    Link* link = connection_.link();
    if (link == nullptr) return;
    link->pause(Link::Wait::for_printing, held_);
    if (plan_.echo) link->pause(Link::Wait::for_answers, holds_enough(link->connection(), plan_.limits));
  }
  void end() {
    if (std::exchange(ended_, true)) return;
    owner_.handle_end(number_, error_, connection_.refusal());
  }

  ConnectionsOwner& owner_;
  ConnectionNumber number_;
  ConnectPlan plan_;
  std::unique_ptr<EmbeddedEcho> echo_;
  OutgoingConnection connection_;
  std::optional<base::Error> error_;
  bool held_ = false;
  bool opened_ = false;
  bool ended_ = false;
  bool aborted_ = false;
  bool comes_back_ = false;
};

// A server, whose clients' messages are shown and, if it was asked to, passed on.
class Connections::Listening final : private Service {
 public:
  Listening(Connections& connections, const ServePlan& plan, std::optional<tls::Context> tls,
            std::unique_ptr<Site> site)
      : owner_(connections.owner_),
        tls_(std::move(tls)),
        site_(std::move(site)),
        echo_(connections.loop_, plan.limits, plan.timeouts),
        server_(connections.loop_, options(connections, plan, context(), site_.get()), *this, &connections.reporter_) {
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
  static Server::Options options(Connections& connections, const ServePlan& plan, const tls::Context* tls, Site* site) {
    Server::Options options = server_options(plan, tls);
    options.site = site;
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
  std::unique_ptr<Site> site_;
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
  begin(number, std::move(plan));
  return number;
}

void Connections::begin(ConnectionNumber number, ConnectPlan plan) {
  const auto made = outgoing_.emplace(number, std::make_unique<Outgoing>(*this, std::move(plan), number));
  set_use({Use::Kind::one, number});
  made.first->second->start();
}

bool Connections::comes_back(ConnectionNumber connection) const {
  const auto found = outgoing_.find(connection);
  return found != outgoing_.end() && found->second->comes_back();
}

bool Connections::reconnect(ConnectionNumber connection) {
  if (const auto found = outgoing_.find(connection); found != outgoing_.end()) {
    found->second->set_comes_back(true);
    found->second->close(ws::close_code::normal);
    return true;
  }
  const auto found = past_.find(connection);
  if (found == past_.end()) return false;
  ConnectPlan plan = std::move(found->second);
  past_.erase(found);
  begin(connection, std::move(plan));
  return true;
}

base::Result<view::ListeningView> Connections::listen(const ServePlan& plan, std::unique_ptr<Site> site) {
  std::optional<tls::Context> tls;
  if (plan.tls) {
    auto context = server_context(plan);
    if (!context) return std::move(context).error();
    if (auto written = write_certificate(plan, *context); !written) return std::move(written).error();
    tls = std::move(context).value();
  }
  auto listening = std::make_unique<Listening>(*this, plan, std::move(tls), std::move(site));
  auto begun = listening->listen(plan);
  if (!begun) return begun;
  if (empty() || use_.kind == Use::Kind::none) set_use({Use::Kind::all, 0});
  listeners_.push_back(std::move(listening));
  return begun;
}

// --- what there is

struct Connections::Entry {
  ConnectionNumber number;
  Link* link;                    // null: not yet
  Outgoing* outgoing = nullptr;  // if we have made it
  Server* server = nullptr;      // or else whose client it is

  [[nodiscard]] bool is_open() const { return link != nullptr && link->is_open(); }
  [[nodiscard]] bool is_connecting() const { return outgoing != nullptr && outgoing->is_connecting(); }
  [[nodiscard]] bool has_room() const { return link->peer().has_room(); }
};

template <typename Visit>
bool Connections::any(Visit visit) const {
  for (const auto& [number, outgoing] : outgoing_) {
    if (!outgoing->ended() && visit(Entry{number, outgoing->connection().link(), outgoing.get()})) return true;
  }
  for (const auto& listening : listeners_) {
    for (const auto& [number, client] : listening->server().clients()) {
      if (client->admitted() && visit(Entry{number, client.get(), nullptr, &listening->server()})) return true;
    }
  }
  return false;
}

std::optional<Connections::Entry> Connections::entry(ConnectionNumber connection) const {
  if (const auto outgoing = outgoing_.find(connection); outgoing != outgoing_.end()) {
    if (outgoing->second->ended()) return std::nullopt;
    return Entry{connection, outgoing->second->connection().link(), outgoing->second.get()};
  }
  for (const auto& listening : listeners_) {
    Client* const client = listening->server().find(connection);
    if (client != nullptr && client->admitted()) return Entry{connection, client, nullptr, &listening->server()};
  }
  return std::nullopt;
}

std::vector<Connections::Row> Connections::rows() const {
  std::vector<Row> rows;
  any([&rows](const Entry& entry) {
    const bool outgoing = entry.outgoing != nullptr;
    rows.push_back({entry.number, outgoing,
                    outgoing ? entry.outgoing->connection().url().text() : entry.link->peer().address().text(),
                    entry.link != nullptr ? entry.link->connection().state() : ws::State::connecting});
    return false;
  });
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

Link* Connections::find(ConnectionNumber connection) const {
  const auto found = entry(connection);
  return found ? found->link : nullptr;
}

bool Connections::exists(ConnectionNumber connection) const { return entry(connection).has_value(); }

bool Connections::is_open(ConnectionNumber connection) const {
  const auto found = entry(connection);
  return found && found->is_open();
}

bool Connections::is_connecting(ConnectionNumber connection) const {
  const auto found = entry(connection);
  return found && found->is_connecting();
}

bool Connections::connecting() const {
  return any([](const Entry& entry) { return entry.is_connecting(); });
}

bool Connections::has_output() const {
  return any([](const Entry& entry) { return entry.link != nullptr && !entry.link->connection().output().empty(); });
}

bool Connections::more_has_come() {
  bool any_has = false;
  any([&any_has](const Entry& entry) {
    any_has = (entry.link != nullptr && entry.link->more_has_come()) || any_has;
    return false;
  });
  return any_has;
}

std::size_t Connections::count_up_to(std::size_t most) const {
  std::size_t found = 0;
  any([&](const Entry&) { return ++found == most; });
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
  bool means_clients = false;
  bool any_has_room = false;  // of all clients
  const bool ours_waits = any([&](const Entry& entry) {
    const bool meant = use.means(entry.number);
    if (entry.outgoing != nullptr) return meant && (entry.is_connecting() || (entry.is_open() && !entry.has_room()));
    if (!entry.is_open()) return false;
    means_clients = means_clients || meant;
    any_has_room = any_has_room || entry.has_room();
    return false;
  });
  return ours_waits || (means_clients && !any_has_room);
}

bool Connections::may_send(ConnectionNumber connection, std::size_t size) {
  const auto found = entry(connection);
  if (!found || found->server == nullptr) return true;
  std::size_t clients = 0;
  const bool others =
      any([&](const Entry& entry) { return entry.server != nullptr && entry.is_open() && ++clients == 2; });
  return !others || found->server->may_send_to(*found->server->find(connection), size);  // else nobody waits for it
}

// --- the end

std::optional<base::TimePoint> Connections::tries_again_at(ConnectionNumber connection) const {
  const auto found = outgoing_.find(connection);
  return found != outgoing_.end() ? found->second->connection().tries_again_at() : std::nullopt;
}

void Connections::abort(ConnectionNumber connection) {
  const auto found = entry(connection);
  if (!found) return;
  found->outgoing != nullptr ? found->outgoing->abort() : found->link->peer().abandon();
}

bool Connections::close(ConnectionNumber connection) {
  const auto found = entry(connection);
  if (!found) return false;
  found->outgoing != nullptr ? found->outgoing->close(ws::close_code::normal)
                             : found->link->close(ws::close_code::normal);
  return true;
}

void Connections::pause(Use use, bool paused) {
  any([&](const Entry& entry) {
    if (entry.link != nullptr && use.means(entry.number)) entry.link->pause(Link::Wait::by_hand, paused);
    return false;
  });
}

std::optional<ConnectionNumber> Connections::let_in(std::uint16_t port) {
  for (const auto& listening : listeners_) {
    if (listening->port() == port) return listening->server().let_in();
  }
  return std::nullopt;
}

bool Connections::is_paused(Use use) const {
  return any([use](const Entry& entry) {
    return entry.link != nullptr && use.means(entry.number) && entry.link->paused(Link::Wait::by_hand);
  });
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

void Connections::close_all(ws::CloseCode code, ws::CloseCode of_clients) {
  pause({Use::Kind::all, 0}, false);
  for (const auto& [number, outgoing] : outgoing_) {
    outgoing->set_comes_back(false);
    outgoing->close(code);
  }
  for (const auto& listening : listeners_) listening->server().shut_down(of_clients);
}

void Connections::hold(bool held) {
  for (const auto& [number, outgoing] : outgoing_) outgoing->hold(held);
  for (const auto& listening : listeners_) listening->server().hold(held);
}

void Connections::clean_up() {
  std::vector<ConnectionNumber> coming;
  for (auto entry = outgoing_.begin(); entry != outgoing_.end();) {
    const auto& [number, outgoing] = *entry;
    if (!outgoing->ended()) {
      ++entry;
      continue;
    }
    if (outgoing->comes_back()) coming.push_back(number);
    past_.insert_or_assign(number, outgoing->plan());
    latest_past_ = number;
    entry = outgoing_.erase(entry);
  }
  constexpr std::size_t most_past = 16;
  while (past_.size() > most_past) past_.erase(past_.begin());
  for (const ConnectionNumber number : coming) static_cast<void>(reconnect(number));
  std::erase_if(listeners_, [](const auto& listening) { return listening->server().finished(); });
}

}  // namespace wscope::link
