#include "session/connect_session.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

#include "link/client_connection.h"
#include "link/connection_options.h"
#include "link/echoing.h"
#include "link/embedded_echo.h"
#include "net/error.h"
#include "report/reporter.h"
#include "streams/input_source.h"
#include "streams/signal_watch.h"

namespace wscope::session {
namespace {

// After --timeout, for a slow reader of stdout.
constexpr base::Duration patience = std::chrono::milliseconds(500);

// A client has one connection.
constexpr link::ConnectionNumber own = 1;

class ConnectSession final : private streams::SignalOwner,
                             private streams::OutputOwner,
                             private streams::InputOwner,
                             private link::ClientConnectionOwner,
                             private net::Pollable {
 public:
  ConnectSession(link::Loop& loop, net::Signals& signals, const ConnectCommand& command)
      : loop_(loop),
        command_(command),
        signal_watch_(loop.poller, signals, *this),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Connections::one, *this),
        output_(reporter_.output()),
        input_(loop.poller, command.reads_stdin ? STDIN_FILENO : -1,
               {.format = command.input,
                .type = command.type,
                .whole = reporter_.shows_sent(),
                .longest_held = link::longest_held(command.limits)},
               *this),
        silence_timer_(loop.poller.add(-1, {}, *this)),
        run_timer_(loop.poller.add(-1, {}, *this)),
        connection_(loop, command, reporter_.json() || command.until ? link::Delivery::whole : link::Delivery::streamed,
                    own, reporter_, *this) {}
  ~ConnectSession() {
    loop_.poller.remove(silence_timer_);
    loop_.poller.remove(run_timer_);
  }
  ConnectSession(const ConnectSession&) = delete;
  ConnectSession& operator=(const ConnectSession&) = delete;

  streams::Outcome run() {
    begin();
    run_loop();
    judge();
    if (outcome_.error()) reporter_.error(own, *outcome_.error(), outcome_.status(), connection_.refusal());
    run_loop();
    return outcome_;
  }

 private:
  void begin() {
    for (const std::string& notice : command_.notices) reporter_.warn(own, notice);
    if (command_.timeout != base::Duration::zero()) {
      loop_.poller.set_deadline(run_timer_, loop_.poller.now() + command_.timeout);
    }
    if (!command_.endpoint.embedded) return connection_.start(command_.endpoint.url, false);
    embedded_.emplace(loop_, command_.limits, command_.timeouts);
    if (auto listening = embedded_->listen(); !listening) return finish(std::move(listening).error());
    connection_.start(embedded_->url(), true);
  }

  // Until the connection is over and everything is printed.
  void run_loop() {
    if (over_) flush_output();
    while (!over_ || !output_.queue().empty()) {
      if (interrupted_ && over_) break;
      flush_output();
      if (over_ && output_.queue().empty()) break;
      if (auto turn = loop_.poller.run_once(); !turn) return outcome_.fail(std::move(turn).error());
    }
  }

  void finish(base::Error error) {
    outcome_.fail(std::move(error));
    over_ = true;
  }

  // Only once all is printed: that may fail too.
  void judge() {
    if (auto error = connection_.judge()) return outcome_.fail(std::move(*error));
    const bool expects = command_.count || command_.until;
    if (!expects) return outcome_.end(0);
    std::string missed = "no message matched --until";
    if (command_.count) {
      missed = "received " + std::to_string(received_) + " of " + std::to_string(*command_.count) + " messages";
    }
    outcome_.fail({base::ErrorKind::expectation, std::move(missed)});
  }

  // --- the connection

  void handle_progress() override {
    take_failure();
    if (std::exchange(heard_, false) && silence_begun_) restart_silence();
    send_input();
    flush_output();
  }

  void handle_restart() override {
    if (const peer::Peer* peer = connection_.peer()) input_.drop_line(peer->connection().sending_message());
    input_.want(false);
    sent_first_ = 0;
    silence_begun_ = false;
    loop_.poller.set_deadline(silence_timer_, std::nullopt);
  }

  void handle_end() override {
    signal_watch_.look();  // one that has come is what counts, and may be why
    take_failure();
    flush_output();
    over_ = true;
  }

  void take_failure() {
    if (connection_.failure()) outcome_.fail(*connection_.failure());
  }

  // --- from the command line and from stdin

  [[nodiscard]] bool can_send() {
    if (reporter_.prints_sent() && output_.full()) return false;
    return connection_.is_open() && connection_.peer()->has_room();
  }

  void handle_input() override {
    peer::Peer* peer = connection_.peer();
    if (peer == nullptr) return;
    send_input();
    peer->flush();
  }

  // As much as the connection has room for.
  void send_input() {
    peer::Peer& peer = *connection_.peer();
    while (can_send()) {
      const streams::InputItem* item = next_item();
      if (item == nullptr) break;
      send(peer, *item);
      if (!peer.has_room()) peer.flush();
    }
    if (input_.error()) {
      connection_.close(ws::close_code::going_away);
      outcome_.fail(*input_.error());
    }
    peer.flush();  // only what the peer's socket has no room for comes back as progress
    if (sent_first_ == command_.first_messages.size() && input_.done()) end_of_input(peer);
    input_.want(can_send());
  }

  const streams::InputItem* next_item() {
    if (sent_first_ == command_.first_messages.size()) return input_.next();
    first_.type = command_.first_type == streams::MessageType::binary ? ws::Opcode::binary : ws::Opcode::text;
    first_.payload = base::as_bytes(command_.first_messages[sent_first_++]);
    return &first_;
  }

