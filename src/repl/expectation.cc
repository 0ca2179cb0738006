#include "repl/expectation.h"

#include <algorithm>

#include "repl/slash_arguments.h"

namespace wscope::repl {
namespace {

// Takes a last "within S" off the end.
std::optional<base::Duration> take_within(std::string_view& text) {
  constexpr std::string_view word = "within";
  const std::size_t blank = text.find_last_of(" \t");
  if (blank == std::string_view::npos) return std::nullopt;
  const auto seconds = parse_seconds(text.substr(blank + 1));
  const std::string_view before = text.substr(0, text.find_last_not_of(" \t", blank) + 1);
  if (!seconds || !before.ends_with(word)) return std::nullopt;
  const std::string_view rest = before.substr(0, before.size() - word.size());
  if (!rest.empty() && !rest.ends_with(' ') && !rest.ends_with('\t')) return std::nullopt;
  text = rest.substr(0, rest.find_last_not_of(" \t") + 1);
  return seconds;
}

}  // namespace

base::Result<Expectation::Wanted> Expectation::parse(std::string_view arguments, talk::Source::Names names) {
  const auto within = take_within(arguments);
  auto match = parse_match(arguments, names);
  if (!match) return std::move(match).error();
  return Wanted{std::move(match).value(), within.value_or(usual_time)};
}

void Expectation::look_behind(link::Use use, std::uint64_t number) {
  if (use.kind == link::Use::Kind::none) return;
  std::uint64_t& seen = use.kind == link::Use::Kind::all ? all_seen_ : seen_[use.connection];
  seen = std::max(seen, number);
}

void Expectation::begin(Wanted wanted, link::Use use, std::string place, base::TimePoint now) {
  waiting_ = Waiting{std::move(wanted), use, std::move(place), now};
}

bool Expectation::wants(link::ConnectionNumber connection, const talk::Message& message) const {
  return waiting_ && waiting_->use.means(connection) && match().matches(message);
}

bool Expectation::may_look_at(const report::Entry& entry) const {
  if (entry.direction == wire::Direction::out || !entry.is_message() || !entry.complete()) return false;
  if (!waiting_->use.means(entry.connection) || entry.number <= all_seen_) return false;
  const auto seen = seen_.find(entry.connection);
  return seen == seen_.end() || entry.number > seen->second;
}

const report::Entry* Expectation::find(const report::Transcript& transcript) const {
  const auto& entries = transcript.entries();
  const auto found = std::find_if(entries.begin(), entries.end(), [this](const report::Entry& entry) {
    return may_look_at(entry) && match().matches(entry.message());
  });
  return found == entries.end() ? nullptr : &*found;
}

void Expectation::meet(std::uint64_t number) {
  look_behind(waiting_->use, number);
  waiting_.reset();
}

}  // namespace wscope::repl
