// The connections and listeners of the REPL.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "link/happening.h"
#include "link/link.h"
#include "link/loop.h"
#include "link/plan.h"
#include "link/site.h"
#include "view/json_events.h"

namespace wscope::link {

/// Who has connections and hears from them.
class ConnectionsOwner {
 public:
  /// A connection is about to be made, perhaps again.
  virtual void handle_start(ConnectionNumber connection, const ConnectPlan& plan) = 0;
  /// A connection that we have made is open.
  virtual void handle_open() = 0;
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
  /// The client of a listener that serves only one is about to be gone, and this is wrong with its end.
  virtual void handle_ending(const base::Error& error) = 0;

 protected:
  ~ConnectionsOwner() = default;
};

/// Where what is typed goes.
struct Use {
  enum class Kind : unsigned char { none, one, all };
  Kind kind = Kind::none;
  ConnectionNumber connection = 0;  ///< for one

  [[nodiscard]] bool means(ConnectionNumber number) const noexcept {
    return kind == Kind::all || (kind == Kind::one && connection == number);
  }
  /// Whether they may have a connection in common.
  [[nodiscard]] bool meets(const Use& other) const noexcept {
    return *this == other || kind == Kind::all || other.kind == Kind::all;
  }
  bool operator==(const Use&) const = default;
};

/// Any number of connections, those that we have made and those of the clients of our listeners, numbered from one in
/// the order in which they began. A listener is named by its port, which those of several addresses may share.
class Connections {
 public:
  /// All that is referred to outlives it.
  Connections(Loop& loop, Report& reporter, ConnectionsOwner& owner);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Begins to connect; the owner hears of the outcome from the loop.
  ConnectionNumber connect(ConnectPlan plan);
  /// Listens; what to say about it, or an error, of kind usage, io or tls. `site`, if it is not null, answers those who
  /// ask for pages.
  [[nodiscard]] base::Result<view::ListeningView> listen(const ServePlan& plan, std::unique_ptr<Site> site = nullptr);

  /// What there is of one of them.
  struct Row {
    ConnectionNumber connection = 0;
    bool outgoing = true;  ///< we have made it
    std::string url;       ///< of what we have connected to; of a client, its address
    ws::State state = ws::State::connecting;
  };
  /// All of them, by number.
  [[nodiscard]] std::vector<Row> rows() const;
  /// The URLs of the listeners, without those that were told to stop.
  [[nodiscard]] std::vector<std::string> listeners() const;

  /// What errors call one that we have made.
  [[nodiscard]] std::string place(ConnectionNumber connection) const;
  /// Null if there is none, or not yet.
  [[nodiscard]] Link* find(ConnectionNumber connection) const;
  [[nodiscard]] bool exists(ConnectionNumber connection) const;
  [[nodiscard]] bool is_open(ConnectionNumber connection) const;
  /// Whether we have made it, and it is not open yet.
  [[nodiscard]] bool is_connecting(ConnectionNumber connection) const;
  /// Whether that is so for any of them.
  [[nodiscard]] bool connecting() const;
  /// Whether any is in the middle of a message of which more has come since the last call.
  [[nodiscard]] bool more_has_come();
  /// Whether something that was sent waits to be written.
  [[nodiscard]] bool has_output() const;
  /// Whether there are more than one, listeners apart.
  [[nodiscard]] bool several() const { return count_up_to(2) == 2; }
  /// Their ports.
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  /// Whether there is a listener that was not told to stop.
  [[nodiscard]] bool listening() const noexcept;
  /// Whether there is any, listeners apart.
  [[nodiscard]] bool any_connection() const { return count_up_to(1) == 1; }
  /// Whether there is nothing at all.
  [[nodiscard]] bool empty() const { return listeners_.empty() && count_up_to(1) == 0; }

  /// What is used, which may be gone.
  [[nodiscard]] Use use() const noexcept { return use_; }
  void set_use(Use use) noexcept {
    use_ = use;
    gone_.reset();
  }
  /// Uses nothing if what is used is gone: a line must not go to another one than its writer looked at.
  void forget_use();
  /// Which one that was, until another is used.
  [[nodiscard]] std::optional<ConnectionNumber> gone() const noexcept { return gone_; }
  /// The open connections that are meant.
  [[nodiscard]] std::vector<ConnectionNumber> targets(Use use) const;
  /// Whether what is sent there should wait: for one that is not open yet, or for room. Of clients, the one that reads
  /// fastest is waited for.
  [[nodiscard]] bool is_busy(Use use) const;
  /// Whether `size` bytes may be sent to one of them now. A client that has read less than others may have to do
  /// without, or be closed, as --slow has it.
  [[nodiscard]] bool may_send(ConnectionNumber connection, std::size_t size);

  /// Reads nothing from those that are meant, or reads again.
  void pause(Use use, bool paused);
  /// Whether any of those is not read because of that.
  [[nodiscard]] bool is_paused(Use use) const;
  /// Makes a connection that we have made once more, with its number: at once if it is over, and else when it has been
  /// closed. False if there was none of that number, or it is a client's.
  bool reconnect(ConnectionNumber connection);
  /// Whether that is going to happen.
  [[nodiscard]] bool comes_back(ConnectionNumber connection) const;
  /// The connection that we have made which was over last; nothing if there was none.
  [[nodiscard]] std::optional<ConnectionNumber> latest_past() const noexcept { return latest_past_; }
  /// When a connection that was lost is made again; nothing if it does not wait for that.
  [[nodiscard]] std::optional<base::TimePoint> tries_again_at(ConnectionNumber connection) const;
  /// Ends it without a Close. Nothing if there is none of that number.
  void abort(ConnectionNumber connection);
  /// Closes it, or gives it up if it is not open. False if there is none of that number.
  bool close(ConnectionNumber connection);
  /// Stops the listeners at `port`, and closes their clients. False if there is none.
  bool stop_listening(std::uint16_t port);
  /// Of a listener whose clients wait to be let in: lets the one in that waits longest; nothing if none does.
  std::optional<ConnectionNumber> let_in(std::uint16_t port);
  /// Closes those that we have made with `code`, and stops listening, which clients hear of with a code of their own:
  /// who serves is going away, unless it was to be over.
  void close_all(ws::CloseCode code, ws::CloseCode of_clients = ws::close_code::going_away);
  /// Reads nothing from anybody, or reads again.
  void hold(bool held);
  /// Forgets what has ended. To be called between two turns of the loop.
  void clean_up();

 private:
  class Outgoing;
  class Listening;
  /// One of them, whoever has begun it.
  struct Entry;

  void begin(ConnectionNumber number, ConnectPlan plan);
  /// Shows all of them, in no order, until `visit` says that it has seen enough; whether it did.
  template <typename Visit>
  bool any(Visit visit) const;
  [[nodiscard]] std::optional<Entry> entry(ConnectionNumber connection) const;
  /// How many connections there are; it stops counting at `most`.
  [[nodiscard]] std::size_t count_up_to(std::size_t most) const;

  Loop& loop_;
  Report& reporter_;
  ConnectionsOwner& owner_;
  ConnectionNumber last_number_ = 0;
  std::map<ConnectionNumber, std::unique_ptr<Outgoing>> outgoing_;
  std::vector<std::unique_ptr<Listening>> listeners_;  // those that stop stay until their clients are gone
  Use use_;
  std::optional<ConnectionNumber> gone_;
  std::map<ConnectionNumber, ConnectPlan> past_;  // of connections that are over, for reconnect()
  std::optional<ConnectionNumber> latest_past_;
};

}  // namespace wscope::link
