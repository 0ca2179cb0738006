// A WebSocket server with any number of clients at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "link/admission.h"
#include "link/client.h"
#include "link/connection_options.h"
#include "link/downloads.h"
#include "link/guard.h"
#include "link/happening.h"
#include "link/listeners.h"
#include "link/loop.h"
#include "link/packing.h"
#include "link/plan.h"
#include "link/refusal_log.h"
#include "link/service.h"
#include "link/site.h"
#include "link/waiting.h"
#include "tls/context.h"
#include "ws/deflate.h"

namespace wscope::link {

/// Listens, lets clients in, numbers them, and leaves what they say to a Service.
class Server final : public peer::ListenerOwner, public ClientOwner {
 public:
  struct Options {
    Admission admission{};
    GuardOptions guard{};       ///< the origins of `admission` are not looked at
    std::vector<Beat> beats{};  ///< for each client
    bool compression = true;
    int compression_level = ws::DeflateTuning().level;
    bool once = false;     ///< stop listening when the first client is in
    bool by_hand = false;  ///< clients that may come in get their 101 by let_in() only
    bool whole = false;    ///< messages come whole; or else in pieces if they are long
    SlowClient slow = SlowClient::close;
    SizeLimits limits{};
    Timeouts timeouts{};
    const tls::Context* tls = nullptr;  ///< null: plain; outlives the server
    Site* site = nullptr;               ///< null: there is but the server's own page; outlives the server
    /// The last number that was given to a connection, shared with others; null: of its own. Outlives the server.
    ConnectionNumber* last_number = nullptr;
  };

  /// `loop`, `service` and `reporter` outlive it. Without a reporter nothing is reported.
  Server(Loop& loop, Options options, Service& service, Report* reporter);

  /// Listens; an error of kind usage or io.
  [[nodiscard]] base::Result<void> listen(const ListenAddress& address) { return listeners_.listen(address); }
  /// Whether more clients may come.
  [[nodiscard]] bool listening() const noexcept { return !listeners_.empty(); }
  /// Where it listens, as long as it does; of the loopback addresses the first.
  [[nodiscard]] net::SocketAddress address() const { return listeners_.first_address(); }
  /// All of that.
  [[nodiscard]] std::vector<net::SocketAddress> addresses() const { return listeners_.addresses(); }
  /// Where a client in this process finds it.
  [[nodiscard]] http::Url url() const;

  /// With Options::by_hand, of the clients that wait lets the one in that has come first; nothing if none waits.
  std::optional<ConnectionNumber> let_in();

  /// What comes of a client that waits by Entry::Kind::wait. With `subprotocols`, these are spoken in place of those of
  /// the admission. Nothing if it does not wait any more.
  void let_in(Client& client, std::optional<std::vector<std::string>> subprotocols = std::nullopt);
  void refuse(Client& client, const Answer& answer);

  /// Sends a whole message to every client but one, as Client::offer() does.
  void send_to_all(const ws::Piece& message, const Client* but);
  /// The same for one client.
  void send_to(Client& client, const ws::Piece& message);
  /// Whether a client may be sent `size` bytes in some other way. One that reads too slowly may not: it is left out, or
  /// closed, as Client::offer() does.
  [[nodiscard]] bool may_send_to(Client& client, std::size_t size);
  /// Closes a client (1013) for which more would have to be held than may be, and says so.
  void shed(Client& client);
  /// Says something of a client that is of interest to everybody.
  void warn(const Client& client, const std::string& text);
  /// Reads nothing from anybody, as stdout has no room, or reads again.
  void hold(bool held);

  /// Stops listening and closes every client.
  void shut_down(ws::CloseCode code = ws::close_code::going_away, std::string_view reason = {});

  /// Whether any client is in.
  [[nodiscard]] bool has_clients() const noexcept { return admitted_ > 0; }
  /// By their numbers, open or not.
  using Clients = std::unordered_map<ConnectionNumber, std::unique_ptr<Client>>;
  [[nodiscard]] const Clients& clients() const noexcept { return clients_; }
  /// Null if there is none of that number.
  [[nodiscard]] Client* find(ConnectionNumber number) const;
  /// Whether nobody is left and nobody will come.
  [[nodiscard]] bool finished() const noexcept { return clients_.empty() && !listening(); }
  /// With Options::once, what was wrong with the end of the one client, if anything.
  [[nodiscard]] const std::optional<base::Error>& ending() const noexcept { return ending_; }

 private:
  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override;
  void handle_exhausted(int error) override;
  void handle_recovered() override;
  void handle_message(Client& client, const ws::Message& message) override;
  void handle_event(Client& client, const ws::Event& event) override;
  void handle_progress(Client& client) override;
  void handle_end(Client& client) override;
  [[nodiscard]] bool may_come_from(const net::SocketAddress& address);
  void answer(Client& client, const http::RequestHead& request);
  [[nodiscard]] bool turn_away(Client& client, const Visit& visit);
  void refuse(Client& client, const Answer& answer, const http::RequestHead& request);
  void accept(Client& client, const WaitingClients::Client& entry);
  void admit(Client& client, const http::RequestHead& request);
  void take_in(ConnectionNumber number, net::UniqueFd socket, const net::SocketAddress& address);
  void offer(Client& client, const ws::Piece& message);
  void note_lost(ConnectionNumber number) noexcept;
  [[nodiscard]] bool has_memory(const Client& client, std::size_t size) const noexcept;
  void note_offer(const Client& client, Client::Offered offered);
  void note_tls(Client& client);
  void report_end(const Client& client, const ws::Closed& closed);
  void tell_end(const Client& client, const std::string& words);
  void explain(Client& client, const ws::HandshakeFailed& failed);
  void answer_visit(Client& client, const http::RequestHead& request);
  void note_refusal(const Client& client, int status, std::string_view why, const http::RequestHead* head);
  void print();

  Loop& loop_;
  Options options_;
  Service& service_;
  Report* reporter_;
  bool tells_messages_;
  bool tells_refusals_;
  ws::PermessageDeflate deflate_;
  Packing packing_;
  Listeners listeners_;
  Clients clients_;
  WaitingClients waiting_;
  Downloads downloads_;
  RefusalLog refusals_;
  ConnectionNumber own_last_number_ = 0;
  std::uint64_t admitted_ = 0;  // clients that are in
  std::size_t exhausted_ = 0;   // listeners that cannot accept for now
  bool held_ = false;
  std::optional<base::Error> ending_;
};

}  // namespace wscope::link
