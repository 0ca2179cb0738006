#include "check/suite.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace wscope::check {
namespace {

constexpr base::Duration between_questions = std::chrono::milliseconds(200);
constexpr std::size_t most_questions = 6;
constexpr std::size_t most_refused = 2;
constexpr Row liveness{"liveness", "SC M", "-", "the plain handshake", "101", "ask | open"};
constexpr std::string_view of_habits = "net";
constexpr std::string_view refusal = "it refuses such messages";

// Steps behind which an endpoint has failed or closed a connection, or it was torn.
constexpr std::string_view ending_steps[] = {"failed", "closed", "closes", "tell",   "rst",
                                             "fin",    "cut",    "lives",  "filler", "body"};

bool may_end_it(const Case& one) {
  return std::any_of(std::begin(ending_steps), std::end(ending_steps),
                     [&one](std::string_view step) { return one.program.find(step) != std::string::npos; });
}

// What an application may refuse: a kind of message.
std::string kind_of(const Case& one) {
  const bool needs_it =
      one.program.find("handled") != std::string::npos || one.program.find("echoed") != std::string::npos;
  if (!needs_it) return {};
  return one.program.find("binary") != std::string::npos ? "binary" : "text";
}

// Of which only one may go on at a time.
bool is_measured(const Case& one) {
  return Measurement::is_for(one) || (one.group != nullptr && one.group->name == of_habits);
}

bool has_ids(const std::vector<std::string>& patterns, const std::string& id) {
  return std::any_of(patterns.begin(), patterns.end(), [&id](const std::string& pattern) { return fits(id, pattern); });
}

bool is_selected(const Case& one, const Selection& selection, Role role, std::optional<bool> secure) {
  if (!one.is_for(role)) return false;
  if (secure && ((one.wants_tls() && !*secure) || (one.wants_plain() && *secure))) return false;
  if ((one.aggressive() && !selection.aggressive) || (one.slow() && !selection.slow)) return false;
  if (!selection.only.empty() && !has_ids(selection.only, one.id)) return false;
  if (has_ids(selection.skip, one.id)) return false;
  return selection.sections.empty() || std::any_of(selection.sections.begin(), selection.sections.end(),
                                                   [&one](const std::string& wanted) { return is_about(one, wanted); });
}

// A pattern that fits nothing is most often misspelt.
base::Result<void> look_for(const std::vector<std::string>& patterns, const char* option,
                            const std::vector<Case>& all) {
  for (const std::string& pattern : patterns) {
    const bool found = std::any_of(all.begin(), all.end(), [&](const Case& one) { return fits(one.id, pattern); });
    if (!found) {
      return base::usage_error(std::string(option) + ": no case is called " + pattern, "wscope check --list has all");
    }
  }
  return {};
}

}  // namespace

base::Result<std::vector<Case>> select_cases(const Selection& selection, Role role, std::optional<bool> secure) {
  const std::vector<Case> all = all_cases();
  if (auto looked = look_for(selection.only, "--only", all); !looked) return looked.error();
  if (auto looked = look_for(selection.skip, "--skip", all); !looked) return looked.error();
  for (const std::string& section : selection.sections) {
    if (std::none_of(all.begin(), all.end(), [&](const Case& one) { return is_about(one, section); })) {
      return base::usage_error("--rfc: no case is about " + section, "as in 6455/5.5, or 7692");
    }
  }
  std::vector<Case> cases;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cases),
               [&](const Case& one) { return is_selected(one, selection, role, secure); });
  if (cases.empty()) return base::usage_error("no case is left", "--slow and --aggressive add some");
  return cases;
}

Suite::Suite(std::vector<Case> cases, const Settings& settings, std::size_t retries)
    : liveness_{nullptr, &liveness, std::string(liveness.id), std::string(liveness.program)},
      cases_(std::move(cases)),
      settings_(settings),
      retries_(retries),
      results_(cases_.size()),
      attempts_(cases_.size()),
      measurement_(settings) {
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (auto result = skipped(cases_[i])) results_[i] = std::move(result);
  }
  for (std::size_t i = cases_.size(); i-- > 0;) {
    if (!results_[i] && is_measured(cases_[i])) to_measure_.push_back(i);
  }
}

