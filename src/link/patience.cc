#include "link/patience.h"

namespace wscope::link {

bool Patience::may_read(ConnectionNumber number, std::uint64_t waiting, std::uint64_t growth, base::TimePoint now) {
  Waiting& client = waiting_.try_emplace(number, Waiting{.since = now}).first->second;
  if (waiting < client.waiting) {
    client.since = now;
    client.named = false;
  }
  client.waiting = waiting;
  const bool may = judge(number, client, growth, now);
  deadline_ = base::earlier(deadline_, client.again);
  return may;
}

bool Patience::judge(ConnectionNumber number, Waiting& client, std::uint64_t growth, base::TimePoint now) noexcept {
  const base::TimePoint patient_until = client.since + options_.grace;
  client.again = now < patient_until ? std::optional(patient_until) : std::nullopt;
  if (client.again) return false;
  if (!client.named) client.again = client.since + options_.stuck_after;
  if (client.waiting >= options_.most_for_one) return false;
  if (has_memory(number, growth)) return true;
  client.again = now + options_.grace;  // others may have given some back by then
  return false;
}

bool Patience::has_memory(ConnectionNumber client, std::uint64_t growth) noexcept {
  if (growth == 0) return true;
  if (first_ == client) return budget_.allows(growth);
  if (budget_.allows(growth + options_.kept_for_one)) return true;
  if (first_ || !budget_.allows(growth)) return false;
  first_ = client;
  return true;
}

void Patience::add(ConnectionNumber client, std::uint64_t waiting) noexcept {
  if (const auto found = waiting_.find(client); found != waiting_.end()) found->second.waiting = waiting;
}

bool Patience::is_stuck(ConnectionNumber number, base::TimePoint now) noexcept {
  const auto found = waiting_.find(number);
  if (found == waiting_.end() || found->second.named || now < found->second.since + options_.stuck_after) return false;
  found->second.named = true;
  return true;
}

void Patience::forget(ConnectionNumber client) {
  waiting_.erase(client);
  if (waiting_.empty()) deadline_.reset();
  if (first_ == client) first_.reset();
}

std::vector<ConnectionNumber> Patience::due(base::TimePoint now) {
  std::vector<ConnectionNumber> numbers;
  deadline_.reset();
  for (const auto& [number, client] : waiting_) {
    if (client.again && *client.again <= now) {
      numbers.push_back(number);
    } else {
      deadline_ = base::earlier(deadline_, client.again);
    }
  }
  return numbers;
}

}  // namespace wscope::link
