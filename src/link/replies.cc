#include "link/replies.h"

#include <chrono>

namespace wscope::link {
namespace {

// Two repliers that answer each other reach this at once, and nothing else does.
constexpr std::uint64_t many_uses = 1000;
constexpr std::size_t most_answers = std::size_t{1} << 20;

}  // namespace

base::Result<std::optional<Replies::Answer>> Replies::answer(const talk::Message& message, view::WallTime time,
                                                             base::TimePoint now) {
  uses_.resize(rules_.size());
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

std::string describe_busy(std::size_t rule, std::string_view kind) {
  return std::string(kind) + " " + std::to_string(rule) +
         " has answered 1000 messages within a second: does the peer answer, too?";
}

bool holds_enough_answers(const Link& link) noexcept {
  return link.is_open() && link.connection().output().size() >= most_answers;
}

}  // namespace wscope::link
