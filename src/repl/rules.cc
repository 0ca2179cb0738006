#include "repl/rules.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "link/message_text.h"
#include "repl/interpreter.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

std::string_view name_of(Action action) noexcept { return action == Action::reply ? "reply" : "every"; }

}  // namespace

base::Result<void> Rules::execute(Action action, std::string_view arguments, streams::MessageType type,
                                  const talk::Names* fill) {
  std::string_view rest = arguments;
  const bool ends = take_word(rest) == "off" && (rest.empty() || parse_number(rest));
  if (ends) return end(action, rest);
  if (arguments.empty()) return (list(action), base::Result<void>());
  if (connections_.use().kind == link::Use::Kind::none) return base::usage_error("not connected", "/connect URL");
  if (!base::is_utf8(base::as_bytes(arguments))) return base::usage_error("not UTF-8");
  return action == Action::reply ? add_reply(arguments, type, fill) : add_every(arguments, type);
}

base::Result<link::Saying> Rules::read_text(const std::string& typed, std::size_t at, streams::MessageType type,
                                            link::Nameable known) const {
  for (const auto& [name, value] : variables_.variables()) known.variables.push_back(name);
  streams::InputShape shape;
  shape.type = type;
  auto saying = link::read_saying(typed, at, shape, type == streams::MessageType::binary, &known, "");
  if (!saying) return std::move(saying).error();
  return *std::move(saying).value();  // only events of JSON may say nothing
}

// --- answers

base::Result<void> Rules::add_reply(std::string_view arguments, streams::MessageType type, const talk::Names* fill) {
  const std::string typed(arguments);
  talk::Source source(typed, fill != nullptr ? talk::Source::Names::filled_in : talk::Source::Names::plain);
  auto match = talk::Match::read_before_equals(source);
  if (!match) return talk::describe(*source.flaw(), typed);
  if (fill != nullptr) {
    auto filled = match->fill(*fill);
    if (!filled) return std::move(filled).error();
    match = std::move(filled).value();
  }
  link::Nameable known;
  known.add(*match);
  auto says = read_text(typed, source.position() + 1, type, std::move(known));
  if (!says) return std::move(says).error();
  const link::Use use = connections_.use();
  Answers& answers = answers_[use.kind == link::Use::Kind::one ? use.connection : 0];
  answers.rules.push_back({*std::move(match), std::move(says).value()});
  answers.typed.push_back(typed);
  if (!answers.replies) answers.replies = std::make_unique<link::Replies>(answers.rules, loop_.random, &variables_);
  return {};
}

void Rules::answer(link::ConnectionNumber connection, const talk::Message& message) {
  link::Link* const link = answers_.empty() ? nullptr : connections_.find(connection);
  if (link == nullptr || !link->is_open()) return;
  if (!answer_by(connection, *link, message) && !answer_by(0, *link, message)) return;
  const bool is_full = link::holds_enough_answers(*link);
  if (is_full) full_.insert(connection);
  link->pause(link::Link::Wait::for_answers, is_full);
}

// Whether one of those has.
bool Rules::answer_by(Key key, link::Link& link, const talk::Message& message) {
  const auto found = answers_.find(key);
  if (found == answers_.end()) return false;
  link::Replies& replies = *found->second.replies;
  const auto answer = replies.answer(message, std::chrono::system_clock::now(), loop_.poller.now());
  if (const auto busy = replies.next_busy()) host_.say(link::describe_busy(*busy, "/reply") + "\n");
  if (!answer) {
    host_.say(fmt::format("not answered: {}\n", view::escape(answer.error().message)));
    return false;
  }
  if (!*answer) return false;
  host_.replying(link.number(), (*answer)->rule);
  host_.set_typed(false);
  static_cast<void>(link.send((*answer)->message.instruction(), loop_.random));
  host_.set_typed(true);
  return true;
}

void Rules::go_on() {
  for (auto at = full_.begin(); at != full_.end();) {
    link::Link* const link = connections_.find(*at);
    if (link != nullptr && link::holds_enough_answers(*link)) {
      ++at;
      continue;
    }
    if (link != nullptr) link->pause(link::Link::Wait::for_answers, false);
    at = full_.erase(at);
  }
}

// --- what is said again and again