std::optional<Result> Suite::skipped(const Case& one) const {
  Result result;
  result.about = &one;
  result.verdict = Verdict::skip;
  if (one.wants_echo() && !settings_.echo) {
    result.seen = "it does not echo";
    return result;
  }
  if (one.wants_deflate() && !settings_.deflate) {
    result.seen = "permessage-deflate is not agreed on";
    return result;
  }
  if (one.wants_program() && !settings_.starts_program) {
    result.seen = "it wants a program behind --";
    return result;
  }
  if (!settings_.vouches && (one.id == "c.tls-name" || one.id == "c.tls-expired")) {
    result.seen = "the certificate is no authority's, that could vouch for others: --tls makes one";
    return result;
  }
  if (one.id == "h2.setting") {
    result.seen = "wscope has no HTTP/2 yet";
    return result;
  }
  if (settings_.any_origin && one.id.starts_with("sec.origin-") && one.id != "sec.origin-foreign") {
    result.seen = "a foreign Origin is taken, too";
    return result;
  }
  return std::nullopt;
}

std::size_t Suite::connections() const noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (results_[i] || cases_[i].program.empty()) continue;
    if (Measurement::is_for(cases_[i])) {
      count += Measurement::most_connections;
      continue;
    }
    count += std::size_t{1} + (settings_.role == Role::server && may_end_it(cases_[i]) ? 1U : 0U);
  }
  return count;
}

std::size_t Suite::index_of(const Case* one) const noexcept { return static_cast<std::size_t>(one - cases_.data()); }

std::optional<Suite::Task> Suite::next(base::TimePoint now) {
  if (gone_) return std::nullopt;
  const auto due =
      std::find_if(queue_.begin(), queue_.end(), [now](const Retry& one) { return one.task.not_before <= now; });
  if (due != queue_.end()) {
    Task task = due->task;
    queue_.erase(due);
    ++running_;
    task.begun = now;
    return task;
  }
  if (auto task = next_measured(now)) return task;
  for (; next_ < cases_.size(); ++next_) {
    const Case& one = cases_[next_];
    if (results_[next_] || one.program.empty() || is_measured(one)) continue;
    const std::string kind = kind_of(one);
    const auto refused = refused_.find(kind);
    if (!kind.empty() && refused != refused_.end() && refused->second >= most_refused) {
      settle(next_, {.about = &one, .verdict = Verdict::skip, .seen = std::string(refusal) + ": --say, --sample"});
      continue;
    }
    ++running_;
    return Task{.one = &cases_[next_++], .begun = now};
  }
  judge_together();
  return std::nullopt;
}

std::optional<Suite::Task> Suite::next_measured(base::TimePoint now) {
  while (measured_ == nullptr && !to_measure_.empty()) {
    const std::size_t index = to_measure_.back();
    to_measure_.pop_back();
    const Case& one = cases_[index];
    if (!Measurement::is_for(one)) {
      measured_ = &one;
      ++running_;
      return Task{.one = &one, .begun = now};
    }
    measurement_.begin(one);
    if (measurement_.next() == nullptr) {
      settle(index, measurement_.result());
      continue;
    }
    measured_ = &one;
    ++running_;
    return Task{.one = measurement_.next(), .about = &one, .measures = true, .begun = now};
  }
  return std::nullopt;
}

// Of what is measured, one connection is over.
void Suite::finished_part(const Task& task, const Result& result, const Heard& heard) {
  tally_.add(*task.about, heard);
  measurement_.told(result, heard);
  if (measurement_.next() != nullptr) {
    Task more = task;
    more.one = measurement_.next();
    queue_.push_back({more, 0});
    return;
  }
  measured_ = nullptr;
  settle(index_of(task.about), measurement_.result());
}

Suite::Task Suite::begin(std::size_t index, base::TimePoint now) {
  ++running_;
  attempts_[index] = 0;
  return {.one = &cases_[index], .begun = now};
}

void Suite::conclude(const std::string& why) {
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (!results_[i] && !cases_[i].program.empty())
      settle(i, {.about = &cases_[i], .verdict = Verdict::skip, .seen = why});
  }
  next_ = cases_.size();
  to_measure_.clear();
  queue_.clear();
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (cases_[i].program.empty()) settle(i, tally_.judge(cases_[i], settings_));
  }
}

std::optional<base::TimePoint> Suite::deadline() const noexcept {
  std::optional<base::TimePoint> earliest;
  for (const Retry& one : queue_) earliest = base::earlier(earliest, one.task.not_before);
  return earliest;
}

void Suite::ask_for_life(const Case& about, base::TimePoint at, std::size_t attempt) {
  asked_[&about] = attempt;
  queue_.push_back(
      {{.one = &liveness_, .about = &about, .asks_for_life = true, .not_before = at, .begun = at}, attempt});
}

