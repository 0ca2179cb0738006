#include "script/run.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include <unistd.h>

#include "net/file.h"
#include "net/signals.h"
#include "script/live_stage.h"
#include "script/parser.h"
#include "script/report_output.h"
#include "script/runner.h"
#include "streams/standard_streams.h"
#include "view/json_events.h"

namespace wscope::script {
namespace {

base::Result<std::string> read_script(const std::string& path) {
  if (path == "-") return net::read_descriptor(STDIN_FILENO, "standard input", longest_script);
  return net::read_file(path, longest_script);
}

streams::Outcome failure(base::Error error) {
  streams::Outcome outcome;
  outcome.fail(std::move(error));
  return outcome;
}

// A script that is run, perhaps again and again.
struct Test {
  const Script* script = nullptr;
  std::size_t attempts = 0;
  base::Duration elapsed{};            // of those before
  std::unique_ptr<LiveStage> stage{};  // while it is run
  std::unique_ptr<Runner> runner{};
  std::optional<TestResult> result{};  // of the last attempt
};

class Run final : private net::Pollable {
 public:
  Run(link::Loop& loop, const RunPlan& plan, const repl::CommandLine& command_line, net::Signals& signals,
      ReportOutputs& outputs, const Mask& mask)
      : loop_(loop),
        plan_(plan),
        command_line_(command_line),
        signals_(signals),
        outputs_(outputs),
        mask_(mask),
        begun_(loop.poller.now()),
        timer_(loop.poller.add(signals.fd(), {.readable = true}, *this)) {}
  ~Run() { loop_.poller.remove(timer_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void add(const Script& script) { tests_.emplace_back().script = &script; }

  streams::Outcome run() {
    outputs_.begin(tests_.size());
    while (!done()) {
      advance();
      if (done()) break;
      if (auto turned = loop_.poller.run_once(); !turned) return failure(std::move(turned).error());
    }
    outputs_.end(summary(), reported_ < tests_.size());
    return finish();
  }

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override { look_at_signals(); }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  [[nodiscard]] bool stopping() const noexcept { return signal_.has_value() || bailed_ || outputs_.reader_gone(); }
  [[nodiscard]] bool done() const noexcept {
    return ended_at_once_ || (running_ == 0 && (stopping() || begun_tests_ == tests_.size()));
  }

  void look_at_signals() {
    while (const auto number = signals_.take()) {
      if (*number == SIGCHLD) continue;
      if (signal_) ended_at_once_ = true;
      signal_ = *number;
      interrupt(*number);
    }
    for (Test& test : tests_) {
      if (test.stage) test.stage->look_at_program();
    }
  }

  void interrupt(int number) {
    for (Test& test : tests_) {
      if (test.runner) test.runner->interrupt(number, loop_.poller.now());
    }
  }

  // Begins what may begin, goes on with what is run, and says when it is to be called again.
  void advance() {
    if (outputs_.reader_gone() && !std::exchange(told_gone_, true)) interrupt(SIGPIPE);
    std::optional<base::TimePoint> wakes_at;
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      Test& test = tests_[i];
      if (i == begun_tests_ && running_ < plan_.jobs && !stopping()) {
        ++begun_tests_;
        begin(test, i);
      }
      if (test.runner == nullptr) continue;
      const std::size_t attempt = test.attempts;
      go_on(test, i);
      if (test.attempts != attempt) wakes_at = loop_.poller.now();
      if (test.runner) wakes_at = base::earlier(wakes_at, test.runner->deadline());
    }
    report_results();
    if (running_ < plan_.jobs && begun_tests_ < tests_.size() && !stopping()) wakes_at = loop_.poller.now();
    loop_.poller.set_deadline(timer_, wakes_at);
  }

  void begin(Test& test, std::size_t index) {
    if (test.attempts++ == 0) ++running_;
    LiveStage::Options options;
    options.verbose = plan_.verbose;
    options.file = test.script->name;
    options.mask = &mask_;
    if (outputs_.want_events()) {
      options.events = [this, index](const std::string& line) { outputs_.add_event(index, line); };
    }
    test.stage = std::make_unique<LiveStage>(loop_, std::move(options));
    Runner::Options how{.within = plan_.within, .timeout = plan_.timeout, .update = plan_.update, .variables = {}};
    how.variables = plan_.variables;
    how.variables.insert(how.variables.end(), plan_.secrets.begin(), plan_.secrets.end());
    test.runner =
        std::make_unique<Runner>(*test.script, how, command_line_, loop_.random, *test.stage, loop_.poller.now());
    test.stage->tell(test.runner.get());
  }

  void go_on(Test& test, std::size_t index) {
    test.stage->clean_up();
    test.stage->hold_all(outputs_.full(index));
    test.runner->advance(loop_.poller.now(), std::chrono::system_clock::now());
    if (!test.runner->over()) return;
    test.elapsed += test.runner->result().elapsed;
    const bool again = test.runner->result().verdict == Verdict::failed && test.attempts <= plan_.retry && !stopping();
    TestResult result = test.runner->result();
    test.stage->tell(nullptr);
    test.stage.reset();
    test.runner.reset();
    if (again) return begin(test, index);
    --running_;
    result.attempts = test.attempts;
    result.elapsed = test.elapsed;
    result.ended = std::chrono::system_clock::now();
    if (plan_.bail && result.verdict == Verdict::failed) bailed_ = true;
    test.result = masked(std::move(result));
  }

  // In the order of the files.
  void report_results() {
    for (; reported_ < tests_.size() && tests_[reported_].result; ++reported_) {
      outputs_.add(reported_, *tests_[reported_].result);
    }
    outputs_.flush();
  }

  [[nodiscard]] TestResult masked(TestResult result) const {
    const auto mask = [this](std::string& text) { text = mask_.apply(std::move(text)); };
    mask(result.reason);
    for (SectionResult& section : result.sections) mask(section.name);
    if (!result.failure) return result;
    Failure& failure = *result.failure;
    for (std::string* const text :
         {&failure.message, &failure.excerpt, &failure.expected, &failure.got, &failure.diff}) {
      mask(*text);
    }
    for (std::string& event : failure.events) mask(event);
    return result;
  }

  [[nodiscard]] Summary summary() const {
    Summary summary;
    for (const Test& test : tests_) {
      if (!test.result) continue;
      if (test.result->verdict == Verdict::passed) ++summary.passed;
      if (test.result->verdict == Verdict::failed) ++summary.failed;
      if (test.result->verdict == Verdict::skipped) ++summary.skipped;
      if (test.result->flaky()) ++summary.flaky;
    }
    summary.elapsed = loop_.poller.now() - begun_;
    return summary;
  }

  // Prints the rest; a second signal ends that, too.
  streams::Outcome finish() {
    streams::Outcome outcome;
    while (outputs_.waiting() && !ended_at_once_) {
      outputs_.flush();
      if (!outputs_.waiting()) break;
      if (auto turned = loop_.poller.run_once(); !turned) break;
    }
    if (signal_) outcome.end(streams::exit_status_of_signal(*signal_));
    if (outputs_.reader_gone()) outcome.end(0);
    if (auto error = outputs_.error()) outcome.fail(*std::move(error));
    outcome.end(status());
    return outcome;
  }

  // 11 comes before others, of which the first counts.
  [[nodiscard]] int status() const noexcept {
    constexpr int not_met = 11;
    int first = 0;
    for (const Test& test : tests_) {
      if (!test.result) continue;
      if (test.result->exit_status == not_met) return not_met;
      if (first == 0) first = test.result->exit_status;
    }
    return first;
  }

  link::Loop& loop_;
  const RunPlan& plan_;
  const repl::CommandLine& command_line_;
  net::Signals& signals_;
  ReportOutputs& outputs_;
  const Mask& mask_;
  base::TimePoint begun_;
  net::Poller::Id timer_;
  std::vector<Test> tests_{};
  std::size_t begun_tests_ = 0;
  std::size_t running_ = 0;
  std::size_t reported_ = 0;
  std::optional<int> signal_{};
  bool bailed_ = false;
  bool told_gone_ = false;
  bool ended_at_once_ = false;
};

// Programs that read the report are told, too. `file`: of the script that it is about, if it is about one.
streams::Outcome early_failure(const RunPlan& plan, base::Error error, const std::string& file = {}) {
  const bool are_told = std::any_of(plan.reports.begin(), plan.reports.end(), [](const ReportTarget& target) {
    return target.format == ReportFormat::json && target.file.empty();
  });
  if (!are_told) return failure(std::move(error));
  std::string line;
  view::append_error({std::chrono::system_clock::now(), 0}, error, streams::exit_status(error.kind), {}, line);
  if (!file.empty()) view::add_place(file, {}, line);
  static_cast<void>(streams::print_out(line));
  return failure(std::move(error));
}

struct Scripts {
  std::vector<Script> all{};
  std::optional<base::Error> error{};
  std::string bad{};  // the file that this is about
};

// All of them, or what is wrong with the first one that cannot be read.
Scripts read_scripts(const RunPlan& plan, const repl::CommandLine& command_line) {
  ParseContext context{command_line};
  context.read = [](const std::string& path) { return net::read_file(path, longest_script); };
  for (const std::vector<Assignment>* const given : {&plan.variables, &plan.secrets}) {
    for (const Assignment& one : *given) context.known.variables.push_back(one.name);
  }
  Scripts scripts;
  for (const std::string& file : plan.files) {
    const auto text = read_script(file);
    if (!text) return {{}, text.error(), file};
    auto script = parse_script(file, *text, context);
    if (!script) return {{}, std::move(script).error(), file};
    scripts.all.push_back(std::move(script).value());
  }
  return scripts;
}

// Which scripts are run one after the other.
std::vector<std::size_t> order_of(const RunPlan& plan, std::size_t count, link::Loop& loop) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count * plan.repeat; ++i) order.push_back(i / plan.repeat);
  if (!plan.shuffle) return order;
  std::uint64_t seed = plan.seed.value_or(0);
  if (!plan.seed) loop.random.fill(std::as_writable_bytes(std::span(&seed, 1)));
  if (!plan.seed) seed &= UINT32_MAX;
  loop.errors.print("wscope: shuffled with the seed " + std::to_string(seed) + "\n");
  std::mt19937_64 generator(seed);  // and not std::shuffle, which differs from library to library
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[generator() % i]);
  return order;
}

}  // namespace

streams::Outcome run_scripts(link::Loop& loop, RunPlan plan, const repl::CommandLine& command_line) {
  Scripts scripts = read_scripts(plan, command_line);
  if (scripts.error) return early_failure(plan, *std::move(scripts.error), scripts.bad);
  if (plan.dry_run) return {};
  Mask mask;
  for (const Assignment& secret : plan.secrets) mask.add(secret.value);
  for (const Script& script : scripts.all) {
    for (const std::string& secret : script.secrets) mask.add(secret);
  }
  auto signals = net::Signals::install({SIGINT, SIGTERM, SIGCHLD});
  if (!signals) return early_failure(plan, std::move(signals).error());
  ReportOutputs outputs(loop.poller, plan.verbose);
  for (const ReportTarget& target : plan.reports) {
    if (auto opened = outputs.open(target); !opened) return early_failure(plan, std::move(opened).error());
  }
  Run run(loop, plan, command_line, *signals, outputs, mask);
  for (const std::size_t index : order_of(plan, scripts.all.size(), loop)) run.add(scripts.all[index]);
  return run.run();
}

}  // namespace wscope::script
