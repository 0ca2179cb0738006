#include "check/run.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "check/baseline.h"
#include "check/case_connection.h"
#include "check/client_run.h"
#include "check/evidence.h"
#include "check/progress.h"
#include "check/report_output.h"
#include "check/seeded_random.h"
#include "check/suite.h"
#include "check/survey.h"
#include "link/embedded_echo.h"
#include "net/signals.h"
#include "view/json.h"

namespace wscope::check {
namespace {

constexpr int not_met = 11;

streams::Outcome failure(base::Error error) {
  streams::Outcome outcome;
  outcome.fail(std::move(error));
  return outcome;
}

Provenance provenance_of(const CheckPlan& plan, const Facts& facts) {
  return {.url = facts.url, .way = plan.way, .manner = plan.manner, .seed = facts.seed};
}

class Run final : private net::Pollable, private CaseOwner {
 public:
  Run(link::Loop& loop, const CheckPlan& plan, const http::Url& url, net::Signals& signals, ReportOutputs& outputs,
      Evidence* evidence, std::vector<Case> cases)
      : loop_(loop),
        plan_(plan),
        url_(url),
        signals_(signals),
        outputs_(outputs),
        evidence_(evidence),
        cases_(std::move(cases)),
        settings_(settings_of(plan, url)),
        survey_(plan, url_, settings_, facts_),
        begun_(loop.poller.now()),
        timer_(loop.poller.add(signals.fd(), {.readable = true}, *this)),
        progress_(loop.errors, plan.verbosity < 2) {
    settings_.keeps_steps = evidence_ != nullptr;
    settings_.seed = facts_.seed = choose_seed(plan.seed, loop.random);
    facts_.seed_given = plan.seed.has_value();
    for (std::size_t i = 0; i < plan.jobs; ++i) {
      CaseOwner& owner = *this;
      slots_.push_back({std::make_unique<CaseConnection>(loop, plan_, url_, plan.endpoint.embedded, owner), {}});
      if (plan.verbosity > 1) slots_.back().connection->write_down();
      if (evidence_ != nullptr) slots_.back().connection->keep_evidence(*evidence_);
    }
  }
  ~Run() { loop_.poller.remove(timer_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  streams::Outcome run() {
    while (!done()) {
      advance();
      if (done()) break;
      if (auto turned = loop_.poller.run_once(); !turned) return failure(std::move(turned).error());
    }
    finish_reports();
    return outcome();
  }

 private:
  struct Slot {
    std::unique_ptr<CaseConnection> connection;
    std::optional<Suite::Task> task;
  };

  void handle_ready(net::Poller::Id, net::Readiness) override {
    while (const auto number = signals_.take()) signal_ = *number;
  }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  [[nodiscard]] bool done() const noexcept {
    return error_ || signal_ || timed_out_ || outputs_.reader_gone() || (suite_ && suite_->over());
  }

  void advance() {
    const base::TimePoint now = loop_.poller.now();
    if (plan_.timeout != base::Duration::zero() && now >= begun_ + plan_.timeout) {
      timed_out_ = true;
      return;
    }
    if (!suite_) return advance_survey();
    std::optional<base::TimePoint> wakes_at;
    for (Slot& slot : slots_) {
      if (slot.task) continue;
      slot.task = suite_->next(now);
      if (!slot.task) break;
      slot.connection->start(*slot.task->one, settings_);
    }
    report_results();
    progress_.show(*suite_, now);
    wakes_at = base::earlier(suite_->deadline(), progress_.deadline(now));
    if (plan_.timeout != base::Duration::zero()) wakes_at = base::earlier(wakes_at, begun_ + plan_.timeout);
    loop_.poller.set_deadline(timer_, wakes_at);
  }

  void advance_survey() {
    if (plan_.timeout != base::Duration::zero()) loop_.poller.set_deadline(timer_, begun_ + plan_.timeout);
    CaseConnection& connection = *slots_.front().connection;
    if (connection.current() != nullptr) return;
    const Case* const question = survey_.next();
    if (question != nullptr) return connection.start(*question, survey_.settings_for());
    suite_.emplace(std::move(cases_), settings_, plan_.retries);
    facts_.url = plan_.endpoint.embedded ? "echo:" : url_.text();
    facts_.agent = plan_.agent;
    facts_.cases = suite_->cases().size();
    facts_.connections = suite_->connections();
    facts_.jobs = plan_.jobs;
    if (evidence_ != nullptr) evidence_->set_provenance(provenance_of(plan_, facts_));
    facts_.discovers = plan_.discovers;
    outputs_.begin(facts_);
    outputs_.flush();
    advance();
  }

  [[nodiscard]] Slot& slot_of(const CaseConnection& connection) {
    return *std::find_if(slots_.begin(), slots_.end(),
                         [&connection](const Slot& slot) { return slot.connection.get() == &connection; });
  }

  void handle_case_over(CaseConnection& connection, const Result& result, const Heard& heard) override {
    if (!suite_) {
      facts_.tls = connection.tls_words();
      if (auto known = survey_.finished(result, heard); !known) error_ = std::move(known).error();
      return;
    }
    Slot& slot = slot_of(connection);
    const Suite::Task task = *std::exchange(slot.task, std::nullopt);
    const std::string transcript = connection.take_transcript();
    if (!transcript.empty() && !task.asks_for_life) loop_.errors.print("* " + task.one->id + "\n" + transcript);
    suite_->finished(task, result, heard, loop_.poller.now());
  }

  void handle_no_connection(CaseConnection& connection, const base::Error& error) override {
    if (!suite_) {
      error_ = error;
      if (error.kind != base::ErrorKind::dns) error_->message.insert(0, url_.text() + ": ");
      return;
    }
    Slot& slot = slot_of(connection);
    const Suite::Task task = *std::exchange(slot.task, std::nullopt);
    suite_->no_connection(task, error, loop_.poller.now());
  }

  // In the order of the cases.
  void report_results() {
    const auto& results = suite_->results();
    if (reported_ < results.size() && results[reported_]) progress_.clear();
    for (; reported_ < results.size() && results[reported_]; ++reported_) {
      Result result = *results[reported_];
      const bool judges = result.verdict != Verdict::skip && result.verdict != Verdict::error;
      if (plan_.discovers && judges) result.verdict = Verdict::info;
      if (plan_.baseline) {
        result.expected = plan_.baseline->expects(result);
        result.better = plan_.baseline->is_better(result);
      }
      new_baseline_ += baseline_line(result);
      totals_.add(result);
      outputs_.add(result);
      if (evidence_ != nullptr) evidence_->add(result);
    }
    outputs_.flush();
  }

  void finish_reports() {
    if (!suite_) return;
    for (Slot& slot : slots_) slot.connection->stop();
    if (timed_out_) suite_->give_up("the time is over (--timeout)");
    report_results();
    progress_.clear();
    totals_.elapsed = loop_.poller.now() - begun_;
    outputs_.end(totals_, reported_ < suite_->results().size());
    while (outputs_.waiting()) {
      outputs_.flush();
      if (!outputs_.waiting()) break;
      if (auto turned = loop_.poller.run_once(); !turned) break;
    }
  }

  [[nodiscard]] bool is_bad() const noexcept {
    if (totals_.failed + totals_.errors > totals_.expected_failed) return true;
    if (plan_.strict_baseline && totals_.better > 0) return true;
    const std::size_t expected_warned = totals_.expected - totals_.expected_failed;
    if (plan_.level != Level::must && totals_.warned > expected_warned) return true;
    return plan_.level == Level::info && totals_.findings > 0;
  }

  streams::Outcome outcome() {
    streams::Outcome outcome;
    if (signal_) outcome.end(streams::exit_status_of_signal(*signal_));
    if (outputs_.reader_gone()) outcome.end(0);
    if (auto error = outputs_.error()) outcome.fail(*std::move(error));
    if (evidence_ != nullptr && evidence_->error()) outcome.fail(*evidence_->error());
    if (!plan_.new_baseline.empty() && suite_ && !signal_) {
      const std::string head = "# wscope check " + facts_.url + "\n";
      if (auto written = write_file(plan_.new_baseline, head + new_baseline_); !written) {
        outcome.fail(std::move(written).error());
      }
    }
    if (error_) outcome.fail(*std::move(error_));
    if (timed_out_) outcome.fail({base::ErrorKind::timeout, url_.text() + ": not over in time (--timeout)"});
    if (is_bad()) outcome.end(not_met);
    return outcome;
  }

  link::Loop& loop_;
  const CheckPlan& plan_;
  http::Url url_;
  net::Signals& signals_;
  ReportOutputs& outputs_;
  Evidence* evidence_;       // null: none is wanted
  std::vector<Case> cases_;  // until the suite has them
  Settings settings_;
  Facts facts_{};
  Survey survey_;
  base::TimePoint begun_;
  net::Poller::Id timer_;
  std::optional<Suite> suite_{};
  std::vector<Slot> slots_{};
  std::size_t reported_ = 0;
  Totals totals_{};
  std::string new_baseline_{};
  std::optional<base::Error> error_{};
  std::optional<int> signal_{};
  bool timed_out_ = false;
  Progress progress_;
};

std::string roles_of(const Case& one) {
  const std::string_view marks = one.row->marks;
  return std::string(marks.substr(0, marks.find(' ')));
}

std::string marks_of(const Case& one) {
  std::string marks;
  if (one.wants_echo()) marks += " echo";
  if (one.aggressive()) marks += " aggressive";
  if (one.slow()) marks += " slow";
  return marks;
}

streams::Outcome print_list(link::Loop& loop, const CheckPlan& plan) {
  Selection all = plan.selection;
  all.aggressive = all.slow = true;
  auto cases = select_cases(all, plan.listens ? Role::client : Role::server, std::nullopt);
  if (!cases) return failure(std::move(cases).error());
  ReportOutputs outputs(loop.poller, 0);
  outputs.print(list_of_cases(*cases, plan.json));
  outputs.flush();
  while (outputs.waiting()) {
    if (auto turned = loop.poller.run_once(); !turned) break;
    outputs.flush();
  }
  if (auto error = outputs.error()) return failure(*std::move(error));
  return {};
}

}  // namespace

std::string list_of_cases(const std::vector<Case>& cases, bool json) {
  std::string text;
  for (const Case& one : cases) {
    const std::string_view level = one.level() == Level::must     ? "must"
                                   : one.level() == Level::should ? "should"
                                                                  : "info";
    if (json) {
      view::JsonObject object(text);
      object.text("id", one.id).word("roles", roles_of(one)).word("level", level).text("rfc", one.row->section);
      object.boolean("echo", one.wants_echo()).boolean("aggressive", one.aggressive()).boolean("slow", one.slow());
      object.text("sent", one.row->sent).text("expected", one.row->passes).end();
    } else {
      text +=
          fmt::format("{:<26} {:<2} {:<6} {:<20} {}{}\n", one.id, roles_of(one), name_of(one.level()), one.row->section,
                      one.row->sent, marks_of(one).empty() ? "" : "  (" + marks_of(one).substr(1) + ")");
    }
  }
  return text;
}

streams::Outcome run_check(link::Loop& loop, const CheckPlan& plan) {
  if (plan.lists) return print_list(loop, plan);
  if (plan.listens) return check_clients(loop, plan);
  auto cases = select_cases(plan.selection, Role::server, plan.endpoint.url.secure);
  if (!cases) return failure(std::move(cases).error());
  auto signals = net::Signals::install({SIGINT, SIGTERM});
  if (!signals) return failure(std::move(signals).error());
  std::optional<link::EmbeddedEcho> echo;
  const auto url = link::url_to_connect(plan, loop, echo);
  if (!url) return failure(url.error());
  ReportOutputs outputs(loop.poller, plan.verbosity);
  for (const ReportTarget& target : plan.reports) {
    if (auto opened = outputs.open(target); !opened) return failure(std::move(opened).error());
  }
  std::optional<Evidence> evidence;
  if (!plan.evidence.empty()) {
    evidence.emplace(plan.evidence, Role::server);
    if (auto opened = evidence->open(); !opened) return failure(std::move(opened).error());
  }
  return Run(loop, plan, *url, *signals, outputs, evidence ? &*evidence : nullptr, *std::move(cases)).run();
}

}  // namespace wscope::check
