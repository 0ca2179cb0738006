#include "report/transcript.h"

#include <algorithm>
#include <utility>

namespace wscope::report {

Entry& Transcript::add(Entry entry, base::Bytes payload) {
  const std::size_t kept = payload.size() <= longest_whole ? payload.size() : beginning;
  entry.number = ++last_;
  entry.payload = base::as_text(payload.first(kept));
  entry.size = payload.size();
  bytes_ += cost(entry);
  entries_.push_back(std::move(entry));
  make_room();
  return entries_.back();
}

// The latest one stays, whatever it costs, which is far less than all.
void Transcript::make_room() {
  while (bytes_ > most_bytes && entries_.size() > 1) {
    bytes_ -= cost(entries_.front());
    entries_.pop_front();
    if (!std::exchange(has_overflowed_, true)) overflows_ = true;
  }
}

const Entry* Transcript::go_on(link::ConnectionNumber connection, base::Bytes payload) {
  const auto last = std::find_if(entries_.rbegin(), entries_.rend(), [connection](const Entry& entry) {
    return entry.connection == connection && entry.direction == wire::Direction::out && entry.is_message();
  });
  if (last == entries_.rend()) return nullptr;
  if (last->complete() && last->size + payload.size() <= longest_whole) {
    last->payload += base::as_text(payload);
    bytes_ += payload.size();
  } else if (last->payload.size() > beginning) {
    bytes_ -= last->payload.size() - beginning;
    last->payload.resize(beginning);
    last->payload.shrink_to_fit();
  }
  last->size += payload.size();
  const std::uint64_t number = last->number;
  make_room();
  return find(number);
}

void Transcript::answer_pings(link::ConnectionNumber connection, base::Bytes payload) {
  bool found = false;
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->connection != connection || entry->opcode != ws::Opcode::ping) continue;
    if (entry->direction == wire::Direction::in) continue;
    found = found || entry->payload == base::as_text(payload);
    if (!found) continue;
    if (!std::exchange(entry->unanswered, false)) return;  // and so were those before it
  }
}

const Entry* Transcript::find(std::uint64_t number) const noexcept {
  if (entries_.empty() || number < entries_.front().number || number > last_) return nullptr;
  return &entries_[static_cast<std::size_t>(number - entries_.front().number)];
}

bool Transcript::is_gone(std::uint64_t number) const noexcept {
  return number > 0 && number <= last_ && find(number) == nullptr;
}

const Entry* Transcript::latest(const std::function<bool(const Entry&)>& is_wanted) const {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), is_wanted);
  return found == entries_.rend() ? nullptr : &*found;
}

std::vector<const Entry*> Transcript::latest(std::size_t count,
                                             const std::function<bool(const Entry&)>& is_wanted) const {
  std::vector<const Entry*> found;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < count; ++entry) {
    if (is_wanted(*entry)) found.push_back(&*entry);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace wscope::report
