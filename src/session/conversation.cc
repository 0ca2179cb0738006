#include "session/conversation.h"

#include <chrono>

namespace wscope::session {
namespace {

// Two repliers that answer each other reach this at once, and nothing else does.
constexpr std::uint64_t many_uses = 1000;
constexpr std::size_t most_answers = std::size_t{1} << 20;

}  // namespace

const talk::Match* Steps::next_expected() const noexcept {
  for (std::size_t i = at_; i < steps_.size(); ++i) {
    if (const auto* step = std::get_if<ExpectStep>(&steps_[i])) return &step->match;
  }
  return nullptr;
}

base::Result<const wire::StoredInstruction*> Steps::next_message(view::WallTime time) {
  if (done() || expect()) return static_cast<const wire::StoredInstruction*>(nullptr);
  names_.set_time(time);
  auto message = std::get<SendStep>(steps_[at_]).says.fill(names_);
  if (!message) return std::move(message).error();
  ++at_;
  message_ = std::move(message).value();
  return static_cast<const wire::StoredInstruction*>(&message_);
}

bool Steps::receive(const talk::Message& message) {
  if (!expect()) return false;
  const talk::Match& match = std::get<ExpectStep>(steps_[at_]).match;
  if (!match.matches(message)) return false;
  names_.remember(match, message);
  ++at_;
  return true;
}

base::Result<std::optional<Replies::Answer>> Replies::answer(const talk::Message& message, view::WallTime time,
                                                             base::TimePoint now) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const ReplyRule& rule = rules_[i];
    if (!rule.match.matches(message)) continue;
    note(i, now);
    if (rule.says.payload) {
      names_.remember(rule.match, message);
      names_.set_time(time);
      names_.set_round(uses_[i].count);
    }
    auto answer = rule.says.fill(names_);
    if (!answer) return std::move(answer).error();
    return std::optional<Answer>({i + 1, std::move(answer).value()});
  }
  return std::optional<Answer>();
}

void Replies::note(std::size_t rule, base::TimePoint now) noexcept {
  Uses& uses = uses_[rule];
  ++uses.count;
  if (now - uses.second >= std::chrono::seconds(1)) {
    uses.second = now;
    uses.in_second = 0;
  }
  if (++uses.in_second < many_uses || uses.told) return;
  uses.told = true;
  busy_ = rule + 1;
}

std::string describe_busy(std::size_t rule) {
  return "--reply " + std::to_string(rule) + " has answered 1000 messages within a second: does the peer answer, too?";
}

bool holds_enough_answers(const link::Link& link) noexcept {
  return link.is_open() && link.connection().output().size() >= most_answers;
}

}  // namespace wscope::session
