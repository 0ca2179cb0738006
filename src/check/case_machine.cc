#include "check/case_machine.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "wire/agreement.h"

namespace wscope::check {
namespace {

// For the closing handshake behind a verdict.
constexpr base::Duration for_goodbye = std::chrono::milliseconds(200);
// Behind more than that it would not be heard in that time.
constexpr std::size_t most_before_goodbye = 4096;
// Nobody waits so long for anything but what says so.
constexpr base::Duration longest_case = std::chrono::seconds(30);
constexpr std::uint16_t no_code = 1005;

bool is_asking(Verb verb) noexcept { return verb == Verb::ask || verb == Verb::cut; }

}  // namespace

bool CaseMachine::is_for_failing(Verb verb) noexcept {
  return verb == Verb::failed || verb == Verb::closed || verb == Verb::tell || verb == Verb::tell_close;
}

CaseMachine::CaseMachine(const Case& one, const Settings& settings, base::RandomSource& random, base::TimePoint now)
    : case_(one), settings_(settings), random_(random), begun_(now), draft_(settings, random), heard_(settings.role) {
  waiting_.since = waiting_.began = now;
  if (settings.keeps_steps) outbox_.keep();
  compile();
  go_on(now);
}

void CaseMachine::compile() {
  auto steps = parse_program(case_.program);
  if (!steps) {
    outcome_ = Outcome{Outcome::Kind::error, steps.error().message};
    broken_off_ = true;
    return;
  }
  steps_ = std::move(steps).value();
  provokes_ = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return is_for_failing(step.verb); });
  const bool asks = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return is_asking(step.verb); });
  if (settings_.role == Role::client) return add_answering();
  if (!asks) add_opening();
}

// What a case about frames begins with.
void CaseMachine::add_opening() {
  std::vector<Step> opening;
  const bool deflates = case_.wants_deflate();
  if (deflates) {
    opening.push_back({.verb = Verb::offer, .text = "permessage-deflate; client_max_window_bits"});
  }
  // Byte by byte, from the first byte on, is what such a program begins with.
  opening.push_back({.verb = Verb::ask});
  opening.push_back({.verb = Verb::open, .count = 1});
  if (deflates) opening.push_back({.verb = Verb::reply, .text = "agreed"});
  steps_.insert(steps_.begin(), std::make_move_iterator(opening.begin()), std::make_move_iterator(opening.end()));
}

void CaseMachine::receive(base::Bytes bytes, base::TimePoint now) {
  heard_.receive(bytes, now);
  answer_pings();
  go_on(now);
}

void CaseMachine::receive_end(bool reset, base::TimePoint now, bool unannounced) {
  heard_.receive_end(reset, now, unannounced);
  go_on(now);
}

void CaseMachine::consume_output(std::size_t size, base::TimePoint now) {
  outbox_.consume(size, now);
  waiting_.since = std::max(waiting_.since, now);
  go_on(now);
}

void CaseMachine::fail_output(base::TimePoint now) {
  broken_off_ = true;
  outbox_.clear();
  go_on(now);
}

CaseMachine::Order CaseMachine::take_order() {
  if (!outbox_.empty()) return Order::none;
  if (order_ == Order::reset) broken_off_ = true;
  return std::exchange(order_, Order::none);
}

// A peer that asks whether we are there is told so, unless we have gone on to what no peer does.
void CaseMachine::answer_pings() {
  const std::vector<HeardPing>& pings = heard_.pings();
  for (; answered_pings_ < pings.size(); ++answered_pings_) {
    if (sent_.closed || provokes_ || broken_off_ || message_) continue;
    append({.opcode = 10}, base::as_bytes(pings[answered_pings_].payload), true);
  }
}

Scene CaseMachine::scene(base::TimePoint now) { return {heard_, sent_, settings_, waiting_, now}; }

void CaseMachine::go_on(base::TimePoint now) {
  while (!outcome_) {
    sent_.all_written = outbox_.empty();
    if (at_ == steps_.size()) return decide({}, now);
    const Step& step = steps_[at_];
    if (!is_expectation(step.verb)) {
      const std::size_t before = outbox_.kept().size();
      perform(step, now);
      if (settings_.keeps_steps) note_sent(before);
      if (outcome_) return;
      ++at_;
      waiting_ = Waiting{.since = now, .began = now};
      continue;
    }
    auto outcome = judge(step, scene(now));
    if (std::exchange(waiting_.wants_ping, false)) {
      send_ping(now);
      continue;
    }
    if (std::exchange(waiting_.wants_more, false)) {
      send_more();
      continue;
    }
    const bool may_last = is_measure(step.verb) || step.verb == Verb::tell_end || step.verb == Verb::tell_pings ||
                          step.verb == Verb::ended || step.verb == Verb::backoff;
    if (!outcome && !may_last && now >= begun_ + longest_case) {
      outcome = Outcome{Outcome::Kind::broken, "it took longer than 30 s"};
    }
    if (!outcome) return;
    if (outcome->kind == Outcome::Kind::noted) note_ = outcome->seen;
    if (outcome->kind != Outcome::Kind::noted && outcome->kind != Outcome::Kind::go_on) {
      return decide(*std::move(outcome), now);
    }
    ++at_;
    waiting_ = Waiting{.since = now, .began = now};
  }
}

