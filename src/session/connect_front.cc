#include "session/connect_front.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "link/connection_options.h"
#include "link/echoing.h"
#include "link/embedded_echo.h"
#include "link/ending.h"
#include "link/outgoing_connection.h"
#include "link/recollection.h"
#include "net/input_file.h"
#include "report/figures.h"
#include "report/reporter.h"
#include "session/conversation.h"
#include "session/pace.h"
#include "session/pipe_front.h"
#include "streams/input_source.h"
#include "streams/progress_line.h"
#include "view/counted.h"

namespace wscope::session {
namespace {

// What a pipe takes at once.
constexpr std::size_t worth_a_write = std::size_t{64} << 10;

// A client has one connection.
constexpr link::ConnectionNumber own = 1;

// How far stdin has been sent, in bytes.
struct Way {
  streams::ProgressLine line{};
  std::optional<std::uint64_t> size = net::InputFile::open("-").value().size();  // stdin can always be opened
  std::uint64_t done = 0;
};

class ConnectFront final : public PipeFront, private link::OutgoingConnectionOwner {
 public:
  ConnectFront(link::Loop& loop, net::Signals& signals, const ConnectCommand& command)
      : PipeFront(loop.poller, signals, wishes_of(command), command.reads_stdin),
        loop_(loop),
        command_(command),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Scope::one),
        output_(reporter_.output()),
        figures_(loop.poller, reporter_),
        counts_(reporter_.verbose() || !command.write_out.empty()),
        input_(loop.poller, command.reads_stdin && !typed() ? STDIN_FILENO : -1,
               {.format = command.input.format,
                .type = command.input.type,
                .keeps_line_ends = command.input.keeps_line_ends,
                .escapes = command.input.escapes,
                .whole = reporter_.shows_sent() || !command.replies.empty(),  // answers go between messages
                .longest_held = link::longest_held(command.limits),
                .typed = typed()}),
        names_(loop.random),
        steps_(command.steps, names_),
        replies_(command.replies, loop.random),
        looks_(!command.until.empty() || !command.steps.empty() || command.lockstep || !command.replies.empty() ||
               !command.selection.empty() || command.only),
        is_special_(looks_ || command.echo),
        connection_(loop, command,
                    reporter_.json() || looks_ || typed() ? link::Delivery::whole : link::Delivery::streamed, own,
                    counts_ ? static_cast<link::Report&>(figures_) : reporter_, *this) {
    reporter_.select(command.selection);
  }

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
    const auto url = link::url_to_connect(command_, loop_, embedded_);
    if (!url) return session().gone(own, url.error(), "", now());
    session().begun(own, connection_.place_of(*url));
    tell_steps();
    if (is_long_way()) way_.emplace();
    connection_.start(*url, embedded_.has_value());
  }

  void prepare_turn() override {
    if (!gathers_output()) flush_output();
    if (connection_.link() != nullptr) send_input();
    if (output_.waiting() > 0 && !gathers_output()) flush_output();
    show_terminal();
  }

  // Whether more will be printed in a moment, so that it is worth a call of the system.
  [[nodiscard]] bool gathers_output() {
    const link::Link* link = connection_.link();
    return link != nullptr && link->peer().delivers_on() && output_.waiting() < worth_a_write;
  }

  void tell_error(const base::Error& error, int exit_status) override {
    end_progress();
    if (error.kind == base::ErrorKind::expectation) {
      reporter_.expected(own, {session().asked(), now() - asked_since_, error.message});
    }
    reporter_.error(session().culprit(), error, exit_status, connection_.refusal());
    flush_output();
  }

  bool print_rest() override {
    end_progress();
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
    // Each of these may be the last one.
    connection_.peer()->deliver_runs(!is_special_ && !watches_);
    session().opened(now());
    tell_steps();
  }