base::Result<void> Rules::add_every(std::string_view arguments, streams::MessageType type) {
  std::string_view text = arguments;
  const auto interval = parse_seconds(take_word(text));
  if (!interval || *interval <= base::Duration::zero()) return base::usage_error("wants more than 0 seconds");
  if (text.empty()) return base::usage_error("wants a text");
  const std::string typed(arguments);
  auto says = read_text(typed, typed.size() - text.size(), type, {});
  if (!says) return std::move(says).error();
  add_beat(connections_.use(), {*interval, std::move(says).value()}, typed);
  begin();
  return {};
}

void Rules::add_beat(link::Use use, link::Beat beat, std::string typed) {
  beats_.push_back({++last_id_, use, std::move(beat), std::move(typed)});
}

void Rules::add_beats(link::ConnectionNumber connection, std::vector<link::Beat> beats) {
  for (link::Beat& beat : beats) {
    const double seconds = std::chrono::duration<double>(beat.interval).count();
    std::string typed = fmt::format("{:g} {}", seconds, beat.says.message.payload);
    add_beat({link::Use::Kind::one, connection}, std::move(beat), std::move(typed));
  }
}

void Rules::begin() {
  for (const Every& every : beats_) {
    for (const link::ConnectionNumber number : connections_.targets(every.use)) {
      connections_.find(number)->add_beat(loop_, every.id, every.beat, variables_);
    }
  }
}

// --- the rules of what is in use

std::vector<Rules::Place> Rules::replies_in_use() const {
  const link::Use use = connections_.use();
  std::vector<Place> places;
  for (const Key key : {use.kind == link::Use::Kind::one ? use.connection : 0, Key{0}}) {
    const auto found = answers_.find(key);
    if (found == answers_.end()) continue;
    for (std::size_t i = 0; i < found->second.rules.size(); ++i) places.push_back({key, i});
    if (key == 0) break;
  }
  return places;
}

std::vector<const Rules::Every*> Rules::beats_in_use() const {
  const link::Use use = connections_.use();
  std::vector<const Every*> beats;
  for (const Every& every : beats_) {
    const bool of_all = every.use.kind == link::Use::Kind::all;
    if (of_all || every.use == use) beats.push_back(&every);
  }
  return beats;
}

std::vector<std::string> Rules::rows(Action action) const {
  std::vector<std::string> rows;
  const bool one = connections_.use().kind == link::Use::Kind::one;
  const auto add = [&rows, one](const std::string& typed, bool of_all) {
    rows.push_back(view::escape(typed) + (one && of_all ? "  (of all)" : ""));
  };
  if (action == Action::reply) {
    for (const Place& place : replies_in_use()) add(answers_.at(place.key).typed[place.index], place.key == 0);
  } else {
    for (const Every* every : beats_in_use()) add(every->typed, every->use.kind == link::Use::Kind::all);
  }
  return rows;
}

void Rules::list(Action action) {
  const auto all = rows(action);
  std::size_t number = 0;
  for (const std::string& row : all) host_.say(fmt::format("  {}  {}\n", ++number, row));
  if (all.empty()) host_.say("there are none\n");
}

base::Result<void> Rules::end(Action action, std::string_view which) {
  const std::size_t count = rows(action).size();
  if (which.empty()) {
    for (std::size_t left = count; left > 0; --left) remove(action, left);
    host_.say(fmt::format("{} off\n", name_of(action)));
    return {};
  }
  const auto number = parse_number(which);
  if (*number == 0 || *number > count) return not_now(fmt::format("there is no number {}", *number));
  remove(action, static_cast<std::size_t>(*number));
  host_.say(fmt::format("{} {} off\n", name_of(action), *number));
  return {};
}

void Rules::remove(Action action, std::size_t number) {
  if (action == Action::reply) {
    const Place place = replies_in_use()[number - 1];
    Answers& answers = answers_[place.key];
    const auto offset = static_cast<std::ptrdiff_t>(place.index);
    answers.rules.erase(answers.rules.begin() + offset);
    answers.typed.erase(answers.typed.begin() + offset);
    answers.replies->forget(place.index);
    if (answers.rules.empty()) answers_.erase(place.key);
    return;
  }
  const std::uint64_t id = beats_in_use()[number - 1]->id;
  for (const link::Connections::Row& row : connections_.rows()) {
    if (link::Link* link = connections_.find(row.connection)) link->remove_beat(id);
  }
  std::erase_if(beats_, [id](const Every& every) { return every.id == id; });
}

}  // namespace wscope::repl
