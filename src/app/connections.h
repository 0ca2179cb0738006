// The connections and listeners of the REPL.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/connection_reporter.h"
#include "app/loop.h"
#include "base/result.h"
#include "cli/options.h"
#include "peer/peer.h"
#include "view/json_events.h"

namespace wscope::app {

/// Who has connections and hears from them.
class ConnectionsOwner {
 public:
  /// A connection that we have made is open.
  virtual void handle_open(ConnectionNumber connection) = 0;
  /// A whole message has come.
  virtual void handle_message(ConnectionNumber connection, const ws::Message& message) = 0;
  /// There may be room for more on a connection.
  virtual void handle_progress() = 0;
  /// A connection that we have made is over: it failed, was closed in an ordinary way (nothing), or not. If the server
  /// refused it, `refusal` says how.
  virtual void handle_end(ConnectionNumber connection, const std::optional<base::Error>& error,
                          const std::optional<view::RefusalView>& refusal) = 0;
  /// A client of a listener has come or gone.
  virtual void handle_client(ConnectionNumber connection, bool came) = 0;

 protected:
  ~ConnectionsOwner() = default;
};

/// Where what is typed goes.
struct Use {
  enum class Kind : unsigned char { none, one, all };
  Kind kind = Kind::none;
  ConnectionNumber connection = 0;  ///< for one

  bool operator==(const Use&) const = default;
};

/// Any number of connections, those that we have made and those of the clients of our listeners, numbered from one in
/// the order in which they began. A listener is named by its port.
class Connections {
 public:
  /// All that is referred to outlives it.
  Connections(Loop& loop, ConnectionReporter& reporter, ConnectionsOwner& owner);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Begins to connect; the owner hears of the outcome from the loop.
  ConnectionNumber connect(cli::ConnectCommand command);
  /// Listens; what to say about it, or an error, of kind usage, io or tls.
  [[nodiscard]] base::Result<view::ListeningView> listen(cli::ServeCommand command);

  /// What there is of one of them.
  struct Row {
    ConnectionNumber connection = 0;
    bool outgoing = true;  ///< we have made it
    std::string url;       ///< of what we have connected to; of a client, its address
    ws::State state = ws::State::connecting;
  };
  /// All of them, by number.
  [[nodiscard]] std::vector<Row> rows() const;
  /// The URLs of the listeners.
  [[nodiscard]] std::vector<std::string> listeners() const;

  /// The stream of a connection; null if there is none, or not yet.
  [[nodiscard]] peer::Peer* find(ConnectionNumber connection) const;
  [[nodiscard]] bool exists(ConnectionNumber connection) const;
  [[nodiscard]] bool is_open(ConnectionNumber connection) const;
  /// Whether we have made it, and it is not open yet.
  [[nodiscard]] bool is_connecting(ConnectionNumber connection) const;
  /// How many there are, listeners apart.
  [[nodiscard]] std::size_t count() const;
  /// Whether there are more than one; the second that it finds is enough.
  [[nodiscard]] bool several() const;
  [[nodiscard]] bool listening() const noexcept { return !listeners_.empty(); }
  /// Whether there is nothing at all.
  [[nodiscard]] bool empty() const { return count() == 0 && !listening(); }

  /// What is used; a number that is gone becomes the latest that there is.
  [[nodiscard]] Use use() const;
  void set_use(Use use) noexcept { use_ = use; }
  /// The open connections that are meant by it.
  [[nodiscard]] std::vector<ConnectionNumber> targets() const;

  /// Closes it, or gives it up if it is not open. False if there is none of that number.
  bool close(ConnectionNumber connection);
  /// Stops the listener at `port`, and closes its clients. False if there is none.
  bool stop_listening(std::uint16_t port);
  /// Closes all, and stops listening.
  void close_all();
  /// Reads nothing from anybody, or reads again.
  void hold(bool held);
  /// Forgets what has ended. To be called between two turns of the loop.
  void clean_up();

 private:
  class Outgoing;
  class Listening;

  Loop& loop_;
  ConnectionReporter& reporter_;
  ConnectionsOwner& owner_;
  ConnectionNumber last_number_ = 0;
  std::map<ConnectionNumber, std::unique_ptr<Outgoing>> outgoing_;
  std::map<std::uint16_t, std::unique_ptr<Listening>> listeners_;
  Use use_;
};

}  // namespace wscope::app
