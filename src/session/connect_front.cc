#include "session/connect_front.h"

#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

#include "link/connection_options.h"
#include "link/echoing.h"
#include "link/embedded_echo.h"
#include "link/ending.h"
#include "link/outgoing_connection.h"
#include "report/figures.h"
#include "report/reporter.h"
#include "session/pace.h"
#include "session/pipe_front.h"
#include "streams/input_source.h"

namespace wscope::session {
namespace {

// A client has one connection.
constexpr link::ConnectionNumber own = 1;

class ConnectFront final : public PipeFront, private link::OutgoingConnectionOwner {
 public:
  ConnectFront(link::Loop& loop, net::Signals& signals, const ConnectCommand& command)
      : PipeFront(loop.poller, signals, wishes_of(command), command.reads_stdin),
        loop_(loop),
        command_(command),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Connections::one),
        output_(reporter_.output()),
        figures_(loop.poller, reporter_),
        counts_(reporter_.verbose() || !command.write_out.empty()),
        input_(loop.poller, command.reads_stdin && !typed() ? STDIN_FILENO : -1,
               {.format = command.input.format,
                .type = command.input.type,
                .keeps_line_ends = command.input.keeps_line_ends,
                .escapes = command.input.escapes,
                .whole = reporter_.shows_sent(),
                .longest_held = link::longest_held(command.limits),
                .typed = typed()}),
        connection_(loop, command,
                    reporter_.json() || command.until || typed() ? link::Delivery::whole : link::Delivery::streamed,
                    own, counts_ ? static_cast<link::Report&>(figures_) : reporter_, *this) {}

  ~ConnectFront() { leave_terminal(); }

  streams::Outcome run_and_tell() {
    streams::Outcome outcome = run();
    outcome.add_words(last_words_);
    return outcome;
  }

 private:
  void begin() override {
    if (typed()) {
      const auto entered = enter_terminal(input_, output_, loop_.errors);
      if (!entered) return session().gone(own, entered.error(), "", now());
    }
    for (const std::string& notice : command_.notices) reporter_.warn(own, notice);
    http::Url url = command_.endpoint.url;
    if (command_.endpoint.embedded) {
      embedded_.emplace(loop_, command_.limits, command_.timeouts);
      if (auto listening = embedded_->listen(); !listening) {
        return session().gone(own, std::move(listening).error(), "", now());
      }
      url = embedded_->url();
    }
    session().begun(own, connection_.place_of(url));
    connection_.start(url, embedded_.has_value());
  }

  void prepare_turn() override {
    flush_output();
    if (connection_.link() != nullptr) send_input();
    if (output_.waiting() > 0) flush_output();
    show_terminal();
  }

  void tell_error(const base::Error& error, int exit_status) override {
    reporter_.error(session().culprit(), error, exit_status, connection_.refusal());
    flush_output();
  }

  bool print_rest() override {
    if (std::exchange(counts_, false)) tell_figures();
    return output_.queue().empty();
  }

  void tell_figures() {
    if (figures_.times().open) reporter_.note(own, figures_.summary());
    const streams::Outcome& outcome = session().outcome();
    const report::WriteOut::Text text = command_.write_out.fill_in(
        {figures_, connection_.url().text(), outcome.status(), outcome.error() ? outcome.error()->message : ""});
    last_words_ = text.for_stderr;
    if (!output_.queue().append(base::as_bytes(text.for_stdout))) return;  // there was far too much before it
    flush_output();
  }

  void obey(const Session::Order& order) override {
    tell_empty_input();
    if (order.gives_up) connection_.give_up();
    connection_.close(order.code);
    update_pause();
  }

  // --- the connection

  void handle_progress() override {
    note_open();
    take_failure();
    const bool more = session().listens_for_silence() && connection_.link()->more_has_come();
    if (std::exchange(heard_, false) || more) session().heard(now());
  }

  void note_open() {
    if (opened_ || !connection_.is_open()) return;
    opened_ = true;
    session().opened(now());
  }

  void handle_restart() override {
    if (const peer::Peer* peer = connection_.peer()) input_.drop_line(peer->connection().sending_message());
    input_.want(false);
    sent_first_ = 0;
    opened_ = false;
    session().restarted();
  }

  void handle_end() override {
    look_at_signals();  // one that has come is what counts, and may be why
    flush_output();
    const peer::Peer* peer = connection_.peer();
    const std::string closed = peer != nullptr ? link::describe_begun_close(peer->connection().closing()) : "";
    session().gone(own, connection_.failure() ? connection_.failure() : connection_.judge(), closed, now());
  }

  void take_failure() {
    if (connection_.failure()) session().failed(own, *connection_.failure());
  }

  // --- from the command line and from stdin

  [[nodiscard]] bool can_send() {
    if (session().leaving() || (reporter_.prints_sent() && output_.full())) return false;
    return connection_.is_open() && connection_.peer()->has_room();
  }

