#include "ping/pinger.h"

#include <utility>

namespace wscope::ping {

Pinger::Pinger(const PingPlan& plan, base::RandomSource& random)
    : payload_(plan, random),
      pings_(plan.patience, plan.opens ? Pings::Order::none : Pings::Order::kept),
      schedule_(plan.interval, plan.count) {}

void Pinger::begin(base::TimePoint now) noexcept {
  if (begun_) return;
  begun_ = last_ = now;
  schedule_.begin(now);
}

base::Result<std::optional<Pinger::Ping>> Pinger::next(base::TimePoint now, view::WallTime wall) {
  if (!schedule_.is_due(now, pings_.open() > 0) || !pings_.has_room()) return std::optional<Ping>();
  auto made = payload_.make(pings_.sent() + 1, wall);
  if (!made) return std::move(made).error();
  schedule_.take(now);
  last_ = now;
  const std::uint64_t sequence = pings_.send(made->key, now);
  return std::optional<Ping>({sequence, std::move(made->bytes)});
}

Pings::Answer Pinger::receive(base::Bytes payload, base::TimePoint now, std::optional<base::TimePoint> sent_at) {
  const auto key = payload_.key_of(payload);
  Pings::Answer answer = key ? pings_.receive(*key, now) : Pings::Answer();
  if (answer.kind != Pings::Answer::Kind::in_time) return answer;
  if (sent_at) answer.round_trip = now - *sent_at;
  round_trips_.add(answer.round_trip);
  last_ = now;
  return answer;
}

bool Pinger::lose(std::uint64_t sequence, base::TimePoint now) noexcept {
  if (!pings_.lose(sequence)) return false;
  last_ = now;
  return true;
}

std::optional<std::uint64_t> Pinger::next_lost(base::TimePoint now) {
  const auto lost = pings_.next_lost(now);
  if (lost) last_ = now;
  return lost;
}

std::optional<std::uint64_t> Pinger::next_abandoned(base::TimePoint now) {
  const auto lost = pings_.next_abandoned();
  if (lost) last_ = now;
  return lost;
}

std::optional<base::TimePoint> Pinger::deadline(bool sends) const noexcept {
  return base::earlier(sends && pings_.has_room() ? schedule_.next() : std::nullopt, pings_.deadline());
}

}  // namespace wscope::ping
