#include "script/expectations.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "view/counted.h"
#include "view/escape.h"

namespace wscope::script {
namespace {

double seconds_of(base::Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string in_seconds(base::Duration duration) {
  const double seconds = seconds_of(duration);
  return seconds < 1 ? fmt::format("{:.2f} s", seconds) : fmt::format("{:.1f} s", seconds);
}

Target Pending::target() const {
  const Wanted& wanted = expect().wanted;
  return {wanted.kind, argument, match ? &*match : wanted.match ? &*wanted.match : nullptr};
}

const talk::Match* Pending::skipped() const noexcept {
  if (skip) return &*skip;
  return expect().skip ? &*expect().skip : nullptr;
}

base::Result<Pending> pending(const Statement& statement, link::ConnectionNumber connection, const talk::Names& names) {
  Pending made;
  made.statement = &statement;
  made.connection = connection;
  const Expect& expect = made.expect();
  const auto fill = [&names](const std::optional<talk::Match>& match,
                             std::optional<talk::Match>& into) -> base::Result<void> {
    if (!match || match->names().empty()) return {};
    auto filled = match->fill(names);
    if (!filled) return std::move(filled).error();
    into = std::move(filled).value();
    return {};
  };
  if (auto filled = fill(expect.wanted.match, made.match); !filled) return std::move(filled).error();
  if (auto filled = fill(expect.skip, made.skip); !filled) return std::move(filled).error();
  if (!expect.wanted.argument) return made;
  const auto text = expect.wanted.argument->fill(names);
  if (!text) return text.error();
  auto argument = read_argument(expect.wanted.kind, *text);
  if (!argument) return std::move(argument).error();
  made.argument = std::move(argument).value();
  return made;
}

Expectation::Expectation(std::vector<Pending> pending, base::TimePoint begun) : begun_(begun) {
  for (Pending& one : pending) waiting_.push_back({std::move(one)});
}

base::TimePoint Expectation::until() const noexcept {
  base::TimePoint earliest = base::TimePoint::max();
  for (const Waiting& one : waiting_) {
    if (!one.taken) earliest = std::min(earliest, one.pending.until);
  }
  return earliest;
}

bool Expectation::all_taken() const noexcept {
  return std::all_of(waiting_.begin(), waiting_.end(), [](const Waiting& one) { return one.taken.has_value(); });
}

Look Expectation::look(Parties& parties, base::TimePoint now, bool strict) {
  std::vector<link::ConnectionNumber> connections;
  for (const Waiting& one : waiting_) {
    const auto known = std::find(connections.begin(), connections.end(), one.pending.connection);
    if (known == connections.end()) connections.push_back(one.pending.connection);
  }
  for (const link::ConnectionNumber number : connections) {
    Look look = look_at(parties[number], number, strict);
    if (look.outcome != Look::Outcome::waits) return look;
  }
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const Waiting& one = waiting_[i];
    if (one.taken || one.pending.until > now) continue;
    if (one.pending.expect().wanted.kind == Kind::none) return meet(i);
    return fail(i, "no match in " + in_seconds(now - begun_) + "; " + what_came());
  }
  if (!all_taken()) return {};
  const auto first = std::min_element(waiting_.begin(), waiting_.end(), [](const Waiting& a, const Waiting& b) {
    return a.taken->order < b.taken->order;
  });
  return meet(static_cast<std::size_t>(first - waiting_.begin()));
}

// Nothing is taken from it once everything about it is met: what comes then is for others.
Look Expectation::look_at(Party& party, link::ConnectionNumber number, bool strict) {
  const auto waits = [number](const Waiting& one) { return one.pending.connection == number && !one.taken; };
  while (!party.inbox.empty() && std::any_of(waiting_.begin(), waiting_.end(), waits)) {
    Look look = judge(party.inbox.take(), party, number, strict);
    if (look.outcome != Look::Outcome::waits) return look;
  }
  const auto waiting = std::find_if(waiting_.begin(), waiting_.end(), waits);
  if (!party.over || waiting == waiting_.end()) return {};
  const auto index = static_cast<std::size_t>(waiting - waiting_.begin());
  if (waiting->pending.expect().wanted.kind == Kind::none) return meet(index);
  return fail(index, "no match, and nothing more can come; " + what_came());
}

Look Expectation::judge(Event event, const Party& party, link::ConnectionNumber number, bool strict) {
  Taken taken{std::move(event), order_ + 1};
  std::vector<bool> tried(waiting_.size());
  if (place(taken, number, tried)) {
    ++order_;
    return {};
  }
  event = std::move(taken.event);
  const auto waiting = std::find_if(waiting_.begin(), waiting_.end(), [number](const Waiting& one) {
    return one.pending.connection == number && !one.taken;
  });
  const auto index = static_cast<std::size_t>(waiting - waiting_.begin());
  const Expect& expect = waiting->pending.expect();
  const bool is_none = expect.wanted.kind == Kind::none;
  const bool is_looked_at = event.is_seen() || (expect.next && event.kind == expect.wanted.kind);
  if ((expect.next || is_none) && !is_looked_at) return {};
  const talk::Match* const skip = waiting->pending.skipped();
  if (skip != nullptr && event.is_message() && skip->matches(event.message())) return {};
  keep(event, party, index);
  if (expect.next) return fail(index, "the next event is another one", event.line());
  if (is_none) return fail(index, "something has come", event.line());
  if (strict && event.is_message()) return fail(index, "a message was passed over (option strict)", event.line());
  return {};
}

// Who has an event already may take another one for it, so that this one finds its place (Kuhn's way of matching).
// NOLINTNEXTLINE(misc-no-recursion): each is tried once
bool Expectation::place(Taken& taken, link::ConnectionNumber number, std::vector<bool>& tried) {
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Waiting& one = waiting_[i];
    if (tried[i] || one.pending.connection != number || !one.pending.target().accepts(taken.event)) continue;
    tried[i] = true;
    if (one.taken && !place(*one.taken, number, tried)) continue;
    one.taken = std::move(taken);
    return true;
  }
  return false;
}

Look Expectation::meet(std::size_t index) {
  Look look;
  look.outcome = Look::Outcome::met;
  Waiting& one = waiting_[index];
  look.by = std::move(one.pending);
  if (one.taken) look.event = std::move(one.taken->event);
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  return look;
}

Look Expectation::fail(std::size_t index, std::string why, std::string got) {
  Look look;
  look.outcome = Look::Outcome::failed;
  look.by = std::move(waiting_[index].pending);
  look.why = std::move(why);
  look.got = std::move(got);
  if (look.got.empty() && !seen_.empty()) look.got = seen_.back().line;
  return look;
}

std::string Expectation::what_came() const {
  if (count_ == 0) return "nothing came";
  if (messages_ > 0) return view::counted(messages_, "message") + " came";
  return "no message came";
}

// With what an expression has looked at in it, unless that may be a part of a secret.
void Expectation::keep(const Event& event, const Party& party, std::size_t index) {
  ++count_;
  if (event.is_message()) ++messages_;
  std::string line = (party.name.empty() ? "" : party.name + ": ") + event.line();
  const Target target = waiting_[index].pending.target();
  if (target.match != nullptr && event.is_message() && !event.masked) {
    const std::string explained = target.match->explain(event.message());
    if (!explained.empty()) line += "     " + view::escape(explained.substr(0, 100));
  }
  if (seen_.size() == most_kept) seen_.pop_front();
  seen_.push_back({count_, event.time, std::move(line)});
}

std::vector<std::string> Expectation::last_events(base::TimePoint origin) const {
  std::vector<std::string> lines;
  for (const Seen& one : seen_) {
    lines.push_back(fmt::format("{}  +{:.3f} s  {}", one.number, seconds_of(one.time - origin), one.line));
  }
  return lines;
}

}  // namespace wscope::script