  void handle_restart() override {
    if (const peer::Peer* peer = connection_.peer()) input_.drop_line(peer->connection().sending_message());
    input_.want(false);
    sent_first_ = 0;
    only_input_ = false;
    opened_ = false;
    session().restarted();
    steps_.restart();
    unanswered_ = false;
    tell_steps();
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
    const bool all_first = sent_first_ == command_.first_messages.size() && steps_.done();
    if (all_first && input_.done() && !unanswered_) end_input(peer);
    input_.want(all_first && !unanswered_ && can_send() && !waits_for_time_);
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
    end_progress();
    // With a rule for the end of the input, or something else to wait for, that ends it.
    const bool is_all = !command_.at_eof_given && !asks_ && command_.for_time == base::Duration::zero();
    if (command_.lockstep && is_all) session().have_enough(now());
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
    if (!only_input_) [[unlikely]]
      return next_of_several();
    const streams::InputItem* item = input_.next();
    any_input_ = any_input_ || item != nullptr;
    return item != nullptr ? &item->instruction : nullptr;
  }

  // What stands before the input, or a line of that if the one before is answered.
  const wire::Instruction* next_of_several() {
    if (sent_first_ < command_.first_messages.size()) return first(command_.first_messages[sent_first_++]);
    if (!steps_.done()) return next_step();
    if (unanswered_) return nullptr;
    only_input_ = !command_.lockstep;
    const streams::InputItem* item = input_.next();
    if (item == nullptr) return nullptr;
    any_input_ = true;
    if (command_.lockstep) await_answer(item->instruction);
    return &item->instruction;
  }

  const wire::Instruction* first(const wire::StoredInstruction& message) {
    first_ = message.instruction();
    return &first_;
  }

  // --- what is asked for

  const wire::Instruction* next_step() {
    const auto message = steps_.next_message(std::chrono::system_clock::now());
    if (message && *message == nullptr) return nullptr;
    if (!message) {
      session().input_failed(own, message.error(), now());
      return nullptr;
    }
    tell_steps();
    return first(**message);
  }

  // Once open, an --expect that is next waits.
  void tell_steps() {
    asked_since_ = now();
    const talk::Match* expected = steps_.next_expected();
    if (expected == nullptr) return session().expects_nothing();
    const bool waits = opened_ && steps_.expect();
    session().expects({"expected " + expected->text(), expected->text()}, waits ? std::optional(now()) : std::nullopt);
  }

  void await_answer(const wire::Instruction& line) {
    const auto* piece = std::get_if<ws::Piece>(&line);
    if (piece == nullptr || !piece->finished) return;
    unanswered_ = true;
    asked_since_ = now();
    const std::string number = "line " + std::to_string(++lines_);
    session().expects({"no answer to " + number, number}, now());
  }

  // A whole message, by whatever wants to know of it.
  void look_at(const ws::Message& message) {
    const talk::Message seen(message.data, message.type == ws::Opcode::binary);
    const bool answered = answer(seen);
    heard_ = heard_ || !answered;
    if (!wants_messages()) return;
    if (counts_) figures_.count(message);
    const bool begun = steps_.done();  // what counts comes behind them
    const bool passes = command_.selection.lets_through(seen);
    const bool met = steps_.receive(seen);
    const auto last = std::find_if(command_.until.begin(), command_.until.end(),
                                   [&](const talk::Match& match) { return begun && match.matches(seen); });
    const bool ends = last != command_.until.end();
    const bool is_wanted =
        !command_.only || (begun && command_.count) || ends || (met && !asks_ && !steps_.next_expected());
    const bool is_shown = !command_.echo || reporter_.json();
    if (passes && is_wanted && is_shown) reporter_.print_picked(own, message);
    if (met) step_is_met();
    if (ends) reporter_.expected(own, {last->text(), now() - asked_since_});
    if (begun && asks_) session().received(passes, ends);
    if (begun && unanswered_ && (!command_.lockstep->match || command_.lockstep->match->matches(seen))) {
      unanswered_ = false;
      session().expects_nothing();
    }
  }

  void step_is_met() {
    reporter_.expected(own, {session().asked(), now() - asked_since_});
    tell_steps();
    const bool goes_on = command_.reads_stdin || asks_ || command_.at_eof_given ||
                         command_.for_time != base::Duration::zero() || !steps_.done() || !steps_.end_with_expect();
    if (!goes_on) session().have_enough(now());
  }

  // Whether one of the rules has.
  bool answer(const talk::Message& message) {
    if (command_.replies.empty() || !connection_.is_open()) return false;
    const auto answer = replies_.answer(message, std::chrono::system_clock::now(), now());
    if (const auto busy = replies_.next_busy()) reporter_.warn(own, link::describe_busy(*busy));
    if (!answer) {
      reporter_.warn(own, "not answered: " + answer.error().message);
      return false;
    }
    if (!*answer) return false;
    reporter_.replying(own, (*answer)->rule);
    static_cast<void>(connection_.link()->send((*answer)->message.instruction(), loop_.random));
    update_pause();
    return true;
  }

