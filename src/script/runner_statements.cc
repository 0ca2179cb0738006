#include <chrono>
#include <utility>

#include "script/parser.h"
#include "script/runner.h"
#include "script/snapshot.h"
#include "view/diff.h"

// The statements that are not about a connection.

namespace wscope::script {

Runner::Step Runner::wait_until(base::TimePoint time) {
  wakes_at_ = time;
  return Step::waits;
}

const Event* Runner::matched() const {
  const std::string& party = statement_->party;
  const auto found = last_matched_ ? matched_.find(party.empty() ? *last_matched_ : party) : matched_.end();
  return found == matched_.end() ? nullptr : &found->second;
}

Runner::Step Runner::run(const talk::Capture& capture) {
  const Event* const event = matched();
  if (event == nullptr) return fail("nothing was matched");
  const talk::Message message = event->message();
  const auto value = capture.of(event->occasion(message), names_);
  if (!value) return fail(value.error());
  names_.set(capture.name(), *value);
  stage_.note_captured(*statement_, capture.name(), *value);
  return Step::done;
}

Runner::Step Runner::run(const Check& check) {
  const auto filled = check.expression.fill(names_);
  if (!filled) return fail(filled.error());
  constexpr std::string_view nothing = "null";  // in which every path leads nowhere
  std::optional<std::string_view> json;
  std::optional<talk::Message> message;
  if (const Event* const event = matched()) json = message.emplace(event->message()).json();
  const std::string_view looked_at = json.value_or(nothing);
  if (filled->holds(looked_at)) return Step::done;
  const std::string explained = filled->explain(looked_at);
  return fail("this does not hold" + (explained.empty() ? "" : ": " + explained));
}

Runner::Step Runner::run(const Set& set) {
  auto text = set.text.fill(names_);
  if (!text) return fail(text.error());
  names_.set(set.name, {talk::Value::Kind::text, std::move(text).value()});
  return Step::done;
}

Runner::Step Runner::run(const Option& option) {
  const auto text = option.value.fill(names_);
  if (!text) return fail(text.error());
  if (option.which == Option::Which::within) {
    const auto time = read_seconds(*text);
    if (!time) return fail(time.error());
    options_.within = *time;
    return Step::done;
  }
  const auto on = read_switch(*text);
  if (!on) return fail(on.error());
  if (option.which == Option::Which::strict) strict_ = *on;
  if (option.which == Option::Which::autopong) stage_.set_autopong(*on);
  return Step::done;
}

Runner::Step Runner::run(const Wait& wait) {
  const auto time = seconds(wait.seconds, {});
  if (!time) return fail(time.error());
  return now_ < since_ + *time ? wait_until(since_ + *time) : Step::done;
}

Runner::Step Runner::run(const Repeat& repeat) {
  const auto text = repeat.count.fill(names_);
  if (!text) return fail(text.error());
  const auto count = read_count(*text);
  if (!count) return fail(count.error());
  if (*count == 0) return Step::done;
  frames_.push_back({&repeat.block, 0, 1, *count});
  names_.set_round(1);
  return Step::done;
}

Runner::Step Runner::run(const Say& say) {
  auto text = say.text.fill(names_);
  if (!text) return fail(text.error());
  switch (say.how) {
    case Say::How::echo:
      stage_.say(*text);
      return Step::done;
    case Say::How::fail:
      return fail(text->empty() ? "fail" : *text);
    case Say::How::skip:
      break;
  }
  result_.verdict = Verdict::skipped;
  result_.reason = std::move(text).value();
  end_section(Verdict::skipped);
  begin_closing(ws::close_code::normal, std::nullopt);
  return Step::failed;
}

Runner::Step Runner::run(const Snapshot& snapshot) {
  const Event* const event = matched();
  if (event == nullptr) return fail("nothing was matched");
  const auto name = snapshot.name.fill(names_);
  if (!name) return fail(name.error());
  return compare_snapshot(path_in(folder(), *name + ".snap"), snapshot_of(event->message(), snapshot.except));
}

Runner::Step Runner::compare_snapshot(const std::string& path, const std::string& content) {
  const auto kept = stage_.read_file(path);
  if (!kept) return fail(kept.error());
  if (*kept == content) return Step::done;
  if (options_.update) {
    const auto written = stage_.write_file(path, content);
    return written ? Step::done : fail(written.error());
  }
  if (!*kept) return fail("there is no " + path + ": --update writes it");
  Failure failure;
  failure.message = "the message is not as in " + path + ": --update writes it";
  failure.expected = **kept;
  failure.got = content;
  failure.diff = view::unified_diff(**kept, content, path, "the message");
  constexpr int not_equal = 11;
  return fail(std::move(failure), not_equal);
}

Runner::Step Runner::run(const Exec& exec) {
  if (!program_runs_) {
    std::vector<std::string> environment;
    for (const auto& [name, value] : names_.variables()) {
      if (talk::is_variable_name(name)) environment.push_back(name + "=" + talk::as_text(value));
    }
    if (const auto started = stage_.start(exec.command, environment); !started) return fail(started.error());
    program_runs_ = true;
  }
  if (!program_end_) return Step::waits;
  if (program_end_->empty()) return Step::done;
  program_runs_ = false;
  return fail(*program_end_);
}

}  // namespace wscope::script
