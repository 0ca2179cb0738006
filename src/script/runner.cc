#include "script/runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "script/parser.h"
#include "streams/outcome.h"

namespace wscope::script {
namespace {

// What a call of advance() does at most: a script may have loops without an end that anybody lives to see.
constexpr int statements_at_once = 256;
constexpr base::Duration patience_after_failure = std::chrono::seconds(1);
constexpr int not_met = 11;

}  // namespace

Runner::Runner(const Script& script, const Options& options, const repl::CommandLine& command_line,
               base::RandomSource& random, Stage& stage, base::TimePoint now)
    : script_(script),
      options_(options),
      command_line_(command_line),
      stage_(stage),
      begun_(now),
      now_(now),
      names_(random),
      section_begun_(now) {
  result_.name = script.name;
  for (const Assignment& one : options.variables) names_.set(one.name, {talk::Value::Kind::text, one.value});
  note_sections();
  frames_.push_back({&script_.statements});
}

// --- what happens

void Runner::hear(link::ConnectionNumber connection, Event event) {
  if (phase_ != Phase::running) return;
  Party& party = parties_[connection];
  party.ends = party.ends || event.is_end();
  party.opened = party.opened || event.kind == Kind::open;
  party.inbox.add(std::move(event));
  if (!party.inbox.full() || party.held) return;
  party.held = true;
  stage_.hold(connection, true);
}

void Runner::end(link::ConnectionNumber connection) { parties_[connection].over = true; }

void Runner::interrupt(int signal, base::TimePoint now) {
  now_ = now;
  if (phase_ != Phase::running) {
    phase_ = Phase::over;
    return;
  }
  Failure failure;
  failure.message = "interrupted";
  fail(std::move(failure), streams::exit_status_of_signal(signal));
}

std::optional<base::TimePoint> Runner::deadline() const noexcept {
  if (phase_ == Phase::over) return std::nullopt;
  if (phase_ == Phase::closing) return closing_ends_;
  std::optional<base::TimePoint> ends = wakes_at_;
  if (options_.timeout > base::Duration::zero()) ends = base::earlier(ends, begun_ + options_.timeout);
  return ends;
}

// --- statements

void Runner::advance(base::TimePoint now, view::WallTime wall) {
  now_ = now;
  names_.set_time(wall);
  if (phase_ == Phase::running && options_.timeout > base::Duration::zero() && now >= begun_ + options_.timeout) {
    const double seconds = std::chrono::duration<double>(options_.timeout).count();
    fail({base::ErrorKind::timeout, fmt::format("not over in {:g} s (--timeout)", seconds)});
  }
  if (phase_ == Phase::running) step_on();
  if (phase_ != Phase::closing) return;
  if (!stage_.gone() && (!closing_ends_ || now_ < *closing_ends_)) return;
  result_.elapsed = now_ - begun_;
  phase_ = Phase::over;
}

void Runner::step_on() {
  wakes_at_.reset();
  for (int left = statements_at_once; left > 0; --left) {
    if (statement_ == nullptr) {
      if (!find_statement()) return finish_script();
      since_ = now_;
    }
    const Step step = std::visit([this](const auto& does) { return run(does); }, statement_->does);
    if (step != Step::done) return;
    finish_statement();
  }
  wakes_at_ = now_;
}

bool Runner::find_statement() {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    if (frame.at < frame.block->size()) {
      statement_ = &(*frame.block)[frame.at++];
      return true;
    }
    if (frame.round < frame.rounds && !frame.block->empty()) {
      frame.at = 0;
      names_.set_round(++frame.round);
      continue;
    }
    frames_.pop_back();
    if (!frames_.empty()) names_.set_round(frames_.back().round);
  }
  return false;
}

void Runner::finish_statement() {
  statement_ = nullptr;
  expectation_.reset();
  program_runs_ = false;
  program_end_.reset();
}

// What nobody has asked for, and should have. A connection that was never waited for may still fail.
void Runner::finish_script() {
  const auto is_begun = [](const auto& entry) { return entry.second.opened || entry.second.ends || entry.second.over; };
  if (!std::all_of(parties_.begin(), parties_.end(), is_begun)) return;
  for (const auto& [number, party] : parties_) {
    for (const Event& event : party.inbox) {
      if (event.is_failure()) {
        fail(event.failure());
        return;
      }
      if (strict_ && event.is_message()) {
        Failure failure;
        failure.message = "a message is left at the end (option strict)";
        failure.got = event.line();
        fail(std::move(failure), not_met);
        return;
      }
    }
  }
  end_section(Verdict::passed);
  begin_closing(ws::close_code::normal, std::nullopt);
}

void Runner::begin_closing(ws::CloseCode code, std::optional<base::Duration> patience) {
  phase_ = Phase::closing;
  if (patience) closing_ends_ = now_ + *patience;
  if (program_runs_) stage_.stop_program();
  for (auto& [number, party] : parties_) {
    if (std::exchange(party.held, false)) stage_.hold(number, false);
  }
  stage_.close_all(code);
}

// --- sections