  // There is room, and what is sent was checked: nothing here can fail.
  void send(link::Link& link, const wire::Instruction& instruction) {
    const auto* data = std::get_if<ws::Piece>(&instruction);
    if (data == nullptr) return static_cast<void>(link.send(instruction, loop_.random));
    if (way_) show_progress(data->payload.size());
    if (!link.connection().sending_message()) return static_cast<void>(link.send(*data));
    ws::Piece piece = *data;
    piece.opcode = ws::Opcode::continuation;
    static_cast<void>(link.send(piece));
  }

  // --- how far it is, for somebody who looks on

  [[nodiscard]] bool is_long_way() const {
    const bool is_whole = command_.reads_stdin && command_.input.format == streams::InputFormat::whole;
    return is_whole && command_.reporting.verbosity == report::Verbosity::normal && !command_.reporting.frames &&
           streams::ProgressLine::on_terminal();
  }

  void show_progress(std::size_t more) {
    way_->done += more;
    if (!way_->line.is_due(now())) return;
    const double a_second = static_cast<double>(way_->done) / way_->line.seconds(now());
    loop_.errors.print(way_->line.show("sent " + view::part_of_bytes(way_->done, way_->size) + ", " +
                                       view::in_bytes(static_cast<std::uint64_t>(a_second)) + "/s"));
  }

  void end_progress() {
    if (way_) loop_.errors.print(way_->line.clear());
    way_.reset();
  }

  // --- to stdout

  void handle_message(const ws::Message& message) override {
    note_open();
    if (is_special_) return handle_special(message);
    heard_ = true;
    if (!wants_messages()) return;
    reporter_.print(own, message);
    if (watches_) watch(message);
    if (!reporter_.has_room()) flush_output();
  }

  void handle_messages(std::span<const ws::Message> messages) override {
    heard_ = true;
    if (!wants_messages()) return;
    reporter_.print(own, messages);
    if (!reporter_.has_room()) flush_output();
  }

  void handle_special(const ws::Message& message) {
    if (command_.echo) {  // at once, before anything of it is printed
      link::echo(message, *connection_.link());
      update_pause();
    }
    if (looks_) {
      look_at(message);
    } else {
      heard_ = true;
      if (!wants_messages()) return;
      if (reporter_.json()) reporter_.print(own, message);
      if (watches_) watch(message);
    }
    if (!reporter_.has_room()) flush_output();
  }

  void watch(const ws::Message& message) {
    if (counts_) figures_.count(message);
    if (asks_ && message.finished) session().received(true, false);
  }

  [[nodiscard]] bool wants_messages() {
    const bool dropped = session().in_a_hurry() && output_.full();
    return session().wants_messages() && !dropped && output_.error() == 0;
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
    const bool echoes_wait = command_.echo && link::holds_enough(link->connection(), command_.limits);
    const bool answers_wait = echoes_wait || (!command_.replies.empty() && link::holds_enough_answers(*link));
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
  link::Recollection names_;
  Steps steps_;
  link::Replies replies_;
  bool looks_;       // at whole messages
  bool is_special_;  // it does, or echoes them
  link::OutgoingConnection connection_;
  wire::Instruction first_;     // the latest of the command's first messages
  std::size_t sent_first_ = 0;  // how many of them
  bool only_input_ = false;     // is left to be sent
  std::optional<Way> way_;
  Pace pace_{command_.rate};
  bool waits_for_time_ = false;
  bool asks_ = command_.count || !command_.until.empty();
  bool watches_ = asks_ || counts_;
  base::TimePoint asked_since_{};  // what is asked for at present
  std::uint64_t lines_ = 0;        // that wait for an answer, or have had one
  bool unanswered_ = false;        // the last of them
  bool opened_ = false;
  bool heard_ = false;  // since the last progress
  bool any_input_ = false;
};

}  // namespace

streams::Outcome connect_and_pipe(link::Loop& loop, net::Signals& signals, const ConnectCommand& command) {
  return ConnectFront(loop, signals, command).run_and_tell();
}

}  // namespace wscope::session