  // As much as the connection has room for.
  void send_input() {
    peer::Peer& peer = connection_.link()->peer();
    waits_for_time_ = false;
    pace_.limits() ? send_messages<true>(*connection_.link()) : send_messages<false>(*connection_.link());
    if (input_.error()) session().input_failed(own, *input_.error(), now());
    peer.flush();  // only what the peer's socket has no room for comes back as progress
    if (sent_first_ == command_.first_messages.size() && input_.done()) end_input(peer);
    input_.want(can_send() && !waits_for_time_);
  }

  template <bool paced>
  void send_messages(link::Link& link) {
    peer::Peer& peer = link.peer();
    const bool prints = reporter_.prints_sent();
    while (can_send()) {
      const bool begins = paced && !link.connection().sending_message();
      if (begins && pace_.next() > now()) {
        waits_for_time_ = true;
        return turn_by(pace_.next());
      }
      const wire::Instruction* instruction = next_instruction();
      if (instruction == nullptr) break;
      if (begins) pace_.take(now());
      send(link, *instruction);
      if (!peer.has_room()) peer.flush();
      if (prints && output_.full()) flush_output();
    }
  }

  void end_input(const peer::Peer& peer) {
    session().input_ended(now());
    if (peer.connection().output().empty()) session().written(now());
  }

  // Who wants only to listen finds out how.
  void tell_empty_input() {
    const bool said_nothing = command_.reads_stdin && command_.first_messages.empty() && !any_input_;
    if (session().reason() != Reason::silence || !said_nothing || command_.echo || command_.at_eof_given) return;
    reporter_.warn(own,
                   "standard input had no message, and the peer was silent: --no-stdin, or --eof hold, listens on");
  }

  const wire::Instruction* next_instruction() {
    if (sent_first_ == command_.first_messages.size()) {
      const streams::InputItem* item = input_.next();
      any_input_ = any_input_ || item != nullptr;
      return item != nullptr ? &item->instruction : nullptr;
    }
    first_ = command_.first_messages[sent_first_++].instruction();
    return &first_;
  }

  // There is room, and what is sent was checked: nothing here can fail.
  void send(link::Link& link, const wire::Instruction& instruction) {
    const auto* data = std::get_if<ws::Piece>(&instruction);
    if (data == nullptr) return static_cast<void>(link.send(instruction, loop_.random));
    if (!link.connection().sending_message()) return static_cast<void>(link.send(*data));
    ws::Piece piece = *data;
    piece.opcode = ws::Opcode::continuation;
    static_cast<void>(link.send(piece));
  }

  // --- to stdout

  void handle_message(const ws::Message& message) override {
    note_open();
    heard_ = true;
    if (command_.echo) {  // at once, before anything of it is printed
      link::echo(message, *connection_.link());
      update_pause();
    }
    const bool dropped = session().in_a_hurry() && output_.full();
    if (!session().wants_messages() || dropped || output_.error() != 0) return;
    if (!command_.echo || reporter_.json()) reporter_.print(own, message);
    if (watches_) watch(message);
    if (!reporter_.has_room()) flush_output();
  }

  void watch(const ws::Message& message) {
    if (counts_) figures_.count(message);
    if (asks_ && message.finished) session().received(matches(message));
  }

  [[nodiscard]] bool matches(const ws::Message& message) const {
    const auto alphabet =
        message.type == ws::Opcode::binary ? talk::Pattern::Alphabet::bytes : talk::Pattern::Alphabet::code_points;
    return command_.until && command_.until->matches(message.data, alphabet);
  }

  void flush_output() {
    output_.flush();  // after a failure too, to drop what has come since
    if (output_.error() != 0) session().output_failed(output_.error(), now());
    session().set_output_full(!reporter_.has_room(), now());
    update_pause();
  }

  void update_pause() {
    link::Link* link = connection_.link();
    if (link == nullptr) return;
    const bool answers_wait = command_.echo && link::holds_enough(link->connection(), command_.limits);
    const bool hurries = session().in_a_hurry();
    link->pause(link::Link::Wait::for_answers, !hurries && answers_wait);
    link->pause(link::Link::Wait::for_printing, !hurries && !reporter_.has_room());
  }

  link::Loop& loop_;
  const ConnectCommand& command_;
  report::Reporter reporter_;
  streams::OutputQueue& output_;  // the reporter's
  report::Figures figures_;
  bool counts_;  // they are wanted
  std::string last_words_;
  streams::InputSource input_;
  std::optional<link::EmbeddedEcho> embedded_;
  link::OutgoingConnection connection_;
  wire::Instruction first_;     // the latest of the command's first messages
  std::size_t sent_first_ = 0;  // how many of them
  Pace pace_{command_.rate};
  bool waits_for_time_ = false;
  bool asks_ = command_.count || command_.until;
  bool watches_ = asks_ || counts_;
  bool opened_ = false;
  bool heard_ = false;  // since the last progress
  bool any_input_ = false;
};

}  // namespace

streams::Outcome connect_and_pipe(link::Loop& loop, net::Signals& signals, const ConnectCommand& command) {
  return ConnectFront(loop, signals, command).run_and_tell();
}

}  // namespace wscope::session