// What stands in front of the first line that begins with ## is one, too.
void Runner::note_sections() {
  const Block& statements = script_.statements;
  const auto name_of_section = [](const Statement& statement) { return std::get_if<Section>(&statement.does); };
  if (statements.empty() || name_of_section(statements.front()) == nullptr) {
    result_.sections.push_back({script_.name});
    section_ = 1;
  }
  for (const Statement& statement : statements) {
    if (const Section* section = name_of_section(statement)) result_.sections.push_back({section->name});
  }
}

void Runner::end_section(Verdict verdict) {
  if (section_ == 0) return;
  SectionResult& section = result_.sections[section_ - 1];
  section.verdict = verdict;
  section.elapsed = now_ - section_begun_;
  section_begun_ = now_;
}

Runner::Step Runner::run(const Section&) {
  end_section(Verdict::passed);
  ++section_;
  return Step::done;
}

// --- failures

Runner::Step Runner::fail(const base::Error& error) {
  Failure failure;
  failure.message = error.message;
  return fail(std::move(failure), streams::exit_status(error.kind));
}

Runner::Step Runner::fail(std::string message) {
  Failure failure;
  failure.message = std::move(message);
  return fail(std::move(failure), not_met);
}

Runner::Step Runner::fail(const Look& look) {
  const Wanted& wanted = look.by.expect().wanted;
  Failure failure;
  failure.message = look.why;
  failure.line = wanted.place.line;
  failure.place = place_text(script_, *look.by.statement, wanted.place);
  const std::size_t column = talk::column_of(wanted.shown, wanted.at) - 1;
  failure.excerpt = "  " + wanted.shown + "\n  " + std::string(column, ' ') + std::string(wanted.width, '^');
  failure.expected = wanted.text.empty() ? std::string(name_of(wanted.kind)) : wanted.text;
  failure.got = look.got;
  failure.events = expectation_->last_events(begun_);
  const view::ExpectView view{failure.expected, now_ - since_, failure.message};
  stage_.note_expected(look.by.connection, *look.by.statement, view);
  return fail(std::move(failure), not_met);
}

Runner::Step Runner::fail(Failure failure, int status) {
  if (failure.place.empty() && statement_ != nullptr) {
    failure.place = place_text(script_, *statement_, statement_->place);
    failure.line = statement_->place.line;
    failure.excerpt = "  " + statement_->line;
  }
  if (failure.place.empty()) failure.place = script_.name;
  result_.verdict = Verdict::failed;
  result_.exit_status = status;
  result_.failure = std::move(failure);
  end_section(Verdict::failed);
  const bool is_over_in_time = status == not_met || status < streams::exit_status(base::ErrorKind::timeout);
  begin_closing(is_over_in_time ? ws::close_code::normal : ws::close_code::going_away, patience_after_failure);
  return Step::failed;
}

// --- connections

std::string Runner::folder() const { return folder_of(script_.files[statement_->file]); }

base::Result<repl::Wanted> Runner::plan_of(const char* command, const std::vector<Text>& words) {
  std::vector<std::string> filled = {command};
  for (const Text& word : words) {
    auto text = word.fill(names_);
    if (!text) return std::move(text).error();
    filled.push_back(std::move(text).value());
  }
  return read_plan(std::move(filled), folder(), command_line_);
}

link::ConnectionNumber Runner::number_of(const std::string& party) const {
  const auto found = by_name_.find(party);
  return found == by_name_.end() ? 0 : found->second;
}

Runner::Step Runner::make_place(const std::string& name) {
  const auto before = parties_.find(number_of(name));
  if (before == parties_.end()) return Step::done;
  for (const Event& event : before->second.inbox) {
    if (event.is_failure()) return fail(event.failure());
  }
  if (before->second.over) {
    parties_.erase(before);
    return Step::done;
  }
  if (before->second.ends) return Step::waits;
  const std::string which = name.empty() ? "the connection before" : "connection " + name;
  return fail(which + " is open still: give each a name (as NAME)");
}

void Runner::begin_party(const std::string& name, link::ConnectionNumber number) {
  by_name_[name] = number;
  parties_[number].name = name;
}

Runner::Step Runner::run(const Connect& connect) {
  if (const Step step = make_place(connect.as); step != Step::done) return step;
  auto wanted = connect.plan ? base::Result<repl::Wanted>(*connect.plan) : plan_of("connect", connect.words);
  if (!wanted) return fail(wanted.error());
  auto* plan = std::get_if<link::ConnectPlan>(&*wanted);
  if (plan == nullptr) return fail("connect wants a URL");
  begin_party(connect.as, stage_.connect(std::move(*plan)));
  return Step::done;
}

Runner::Step Runner::run(const Listen& listen) {
  const auto wanted = listen.plan ? base::Result<repl::Wanted>(*listen.plan) : plan_of("listen", listen.words);
  if (!wanted) return fail(wanted.error());
  const auto* plan = std::get_if<link::ServePlan>(&*wanted);
  if (plan == nullptr) return fail("listen wants a port");
  const auto listening = stage_.listen(*plan);
  if (!listening) return fail(listening.error());
  ports_[listen.as] = listening->port;
  names_.set(listen.as + ".url", {talk::Value::Kind::text, listening->url});
  names_.set(listen.as + ".port", {talk::Value::Kind::json, std::to_string(listening->port)});
  return Step::done;
}

