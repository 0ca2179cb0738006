#include "app/connect_session.h"

#include <cerrno>
#include <optional>
#include <string>
#include <variant>

#include <unistd.h>

#include "app/connection_options.h"
#include "app/echo.h"
#include "app/ending.h"
#include "app/input_source.h"
#include "app/refusal.h"
#include "app/reporter.h"
#include "app/server.h"
#include "app/signal_watch.h"
#include "app/wire_log.h"
#include "base/utf8.h"
#include "net/error.h"
#include "peer/dialer.h"
#include "ws/deflate.h"

namespace wscope::app {
namespace {

// Smaller messages are sent as they are.
constexpr std::size_t worth_compressing = 1024;
// For a server to end the TCP connection, which is its part (RFC 6455 section 7.1.1).
constexpr base::Duration patience = std::chrono::seconds(1);
// What is kept of the body of a refusal, and what is shown of it on stderr.
constexpr std::size_t kept_body = std::size_t{64} << 10;
constexpr std::size_t shown_body = 1024;
// A client has one connection.
constexpr ConnectionNumber own = 1;

// A server in this process, for `echo:`.
struct EmbeddedEcho {
  EmbeddedEcho(Loop& loop, const cli::Timeouts& timeouts) : server(loop, {.timeouts = timeouts}, echo, nullptr) {}

