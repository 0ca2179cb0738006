#include "session/ping_front.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "link/embedded_echo.h"
#include "ping/text.h"
#include "report/reporter.h"
#include "session/front.h"
#include "session/ping_target.h"
#include "session/serve_front.h"
#include "streams/standard_streams.h"
#include "view/style.h"

namespace wscope::session {
namespace {

using Kind = ping::Pings::Answer::Kind;

class PingFront final : public Front, private PingTargetOwner {
 public:
  PingFront(link::Loop& loop, net::Signals& signals, const PingCommand& command)
      : Front(loop.poller, &signals, wishes_of(command)),
        loop_(loop),
        command_(command),
        plan_(command.ping),
        reporter_(loop.poller, loop.errors, command.reporting, report::Reporter::Scope::one),
        report_(reporter_),
        style_(streams::style_of_stdout(command.color)),
        pinger_(command.ping, loop.random) {}

  streams::Outcome run_and_judge() {
    streams::Outcome outcome = run();
    if (outcome.error() || outcome.status() != 0 || session().reason() == Reason::output_gone) return outcome;
    if (auto error = judge()) {
      outcome = streams::Outcome();
      outcome.fail(std::move(*error));
    }
    return outcome;
  }

 private:
  static Wishes wishes_of(const PingCommand& command) {
    Wishes wishes;
    wishes.at_eof = AtEof::hold;
    wishes.timeout = command.timeout;
    return wishes;
  }

  void begin() override {
    for (const std::string& notice : command_.notices) reporter_.warn(0, notice);
    const auto url = link::url_to_connect(command_, loop_, embedded_);
    if (!url) return session().gone(0, url.error(), "", now());
    totals_.url = url->text();
    PingTargetOwner& owner = *this;
    if (plan_.opens) return begin_each(*url, owner);
    auto one = std::make_unique<OneTarget>(loop_, command_, plan_, report_, owner);
    OneTarget& target = *one;
    target_ = std::move(one);
    session().begun(1, target.place_of(*url));
    target.start(*url, embedded_.has_value());
  }

  void begin_each(const http::Url& url, PingTargetOwner& owner) {
    target_ = std::make_unique<EachTarget>(loop_, command_, plan_, url, embedded_.has_value(), report_, owner);
    session().begun(0, totals_.url);
    session().opened(now());
    pinger_.begin(now());
    print(ping::heading(plan_, totals_.url, ""));
    if (!plan_.only_summary) print(ping::columns(style_));
  }

  // What was heard of is written before the next one is sent, so that its time is not that of our writing.
  void prepare_turn() override {
    if (target_ != nullptr) target_->tidy();
    tell_losses();
    flush_output();
    send_pings();
    if (pinger_.over() && !session().leaving()) leave();
    flush_output();
    if (session().leaving()) return;
    if (const auto due = pinger_.deadline(target_->can_send())) turn_by(*due);
  }

  void send_pings() {
    while (!session().leaving() && target_->can_send() && reporter_.has_room()) {
      const auto ping = pinger_.next(now(), std::chrono::system_clock::now());
      if (!ping) return session().input_failed(1, ping.error(), now());
      if (!*ping) return;
      target_->send(**ping, pinger_.longest_payload());
    }
  }

  // --- what becomes of them

  void handle_target_open(const std::string& url, const std::string& address, const view::Timing& way) override {
    session().opened(now());
    totals_.url = url;
    pinger_.begin(now());
    print(ping::heading(plan_, url, address) + ping::way_line(way));
  }

  void handle_answer(base::Bytes payload, std::optional<base::TimePoint> sent_at, const view::Timing* way) override {
    const base::TimePoint at = now();
    tell_losses();
    const ping::Pings::Answer answer = pinger_.receive(payload, at, sent_at);
    if (answer.kind == Kind::in_time && way != nullptr) totals_.ways.add(*way);
    if (answer.kind == Kind::unknown) return is_text() ? handle_server_message() : handle_stray();
    if (summary_told_) return;
    if (reporter_.json()) {
      const view::Stamp stamp = stamp_of(plan_.opens ? answer.sequence : 1);
      view::append_answer(
          stamp,
          {answer.sequence, payload, answer.round_trip, answer.kind == Kind::duplicate, answer.kind == Kind::late, way},
          line_);
      append_line();
    } else if (!plan_.only_summary) {
      const bool is_row = way != nullptr && answer.kind == Kind::in_time;
      print(is_row ? ping::row(answer, *way) : ping::answer_line(answer, style_));
    }
    make_room();
  }

  void handle_failed(std::uint64_t sequence, const base::Error& why) override {
    last_failure_ = why;
    if (pinger_.lose(sequence, now())) tell_lost(sequence, why.message);
  }

  [[nodiscard]] bool is_text() const noexcept { return plan_.as == ping::PingPlan::As::text; }

  void handle_stray() override { pinger_.receive_stray(); }
  void handle_server_ping() override { ++totals_.pings_in; }
  void handle_server_message() override { ++totals_.messages_in; }