Runner::Step Runner::run(const Accept& accept) {
  if (const Step step = make_place(accept.as); step != Step::done) return step;
  const auto within = seconds(accept.within, options_.within);
  if (!within) return fail(within.error());
  const auto port = ports_.find(accept.from);
  if (port == ports_.end()) return fail("there is no listener " + accept.from);
  if (const auto client = stage_.accept(port->second)) {
    begin_party(accept.as, *client);
    return Step::done;
  }
  if (now_ < since_ + *within) return wait_until(since_ + *within);
  return fail("no client came in " + in_seconds(now_ - since_));
}

Runner::Step Runner::find_open(link::ConnectionNumber& number) {
  number = number_of(statement_->party);
  const auto party = parties_.find(number);
  if (party == parties_.end()) return fail("there is no connection");
  if (stage_.may_send(number)) return Step::done;
  if (!party->second.over && (!party->second.opened || party->second.ends)) return Step::waits;
  if (!party->second.over) {
    if (now_ < since_ + options_.within) return wait_until(since_ + options_.within);
    return fail("the other side has read nothing for " + in_seconds(now_ - since_));
  }
  for (const Event& event : party->second.inbox) {
    if (event.is_failure()) return fail(event.failure());
  }
  return fail("the connection is over");
}

Runner::Step Runner::run(const Send& send) {
  link::ConnectionNumber number = 0;
  if (const Step step = find_open(number); step != Step::done) return step;
  const auto text = send.text.fill(names_);
  if (!text) return fail(text.error());
  std::string storage;
  const auto instruction = read_instruction(send.what, *text, folder(), storage);
  if (!instruction) return fail(instruction.error());
  if (send.what == Send::What::close) parties_[number].ends = true;
  const auto sent = stage_.send(number, *instruction);
  return sent ? Step::done : fail(sent.error());
}

Runner::Step Runner::run(const Handle& handle) {
  link::ConnectionNumber number = 0;
  if (const Step step = find_open(number); step != Step::done) return step;
  if (handle.how == Handle::How::abort || handle.how == Handle::How::half_close) parties_[number].ends = true;
  stage_.handle(number, handle.how);
  return Step::done;
}

// --- expectations

base::Result<base::Duration> Runner::seconds(const std::optional<Text>& text, base::Duration usual) const {
  if (!text) return usual;
  const auto filled = text->fill(names_);
  if (!filled) return filled.error();
  return read_seconds(*filled);
}

Runner::Step Runner::begin_expectation(const std::vector<const Statement*>& statements,
                                       const std::optional<Text>& within) {
  const auto usual = seconds(within, options_.within);
  if (!usual) return fail(usual.error());
  std::vector<Pending> waiting;
  for (const Statement* const statement : statements) {
    const link::ConnectionNumber number = number_of(statement->party);
    if (parties_.find(number) == parties_.end()) return fail("there is no connection");
    auto made = pending(*statement, number, names_);
    if (!made) return fail(made.error());
    const auto time = seconds(made->expect().within, *usual);
    if (!time) return fail(time.error());
    made->until = since_ + *time;
    waiting.push_back(std::move(made).value());
  }
  expectation_.emplace(std::move(waiting), since_);
  return Step::done;
}

Runner::Step Runner::run(const Expect&) {
  if (!expectation_) {
    if (const Step step = begin_expectation({statement_}, std::nullopt); step != Step::done) return step;
  }
  return look();
}

Runner::Step Runner::run(const All& all) {
  if (!expectation_) {
    std::vector<const Statement*> statements;
    for (const Statement& statement : all.expectations) statements.push_back(&statement);
    if (const Step step = begin_expectation(statements, all.within); step != Step::done) return step;
  }
  return look();
}

Runner::Step Runner::look() {
  while (!expectation_->met()) {
    Look look = expectation_->look(parties_, now_, strict_);
    update_holds();
    if (look.outcome == Look::Outcome::failed) return fail(look);
    if (look.outcome == Look::Outcome::waits) return wait_until(expectation_->until());
    remember(std::move(look));
  }
  return Step::done;
}

void Runner::remember(Look look) {
  const Wanted& wanted = look.by.expect().wanted;
  const std::string what = wanted.text.empty() ? std::string(name_of(wanted.kind)) : wanted.text;
  stage_.note_expected(look.by.connection, *look.by.statement, view::ExpectView{what, now_ - since_, std::nullopt});
  if (!look.event) return;
  last_matched_ = look.by.statement->party;
  const Event& event = matched_.insert_or_assign(*last_matched_, *std::move(look.event)).first->second;
  const talk::Message message = event.message();
  const talk::Match* const match = look.by.target().match;
  match != nullptr ? names_.remember(*match, message) : names_.remember(message);
}

void Runner::update_holds() {
  for (auto& [number, party] : parties_) {
    if (!party.held || party.inbox.full()) continue;
    party.held = false;
    stage_.hold(number, false);
  }
}

}  // namespace wscope::script