  Echo echo;
  Server server;
};

class ConnectSession final : private SignalOwner,
                             private OutputOwner,
                             private InputOwner,
                             private peer::DialerOwner,
                             public peer::PeerOwner,
                             private net::Pollable {
 public:
  ConnectSession(Loop& loop, net::Signals& signals, const cli::ConnectCommand& command)
      : loop_(loop),
        command_(command),
        url_(command.endpoint.url),
        signal_watch_(loop.poller, signals, *this),
        reporter_(loop.poller, command.reporting, Reporter::Connections::one, *this),
        output_(reporter_.output()),
        input_(loop.poller, command.reads_stdin ? STDIN_FILENO : -1,
               {.format = command.input,
                .type = command.type,
                .whole = reporter_.shows_sent(),
                .longest_held = longest_held(command.limits)},
               *this),
        deflate_(command.compression.value_or(ws::DeflateParameters()), {.min_size = worth_compressing}),
        timer_id_(loop.poller.add(-1, {}, *this)),
        run_timer_id_(loop.poller.add(-1, {}, *this)),
        dialer_(loop.poller, *this) {}
  ~ConnectSession() {
    loop_.poller.remove(timer_id_);
    loop_.poller.remove(run_timer_id_);
  }
  ConnectSession(const ConnectSession&) = delete;
  ConnectSession& operator=(const ConnectSession&) = delete;

  Outcome run() {
    begin();
    run_loop();
    if (peer_) judge();
    if (outcome_.error()) report_error(*outcome_.error());
    run_loop();
    return outcome_;
  }

 private:
  void begin() {
    if (command_.timeout != base::Duration::zero()) {
      loop_.poller.set_deadline(run_timer_id_, loop_.poller.now() + command_.timeout);
    }
    if (command_.endpoint.embedded) {
      embedded_.emplace(loop_, command_.timeouts);
      if (auto listening = embedded_->server.listen({.host = "", .port = 0}); !listening) {
        return finish(std::move(listening).error());
      }
      url_ = embedded_->server.url();
    }
    dialer_.start(url_.host, url_.port, command_.timeouts.connect);
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

  // --- the connection

  void handle_attempt(const net::SocketAddress& address) override { reporter_.connecting(url_.text(), address.text()); }

  void handle_dialed(base::Result<net::UniqueFd> socket) override {
    if (!socket) {
      base::Error error = std::move(socket).error();
      if (error.kind == base::ErrorKind::connect) error.message.insert(0, url_.text() + ": ");
      return finish(std::move(error));
    }
    const bool whole = reporter_.json() || command_.until;
    ws::Options options = connection_options(ws::Role::client, whole ? Delivery::whole : Delivery::streamed,
                                             command_.limits, command_.timeouts);
    options.hold_back_partial = reporter_.needs_code_points();
    if (command_.compression) options.extensions = {&deflate_};
    peer_.emplace(loop_.context(), std::move(socket).value(), std::move(options), *this);
    if (reporter_.follows_wire()) peer_->observe(wire_log_.emplace(reporter_, own));
    if (const ws::Status status = peer_->connection().connect(url_, command_.request); status != ws::Status::ok) {
      return finish({base::ErrorKind::usage, std::string(ws::describe(status))});
    }
    peer_->flush();
  }

  void handle_event(peer::Peer& peer, const ws::Event& event) override {
    if (const auto* message = std::get_if<ws::Message>(&event)) return print(*message);
    reporter_.event(own, event);
    if (const auto* opened = std::get_if<ws::Opened>(&event)) {
      opened_ = true;
      reporter_.open(own, {url_.text(), opened->subprotocol, opened->extensions, opened->head->status,
                           &opened->head->headers, peer.address().text()});
    } else if (const auto* rejected = std::get_if<ws::Rejected>(&event)) {
      refusal_ = *rejected->head;
      outcome_.fail(explain_refusal(*rejected->head));
    } else if (const auto* body = std::get_if<ws::RejectData>(&event)) {
      refusal_body_ += base::as_text(body->data).substr(0, kept_body + 1 - refusal_body_.size());
    } else if (const auto* broken = std::get_if<ws::HandshakeFailed>(&event)) {
      outcome_.fail(explain_failure(*broken, url_.text(), peer.socket_error()));
    } else if (const auto* failed = std::get_if<ws::Failed>(&event)) {
      outcome_.fail(explain_violation(*failed));
    } else if (const auto* closed = std::get_if<ws::Closed>(&event)) {
      if (opened_) reporter_.closed(own, *closed->record);
    }
  }

  // Only once all is printed: that may fail too.
  void judge() {
    if (auto error = judge_end(peer_->connection(), peer_->socket_error())) return outcome_.fail(std::move(*error));
    const bool expects = command_.count || command_.until;
    if (!expects) return outcome_.end(0);
    std::string missed = "no message matched --until";
    if (command_.count) {
      missed = "received " + std::to_string(received_) + " of " + std::to_string(*command_.count) + " messages";
    }
    outcome_.fail({base::ErrorKind::expectation, std::move(missed)});
  }

  void report_error(const base::Error& error) {
    const std::string_view body = base::utf8_prefix(refusal_body_, kept_body);  // one byte more was kept, to cut there
    reporter_.body(base::utf8_prefix(body, shown_body));
    std::optional<view::RefusalView> refusal;
    if (refusal_) refusal = view::RefusalView{&*refusal_, body};
    reporter_.error(error, outcome_.status(), refusal);
  }

  void handle_progress(peer::Peer&) override {
    send_input();
    flush_output();
    if (!lingers_ && is_decided()) linger();
  }

  // Whether the peer has nothing more to say that matters, and only has to end the TCP connection.
  [[nodiscard]] bool is_decided() const {
    const ws::State state = peer_->connection().state();
    return state == ws::State::closed || state == ws::State::rejecting;
  }

  void linger() {
    lingers_ = true;
    loop_.poller.set_deadline(timer_id_, loop_.poller.now() + patience);
  }

  void handle_end(peer::Peer&) override {
    flush_output();
    over_ = true;
  }

  void finish(base::Error error) {
    outcome_.fail(std::move(error));
    over_ = true;
  }

  // --- from the command line and from stdin

  [[nodiscard]] bool can_send() const {
    if (reporter_.prints_sent() && output_.full()) return false;
    return peer_ && peer_->connection().state() == ws::State::open && peer_->has_room();
  }

  void handle_input() override {
    send_input();
    if (peer_) peer_->flush();
  }

  // As much as the connection has room for.
  void send_input() {
    while (can_send()) {
      const InputItem* item = next_item();
      if (item == nullptr) break;
      send(*item);
      if (!peer_->has_room()) peer_->flush();
    }
    if (input_.error()) {
      close(ws::close_code::going_away);
      outcome_.fail(*input_.error());
    }
    peer_->flush();  // only what the peer's socket has no room for comes back as progress
    if (sent_first_ == command_.first_messages.size() && input_.done()) end_of_input();
    input_.want(can_send());
  }

  const InputItem* next_item() {
    if (sent_first_ == command_.first_messages.size()) return input_.next();
    first_.type = command_.first_type == cli::MessageType::binary ? ws::Opcode::binary : ws::Opcode::text;
    first_.payload = base::as_bytes(command_.first_messages[sent_first_++]);
    return &first_;
  }

  // There is room, and what is sent was checked: nothing here can fail.
  void send(const InputItem& item) {
    ws::Connection& connection = peer_->connection();
    ws::Piece piece;
    switch (item.kind) {
      case InputItem::Kind::data:
        piece.opcode = connection.sending_message() ? ws::Opcode::continuation : item.type;
        piece.payload = item.payload;
        piece.finished = item.finished;
        piece.known_utf8 = true;
        if (reporter_.shows_sent()) peer_->flush();  // shows the control frames before it
        static_cast<void>(connection.send(piece));
        peer_->show_output();  // the frame's report comes first, and that of what was sent before it
        return reporter_.sent(own, item.type, item.payload);
      case InputItem::Kind::ping:
        return static_cast<void>(connection.send_ping(item.payload));
      case InputItem::Kind::pong:
        return static_cast<void>(connection.send_pong(item.payload));
      case InputItem::Kind::close:
        return static_cast<void>(connection.close(item.code, item.reason));
    }
  }

  void end_of_input() {
    if (command_.at_eof == cli::AtEof::close) close(ws::close_code::normal);
    const bool waits = command_.at_eof == cli::AtEof::wait && command_.silence != cli::for_ever;
    if (waits && !silence_begun_ && peer_->connection().output().empty()) restart_silence();
  }

  void restart_silence() {
    silence_begun_ = true;
    loop_.poller.set_deadline(timer_id_, loop_.poller.now() + command_.silence);
  }

  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint) override {
    if (id == run_timer_id_) return time_out();
    if (lingers_) return peer_->abandon();
    if (output_.full()) return restart_silence();  // it is we who do not listen
    close(ws::close_code::normal);
    peer_->flush();
  }

  void time_out() {
    close(ws::close_code::going_away);
    if (peer_) peer_->flush();
    finish({base::ErrorKind::timeout, url_.text() + ": not over in time (--timeout)"});
  }

  void close(ws::CloseCode code) {
    if (peer_) static_cast<void>(peer_->connection().close(code));  // unless it is closing already
  }

  // --- to stdout

  void print(const ws::Message& message) {
    if (silence_begun_) restart_silence();
    if (enough_) return;  // what comes now is too much
    if (message.finished) ++received_;
    const bool dropped = interrupted_ && output_.full();  // nobody waits for a slow reader any more
    if (dropped || output_.error() != 0) return;
    reporter_.message(own, message);
    const bool matches = command_.until && command_.until->matches(message.data);
    if (matches || (command_.count && received_ == *command_.count)) {
      enough_ = true;
      outcome_.end(0);
      close(ws::close_code::normal);
    }
    if (output_.full()) flush_output();
  }

  void flush_output() {
    if (output_.error() != 0) return;
    output_.flush();
    if (output_.error() != 0) stop_printing();
    if (peer_) peer_->pause(output_.full() && !interrupted_);
  }

  void handle_output() override {
    if (output_.error() != 0) stop_printing();
    if (!peer_) return;
    peer_->pause(false);
    handle_input();
  }

  void stop_printing() {
    if (output_.error() == EPIPE) {
      outcome_.end(0);  // like any filter whose reader has seen enough
      linger();
    } else {
      outcome_.fail(net::system_error("standard output", output_.error()));
    }
    close(ws::close_code::going_away);
    if (peer_) peer_->flush();
  }

  // --- signals

  void handle_signal(int number) override {
    const bool open = peer_ && peer_->connection().state() == ws::State::open;
    if (interrupted_ || !open) over_ = true;
    interrupted_ = true;
    outcome_.end(exit_status_of_signal(number));
    close(ws::close_code::going_away);
    if (!peer_) return;
    peer_->pause(false);
    peer_->flush();
  }

  Loop& loop_;
  const cli::ConnectCommand& command_;
  http::Url url_;
  SignalWatch signal_watch_;
  Reporter reporter_;
  OutputQueue& output_;  // the reporter's
  InputSource input_;
  ws::PermessageDeflate deflate_;
  net::Poller::Id timer_id_;
  net::Poller::Id run_timer_id_;
  std::optional<EmbeddedEcho> embedded_;
  peer::Dialer dialer_;
  std::optional<WireLog> wire_log_;
  std::optional<peer::Peer> peer_;
  Outcome outcome_;
  std::optional<http::ResponseHead> refusal_;
  std::string refusal_body_;
  InputItem first_;             // the latest of the command's first messages
  std::size_t sent_first_ = 0;  // how many of them
  std::uint64_t received_ = 0;  // whole messages
  bool enough_ = false;         // of them
  bool opened_ = false;
  bool silence_begun_ = false;
  bool lingers_ = false;
  bool interrupted_ = false;
  bool over_ = false;
};

}  // namespace

Outcome connect_and_pipe(Loop& loop, net::Signals& signals, const cli::ConnectCommand& command) {
  return ConnectSession(loop, signals, command).run();
}

}  // namespace wscope::app
