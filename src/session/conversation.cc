#include "session/conversation.h"

namespace wscope::session {
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

}  // namespace wscope::session