  void handle_target_gone(std::optional<base::Error> error, const std::string& closed) override {
    look_at_signals();  // one that has come is what counts, and may be why
    if (!session().leaving()) {
      while (const auto lost = pinger_.next_abandoned(now())) tell_lost(*lost, "the connection is over");
    }
    closed_ = closed;
    session().gone(plan_.opens ? 0 : 1, std::move(error), closed, now());
  }

  void tell_losses() {
    if (session().leaving()) return;
    while (const auto lost = pinger_.next_lost(now())) {
      const std::string why = ping::no_answer_in(plan_.patience);
      if (plan_.opens) last_failure_ = base::Error{base::ErrorKind::expectation, why};
      target_->give_up(*lost);
      tell_lost(*lost, why);
    }
  }

  void tell_lost(std::uint64_t sequence, const std::string& why) {
    if (reporter_.json()) {
      view::append_lost(stamp_of(plan_.opens ? sequence : 1), sequence, why, line_);
      append_line();
    } else if (!plan_.only_summary) {
      print(plan_.opens ? ping::failed_row(sequence, why, style_) : ping::lost_line(sequence, why, style_));
    }
  }

  // --- the end

  void leave() {
    pinger_.stop();
    tell_summary();
    session().quit(now());
  }

  void handle_signal(int number) override {
    if (number == SIGQUIT) return loop_.errors.print(ping::so_far(pinger_));
    const bool has_begun = pinger_.pings().sent() > 0;
    if (has_begun) tell_summary();
    if (number == SIGINT && has_begun && !session().leaving()) return leave();
    session().signalled(number, now());
  }

  void tell_summary() {
    if (pinger_.pings().sent() == 0 || std::exchange(summary_told_, true)) return;
    if (reporter_.json()) {
      view::append_summary(stamp_of(plan_.opens ? 0 : 1), ping::summary_view(pinger_, totals_), line_);
      append_line();
    } else {
      print(ping::summary(plan_, pinger_, totals_, style_));
    }
    flush_output();
  }

  void obey(const Session::Order& order) override {
    if (target_ == nullptr) return;
    target_->close(order.code);
    target_->tidy();
  }

  void tell_error(const base::Error& error, int exit_status) override {
    tell_summary();
    reporter_.error(session().culprit(), error, exit_status);
    flush_output();
  }

  bool print_rest() override {
    tell_summary();
    return reporter_.output().queue().empty();
  }

  // What is wrong with how it went, if the connection is not to blame.
  [[nodiscard]] std::optional<base::Error> judge() const {
    const ping::Pings& pings = pinger_.pings();
    const std::string of_all = " of " + std::to_string(pings.sent()) + " pings ";
    if (plan_.opens && pings.answered() == 0 && last_failure_) return last_failure_;
    if (pings.lost() > 0) {
      return base::Error{base::ErrorKind::expectation, totals_.url + ": " + std::to_string(pings.lost()) + of_all +
                                                           (pings.lost() == 1 ? "is lost" : "are lost")};
    }
    const std::uint64_t answered = pings.answered() + pings.skipped();
    if (!plan_.count || answered >= *plan_.count) return std::nullopt;
    std::string why =
        totals_.url + ": " + std::to_string(answered) + " of " + std::to_string(*plan_.count) + " pings were answered";
    if (!closed_.empty()) why += ": the peer closed (" + closed_ + ")";
    return base::Error{base::ErrorKind::expectation, std::move(why)};
  }

  // --- stdout

  [[nodiscard]] view::Stamp stamp_of(link::ConnectionNumber connection) {
    line_.clear();
    return {std::chrono::system_clock::now(), connection};
  }

  void append_line() { static_cast<void>(reporter_.output().queue().append(base::as_bytes(std::exchange(line_, {})))); }

  // For a person.
  void print(const std::string& lines) {
    if (reporter_.json()) return;
    static_cast<void>(reporter_.output().queue().append(base::as_bytes(lines)));
  }

  void make_room() {
    if (!reporter_.has_room()) flush_output();
  }

  void flush_output() {
    streams::OutputQueue& output = reporter_.output();
    output.flush();
    if (output.error() != 0) session().output_failed(output.error(), now());
    if (target_ != nullptr) target_->pause(!reporter_.has_room() && !session().leaving());
  }

  link::Loop& loop_;
  const PingCommand& command_;
  const ping::PingPlan& plan_;
  report::Reporter reporter_;
  PingReport report_;
  view::Style style_;
  ping::Pinger pinger_;
  ping::Totals totals_;
  std::optional<link::EmbeddedEcho> embedded_;
  std::unique_ptr<PingTarget> target_;
  std::optional<base::Error> last_failure_;
  std::string closed_;
  std::string line_;  // of JSON, being made
  bool summary_told_ = false;
};

}  // namespace

streams::Outcome ping(link::Loop& loop, net::Signals& signals, const PingCommand& command) {
  if (command.ping.opens) static_cast<void>(raise_descriptor_limit());
  return PingFront(loop, signals, command).run_and_judge();
}

}  // namespace wscope::session