void CaseMachine::note_sent(std::size_t before) {
  sent_of_steps_.resize(at_ + 1);
  sent_of_steps_.back() = outbox_.kept().substr(std::max(before, greeted_up_to_));
}

void CaseMachine::decide(Outcome outcome, base::TimePoint now) {
  if (outcome.kind == Outcome::Kind::go_on && !note_.empty()) outcome = {Outcome::Kind::wrong_form, note_};
  outcome_ = std::move(outcome);
  decided_at_ = now;
  say_goodbye(now);
}

// No connection is left open, and none is dropped without need.
void CaseMachine::say_goodbye(base::TimePoint) {
  paused_ = false;
  const bool is_late = outbox_.waiting() > most_before_goodbye;
  if (!is_open() || broken_off_ || order_ != Order::none || sent_.closed || !answers_close_ || is_late) return;
  Step close{.verb = Verb::close};
  close.header.opcode = 8;
  close.length_given = !heard_.close() || (heard_.close()->code && *heard_.close()->code != no_code);
  close.count = heard_.close() && heard_.close()->code ? *heard_.close()->code : 1000;
  send_close(close);
}

bool CaseMachine::over(base::TimePoint now) const noexcept {
  if (!outcome_) return false;
  const bool may_wait = is_open() && sent_.closed && decided_at_ && !may_go(now);
  if (broken_off_ || !may_wait) return order_ == Order::none || broken_off_;
  return now >= *decided_at_ + for_goodbye;
}

std::optional<base::TimePoint> CaseMachine::deadline(base::TimePoint now) const {
  if (outcome_) return decided_at_ ? std::optional(*decided_at_ + for_goodbye) : std::nullopt;
  std::optional<base::TimePoint> at = outbox_.deadline(now);
  if (at_ < steps_.size() && is_expectation(steps_[at_].verb)) {
    Waiting waiting = waiting_;
    at = base::earlier(at, deadline_of(steps_[at_], Scene{heard_, sent_, settings_, waiting, now}));
    const auto& answer = heard_.answer();
    constexpr base::Duration for_body = std::chrono::milliseconds(500);
    if (answer && !answer->is_101() && answer->at + for_body > now) at = base::earlier(at, answer->at + for_body);
  }
  const base::TimePoint longest = begun_ + longest_case;
  return now < longest ? base::earlier(at, longest) : at;  // what may last goes on
}

Result CaseMachine::result(base::TimePoint now) const {
  Result result;
  result.about = &case_;
  result.elapsed = decided_at_.value_or(now) - begun_;
  result.sent = outbox_.beginning();
  if (heard_.answer() && heard_.answer()->flaw.empty()) result.status = heard_.answer()->head.status;
  if (heard_.close()) result.close_code = heard_.close()->code.value_or(no_code);
  const Outcome outcome = outcome_.value_or(Outcome{Outcome::Kind::error, "not carried out"});
  result.seen = outcome.seen;
  const Level level = case_.level();
  switch (outcome.kind) {
    case Outcome::Kind::go_on:
    case Outcome::Kind::noted:
    case Outcome::Kind::met:
      result.verdict = Verdict::pass;
      break;
    case Outcome::Kind::wrong_form:
      result.verdict = level == Level::info ? Verdict::info : Verdict::warn;
      break;
    case Outcome::Kind::broken:
      result.verdict = level == Level::must ? Verdict::fail : level == Level::should ? Verdict::warn : Verdict::info;
      break;
    case Outcome::Kind::warned:
      result.verdict = Verdict::warn;
      break;
    case Outcome::Kind::told:
      result.verdict = Verdict::info;
      break;
    case Outcome::Kind::skipped:
      result.verdict = Verdict::skip;
      break;
    case Outcome::Kind::error:
      result.verdict = Verdict::error;
      break;
  }
  result.finding = case_.group != nullptr && case_.group->name == "sec" && result.verdict == Verdict::info;
  return result;
}

std::string_view name_of(Verdict verdict) noexcept {
  constexpr std::string_view names[] = {"pass", "fail", "warn", "info", "skip", "error"};
  return names[static_cast<std::size_t>(verdict)];
}

}  // namespace wscope::check
