#include "app/connect_session.h"

#include <cerrno>
#include <optional>
#include <variant>

#include <unistd.h>

#include "app/echo_server.h"
#include "app/line_splitter.h"
#include "app/output_queue.h"
#include "app/refusal.h"
#include "app/signal_watch.h"
#include "net/error.h"
#include "peer/dialer.h"
#include "view/message_printer.h"

namespace wscope::app {
namespace {

// A line that is longer is sent in fragments.
constexpr std::size_t longest_whole_line = std::size_t{256} * 1024;
// Smaller messages are sent as they are.
constexpr std::size_t worth_compressing = 1024;
// For a server to end the TCP connection, which is its part (RFC 6455 section 7.1.1).
constexpr base::Duration patience = std::chrono::seconds(1);

view::Surface surface_of(int fd) noexcept { return ::isatty(fd) != 0 ? view::Surface::terminal : view::Surface::pipe; }

bool is_clean(ws::CloseCode code) noexcept {
  return code == ws::close_code::normal || code == ws::close_code::going_away || code == ws::close_code::no_status;
}

class ConnectSession final : private SignalOwner,
                             private OutputOwner,
                             private peer::DialerOwner,
                             public peer::PeerOwner,
                             private net::Pollable {
 public:
  ConnectSession(Loop& loop, net::Signals& signals, const cli::ConnectCommand& command)
      : loop_(loop),
        command_(command),
        url_(command.endpoint.url),
        signal_watch_(loop.poller, signals, *this),
        surface_(surface_of(STDOUT_FILENO)),
        printer_(surface_),
        output_(loop.poller, STDOUT_FILENO, *this),
        deflate_(command.compression.value_or(ws::DeflateParameters()), {.min_size = worth_compressing}),
        stdin_id_(loop.poller.add(STDIN_FILENO, {}, *this)),
        timer_id_(loop.poller.add(-1, {}, *this)),
        run_timer_id_(loop.poller.add(-1, {}, *this)),
        dialer_(loop.poller, *this) {}
  ~ConnectSession() {
    loop_.poller.remove(stdin_id_);
    loop_.poller.remove(timer_id_);
    loop_.poller.remove(run_timer_id_);
  }
  ConnectSession(const ConnectSession&) = delete;
  ConnectSession& operator=(const ConnectSession&) = delete;

  Outcome run() {
    begin();
    while (!over_ || !output_.queue().empty()) {
      if (interrupted_ && over_) break;
      if (auto turn = loop_.poller.run_once(); !turn) {
        outcome_.fail(std::move(turn).error());
        break;
      }
      if (over_) flush_output();
    }
    if (peer_) judge_end();
    return outcome_;
  }

 private:
  void begin() {
    if (!command_.reads_stdin) input_.end();
    if (command_.timeout != base::Duration::zero()) {
      loop_.poller.set_deadline(run_timer_id_, loop_.poller.now() + command_.timeout);
    }
    if (command_.endpoint.embedded) {
      embedded_.emplace(loop_, command_.timeouts);
      if (auto listening = embedded_->listen({.host = "", .port = 0}); !listening) {
        return finish(std::move(listening).error());
      }
      url_ = embedded_->url();
    }
    dialer_.start(url_.host, url_.port, command_.timeouts.connect);
  }

  // --- the connection

  void handle_dialed(base::Result<net::UniqueFd> socket) override {
    if (!socket) {
      base::Error error = std::move(socket).error();
      if (error.kind == base::ErrorKind::connect) error.message.insert(0, url_.text() + ": ");
      return finish(std::move(error));
    }
    ws::Options options;
    options.limits.message = ws::unlimited;
    options.whole_up_to = 0;
    options.hold_back_partial = surface_ == view::Surface::terminal;
    options.open_timeout = command_.timeouts.handshake;
    options.close_timeout = command_.timeouts.close;
    if (command_.compression) options.extensions = {&deflate_};
    peer_.emplace(loop_.context(), std::move(socket).value(), std::move(options), *this);
    if (const ws::Status status = peer_->connection().connect(url_, command_.request); status != ws::Status::ok) {
      return finish({base::ErrorKind::usage, std::string(ws::describe(status))});
    }
    peer_->flush();
  }

  void handle_event(peer::Peer& peer, const ws::Event& event) override {
    if (const auto* message = std::get_if<ws::Message>(&event)) return print(*message);
    if (const auto* rejected = std::get_if<ws::Rejected>(&event)) {
      return outcome_.fail(explain_refusal(*rejected->head));
    }
    if (const auto* failed = std::get_if<ws::HandshakeFailed>(&event)) {
      return outcome_.fail(explain_failure(*failed, url_.text(), peer.socket_error()));
    }
    if (const auto* failed = std::get_if<ws::Failed>(&event)) {
      return outcome_.fail({base::ErrorKind::protocol, "the peer broke the protocol: " + std::string(failed->detail)});
    }
  }

  // Only once all is printed: that may fail too.
  void judge_end() {
    const auto& received = peer_->connection().closing().received;
    if (received && is_clean(received->code)) return judge_count();
    if (received) {
      std::string said = std::to_string(received->code.value) + " (" + std::string(ws::name(received->code)) + ")";
      if (!received->reason.empty()) said += " " + received->reason;
      return outcome_.fail({base::ErrorKind::closed, "closed by the peer: " + said});
    }
    const bool waited = peer_->connection().timed_out();
    std::string why = waited ? "the peer did not answer the Close" : "without a Close from the peer";
    if (!peer_->socket_error().empty()) why = peer_->socket_error();
    outcome_.fail({base::ErrorKind::lost, "connection lost: " + why});
  }

  void judge_count() {
    if (!command_.count || received_ >= *command_.count) return outcome_.end(0);
    outcome_.fail({base::ErrorKind::expectation,
                   "received " + std::to_string(received_) + " of " + std::to_string(*command_.count) + " messages"});
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
    return peer_ && peer_->connection().state() == ws::State::open && peer_->has_room();
  }

  void set_stdin_interest() { loop_.poller.set_interest(stdin_id_, {.readable = can_send() && !input_.done()}); }

  void handle_ready(net::Poller::Id, net::Readiness) override {
    const net::IoResult result = net::read_some(STDIN_FILENO, input_.room());
    if (result.kind == net::IoResult::Kind::done) input_.commit(result.bytes);
    if (result.kind == net::IoResult::Kind::end) input_.end();
    if (result.kind == net::IoResult::Kind::failed) {
      input_.end();
      close(ws::close_code::going_away);
      outcome_.fail(net::system_error("standard input", result.error));
    }
    send_input();
    peer_->flush();
  }

  // As much as the connection has room for.
  void send_input() {
    while (can_send()) {
      const auto piece = next_piece();
      if (!piece) break;
      send(*piece);
      if (!peer_->has_room()) peer_->flush();
    }
    peer_->flush();  // only what the peer's socket has no room for comes back as progress
    if (sent_first_ == command_.first_messages.size() && input_.done()) end_of_input();
    set_stdin_interest();
  }

  std::optional<LineSplitter::Piece> next_piece() {
    if (sent_first_ == command_.first_messages.size()) return input_.next();
    return LineSplitter::Piece{base::as_bytes(command_.first_messages[sent_first_++])};
  }

  void send(const LineSplitter::Piece& line) {
    ws::Connection& connection = peer_->connection();
    ws::Piece piece;
    piece.opcode = command_.binary ? ws::Opcode::binary : ws::Opcode::text;
    if (connection.sending_message()) piece.opcode = ws::Opcode::continuation;
    piece.payload = line.data;
    piece.finished = line.finished;
    if (connection.send(piece) != ws::Status::bad_utf8) return;
    close(ws::close_code::going_away);
    outcome_.fail({base::ErrorKind::io, "standard input: line " + std::to_string(input_.line()) + " is not UTF-8",
                   "send bytes with --binary"});
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
    if (command_.count && received_ == *command_.count) return;  // what comes now is too much
    if (message.finished) ++received_;
    const bool dropped = interrupted_ && output_.full();  // nobody waits for a slow reader any more
    if (dropped || output_.error() != 0) return;
    printer_.print(message, output_.queue());
    if (command_.count && received_ == *command_.count) {
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
    if (peer_) peer_->pause(false);
  }

  void stop_printing() {
    if (output_.error() == EPIPE) {
      outcome_.end(0);  // like any filter whose reader has seen enough
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
  view::Surface surface_;
  view::MessagePrinter printer_;
  OutputQueue output_;
  LineSplitter input_{longest_whole_line};
  ws::PermessageDeflate deflate_;
  net::Poller::Id stdin_id_;
  net::Poller::Id timer_id_;
  net::Poller::Id run_timer_id_;
  std::optional<EchoServer> embedded_;
  peer::Dialer dialer_;
  std::optional<peer::Peer> peer_;
  Outcome outcome_;
  std::size_t sent_first_ = 0;  // of the command's first messages
  std::uint64_t received_ = 0;  // whole messages
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
