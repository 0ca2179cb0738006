#include "ping/pings.h"

namespace wscope::ping {

Pings::Entry* Pings::find(std::uint64_t sequence) noexcept {
  const std::uint64_t before = sent_ - entries_.size();  // the last one that is forgotten
  if (sequence <= before || sequence > sent_) return nullptr;
  return &entries_[static_cast<std::size_t>(sequence - before - 1)];
}

bool Pings::has_room() const noexcept { return entries_.size() < most_open || entries_.front().state != State::open; }

std::uint64_t Pings::send(std::uint64_t key, base::TimePoint now) {
  while (entries_.size() >= remembered && entries_.front().state != State::open) forget_first();
  entries_.push_back({.at = now, .key = key});
  ++sent_;
  const auto [same, is_first] = by_key_.try_emplace(key, Same{sent_, sent_, sent_});
  if (is_first) return sent_;
  if (Entry* const before = find(same->second.last)) before->next = sent_;
  same->second.last = sent_;
  if (same->second.waiting == 0) same->second.waiting = sent_;
  if (same->second.unanswered == 0) same->second.unanswered = sent_;
  return sent_;
}

void Pings::forget_first() {
  const std::uint64_t sequence = sent_ - entries_.size() + 1;
  const Entry entry = entries_.front();
  entries_.pop_front();
  const auto same = by_key_.find(entry.key);
  if (same == by_key_.end()) return;
  if (same->second.last == sequence) {
    by_key_.erase(same);
    return;
  }
  if (same->second.waiting == sequence) same->second.waiting = entry.next;
  if (same->second.unanswered == sequence) same->second.unanswered = entry.next;
}

// --- answers

Pings::Answer Pings::receive(std::uint64_t key, base::TimePoint now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return {};
  Same& same = found->second;
  while (same.waiting != 0) {
    const std::uint64_t sequence = same.waiting;
    Entry& entry = *find(sequence);
    same.waiting = entry.next;
    if (waits(entry.state)) return answer(sequence, entry, now);
  }
  return answer_to_none_open(same, now);
}

Pings::Answer Pings::answer(std::uint64_t sequence, Entry& entry, base::TimePoint now) noexcept {
  if (entry.state == State::skipped) --skipped_;
  entry.state = State::answered;
  ++answered_;
  if (order_ == Order::kept) skip_before(sequence);
  return {Answer::Kind::in_time, sequence, now - entry.at};
}

void Pings::skip_before(std::uint64_t sequence) noexcept {
  for (; first_open_ < sequence; ++first_open_) {
    Entry* const entry = find(first_open_);
    if (entry == nullptr || entry->state != State::open) continue;
    entry->state = State::skipped;
    ++skipped_;
  }
}

Pings::Answer Pings::answer_to_none_open(Same& same, base::TimePoint now) noexcept {
  while (same.unanswered != 0) {
    const std::uint64_t sequence = same.unanswered;
    Entry& entry = *find(sequence);
    same.unanswered = entry.next;
    if (entry.state != State::lost && entry.state != State::passed) continue;
    entry.state = State::over;
    ++late_;
    return {Answer::Kind::late, sequence, now - entry.at};
  }
  ++duplicates_;
  return {Answer::Kind::duplicate, same.last, {}};
}

// --- time

bool Pings::lose(std::uint64_t sequence) noexcept {
  Entry* const entry = find(sequence);
  if (entry == nullptr || entry->state != State::open) return false;
  entry->state = State::lost;
  ++lost_;
  return true;
}

std::optional<std::uint64_t> Pings::next_lost(base::TimePoint now) {
  for (; first_waiting_ <= sent_; ++first_waiting_) {
    Entry* const entry = find(first_waiting_);
    if (entry == nullptr || !waits(entry->state)) continue;
    if (patience_ == base::Duration::zero() || now - entry->at < patience_) return std::nullopt;
    if (lose(first_waiting_)) return first_waiting_++;
    entry->state = State::passed;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Pings::next_abandoned() {
  for (; first_waiting_ <= sent_; ++first_waiting_) {
    if (lose(first_waiting_)) return first_waiting_++;
  }
  return std::nullopt;
}

std::optional<base::TimePoint> Pings::deadline() const noexcept {
  if (patience_ == base::Duration::zero()) return std::nullopt;
  const std::uint64_t before = sent_ - entries_.size();
  for (std::uint64_t sequence = first_waiting_; sequence <= sent_; ++sequence) {
    if (sequence <= before) continue;
    const Entry& entry = entries_[static_cast<std::size_t>(sequence - before - 1)];
    if (waits(entry.state)) return entry.at + patience_;
  }
  return std::nullopt;
}

}  // namespace wscope::ping