  // There is room, and what is sent was checked: nothing here can fail.
  void send(peer::Peer& peer, const streams::InputItem& item) {
    ws::Connection& connection = peer.connection();
    ws::Piece piece;
    switch (item.kind) {
      case streams::InputItem::Kind::data:
        piece.opcode = connection.sending_message() ? ws::Opcode::continuation : item.type;
        piece.payload = item.payload;
        piece.finished = item.finished;
        piece.known_utf8 = true;
        return static_cast<void>(connection_.send(piece));
      case streams::InputItem::Kind::ping:
        return static_cast<void>(connection.send_ping(peer.now(), item.payload));
      case streams::InputItem::Kind::pong:
        return static_cast<void>(connection.send_pong(item.payload));
      case streams::InputItem::Kind::close:
        return static_cast<void>(connection.close(peer.now(), item.code, item.reason));
    }
  }

  void end_of_input(peer::Peer& peer) {
    if (command_.at_eof == AtEof::close) connection_.close(ws::close_code::normal);
    const bool waits = command_.at_eof == AtEof::wait && command_.silence != for_ever;
    if (waits && !silence_begun_ && peer.connection().output().empty()) restart_silence();
  }

  void restart_silence() {
    silence_begun_ = true;
    loop_.poller.set_deadline(silence_timer_, loop_.poller.now() + command_.silence);
  }

  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint) override {
    if (id == run_timer_) return time_out();
    if (!reporter_.has_room()) return restart_silence();  // it is we who do not listen
    close(ws::close_code::normal);
  }

  void time_out() {
    if (std::exchange(timed_out_, true)) {
      interrupted_ = true;
      return;
    }
    loop_.poller.set_deadline(run_timer_, loop_.poller.now() + patience);
    if (over_ && outcome_.status() == 0) outcome_ = streams::Outcome();  // but for what is not printed yet
    close(ws::close_code::going_away);
    const std::string where = connection_.place();
    finish({base::ErrorKind::timeout, where + ": not over in time (--timeout)"});
  }

  // At once, whoever is being called.
  void close(ws::CloseCode code) {
    connection_.close(code);
    if (peer::Peer* peer = connection_.peer()) peer->flush();
  }

  // --- to stdout

  void handle_message(const ws::Message& message) override {
    heard_ = true;
    if (command_.echo) {  // at once, before anything of it is printed
      link::echo(message, connection_);
      update_pause();
    }
    if (enough_) return;  // what comes now is too much
    if (message.finished) ++received_;
    const bool dropped = interrupted_ && output_.full();  // nobody waits for a slow reader any more
    if (dropped || output_.error() != 0) return;
    if (!command_.echo || reporter_.json()) reporter_.message(own, message);
    const auto alphabet =
        message.type == ws::Opcode::binary ? Pattern::Alphabet::bytes : Pattern::Alphabet::code_points;
    const bool matches = command_.until && command_.until->matches(message.data, alphabet);
    if (matches || (command_.count && received_ == *command_.count)) {
      enough_ = true;
      outcome_.end(0);
      connection_.close(ws::close_code::normal);
    }
    if (!reporter_.has_room()) flush_output();
  }

  void flush_output() {
    const bool printed = output_.error() == 0;
    output_.flush();  // after a failure too, to drop what has come since
    if (printed && output_.error() != 0) stop_printing();
    update_pause();
  }

  void update_pause() {
    peer::Peer* peer = connection_.peer();
    if (peer == nullptr) return;
    const bool answers_wait = command_.echo && link::holds_enough(peer->connection(), command_.limits);
    peer->pause(!interrupted_ && (!reporter_.has_room() || answers_wait));
  }

  void handle_output() override {
    if (output_.error() != 0) stop_printing();
    update_pause();
    handle_input();
  }

  void stop_printing() {
    if (output_.error() == EPIPE) {
      outcome_.end(0);  // like any filter whose reader has seen enough
    } else {
      outcome_.fail(net::system_error("standard output", output_.error()));
    }
    connection_.give_up();
    close(ws::close_code::going_away);
    const peer::Peer* peer = connection_.peer();
    if (peer == nullptr || peer->connection().state() == ws::State::connecting) over_ = true;  // nobody to part from
  }

  // --- signals

  void handle_signal(int number) override {
    if (interrupted_ || !connection_.is_open()) over_ = true;
    interrupted_ = true;
    outcome_.end(streams::exit_status_of_signal(number));
    if (peer::Peer* peer = connection_.peer()) peer->pause(false);
    connection_.give_up();
    close(ws::close_code::going_away);
  }

  link::Loop& loop_;
  const ConnectCommand& command_;
  streams::SignalWatch signal_watch_;
  report::Reporter reporter_;
  streams::OutputQueue& output_;  // the reporter's
  streams::InputSource input_;
  net::Poller::Id silence_timer_;
  net::Poller::Id run_timer_;
  std::optional<link::EmbeddedEcho> embedded_;
  link::ClientConnection connection_;
  streams::Outcome outcome_;
  streams::InputItem first_;    // the latest of the command's first messages
  std::size_t sent_first_ = 0;  // how many of them
  std::uint64_t received_ = 0;  // whole messages
  bool enough_ = false;         // of them
  bool silence_begun_ = false;
  bool heard_ = false;  // a message, since the last progress
  bool interrupted_ = false;
  bool timed_out_ = false;
  bool over_ = false;
};

}  // namespace

streams::Outcome connect_and_pipe(link::Loop& loop, net::Signals& signals, const ConnectCommand& command) {
  return ConnectSession(loop, signals, command).run();
}

}  // namespace wscope::session