void Suite::finished(const Task& task, Result result, const Heard& heard, base::TimePoint now) {
  --running_;
  if (gone_) return;
  std::erase_if(suspects_, [&task](const Suspect& one) { return one.ended <= task.begun; });
  if (task.asks_for_life) {
    const bool lives = result.verdict == Verdict::pass;
    if (lives) {
      Result held = std::move(held_.at(task.about));
      held_.erase(task.about);
      return settle(index_of(task.about), std::move(held));
    }
    const std::size_t attempt = asked_[task.about];
    if (attempt >= most_questions) return lost(task.about, result.seen);
    return ask_for_life(*task.about, now + between_questions, attempt + 1);
  }
  if (task.measures) return finished_part(task, result, heard);
  const std::size_t index = index_of(task.one);
  const bool first = attempts_[index]++ == 0;
  tally_.add(*task.one, heard);
  const bool abrupt = heard.end() && !heard.close() && (heard.end()->reset || !heard.answer());
  const int status = result.status.value_or(0);
  suspects_.push_back({index, now, abrupt, status / 100 == 5 && status != 501 && status != 505});
  if (result.verdict == Verdict::fail && attempts_[index] <= retries_) {
    queue_.push_back({{.one = task.one, .not_before = now, .begun = now}, 0});
    return;
  }
  if (measured_ == task.one) measured_ = nullptr;
  if (!first && result.verdict == Verdict::pass) {
    result.verdict = Verdict::warn;
    result.flaky = true;
    result.seen = "flaky: it failed at first";
  }
  if (result.verdict == Verdict::skip && result.seen.starts_with(refusal)) ++refused_[kind_of(*task.one)];
  // Whether a client lives is seen by who has started it.
  if (!may_end_it(*task.one) || settings_.role == Role::client) return settle(index, std::move(result));
  held_[task.one] = std::move(result);
  ask_for_life(*task.one, now, 1);
}

void Suite::no_connection(const Task& task, const base::Error& error, base::TimePoint now) {
  --running_;
  if (gone_) return;
  const Case& about = task.about != nullptr ? *task.about : *task.one;
  const std::size_t attempt = asked_[&about] + (task.asks_for_life ? 0 : 1);
  const bool is_client = settings_.role == Role::client;
  if (attempt < (is_client ? retries_ + 1 : most_questions)) {
    asked_[&about] = attempt + 1;
    Task again = task;
    again.not_before = now + between_questions;
    again.begun = now;
    queue_.push_back({again, attempt});
    return;
  }
  const std::string why = "no connection: " + error.message;
  if (!task.asks_for_life) settle(index_of(&about), {.about = &about, .verdict = Verdict::error, .seen = why});
  // A client that does not come for this case may for the next one.
  if (!is_client) lost(task.asks_for_life ? &about : nullptr, why);
}

// It does not answer any more, and of those behind which it never did again it was most likely one that it met with an
// error, or else one that was torn: of several, the one that began first.
void Suite::lost(const Case* about, const std::string& why) {
  std::sort(suspects_.begin(), suspects_.end(), [](const Suspect& a, const Suspect& b) { return a.index < b.index; });
  const auto torn = std::find_if(suspects_.begin(), suspects_.end(), [](const Suspect& one) { return one.abrupt; });
  const auto erred = std::find_if(suspects_.begin(), suspects_.end(), [](const Suspect& one) { return one.erred; });
  if (torn != suspects_.end()) about = &cases_[torn->index];
  if (erred != suspects_.end()) about = &cases_[erred->index];
  if (about == nullptr && !suspects_.empty()) about = &cases_[suspects_.front().index];
  for (auto& [one, result] : held_) settle(index_of(one), std::move(result));
  held_.clear();
  if (about == nullptr) return give_up(why);
  settle(index_of(about), {.about = about, .verdict = Verdict::fail, .seen = "the server is gone after this case"});
  give_up("the server is gone since " + about->id);
}

void Suite::give_up(const std::string& why) {
  queue_.clear();
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (!results_[i]) settle(i, {.about = &cases_[i], .verdict = Verdict::error, .seen = why});
  }
  next_ = cases_.size();
  to_measure_.clear();
  gone_ = true;
}

void Suite::settle(std::size_t index, Result result) {
  result.about = &cases_[index];
  results_[index] = std::move(result);
}

// The cases that are about all others, once these are done.
void Suite::judge_together() {
  if (running_ > 0 || !queue_.empty() || !to_measure_.empty()) return;
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (!results_[i]) settle(i, tally_.judge(cases_[i], settings_));
  }
}

bool Suite::over() const noexcept {
  return gone_ || std::all_of(results_.begin(), results_.end(), [](const auto& result) { return result.has_value(); });
}

}  // namespace wscope::check
