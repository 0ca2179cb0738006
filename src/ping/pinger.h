// What wscope ping does, without a descriptor, a socket or a clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "ping/payload.h"
#include "ping/pings.h"
#include "ping/plan.h"
#include "ping/samples.h"
#include "ping/schedule.h"

namespace wscope::ping {

/// Says when which ping is to be sent, hears what comes, and knows what has become of each.
///
/// In each turn: next_lost() until there is none, then next() as long as there is room for what it says; deadline() is
/// when the next turn is due.
class Pinger {
 public:
  /// `plan` and `random` outlive it.
  Pinger(const PingPlan& plan, base::RandomSource& random);

  /// The first is due, from which all others are counted.
  void begin(base::TimePoint now) noexcept;
  struct Ping {
    std::uint64_t sequence = 0;
    std::string payload;
  };
  /// What is to be sent now; nothing: not yet, or no more. An error as Payload has it.
  [[nodiscard]] base::Result<std::optional<Ping>> next(base::TimePoint now, view::WallTime wall);
  /// The payload of a Pong, or a text if texts are what is sent. `sent_at`: when its ping was, if that was not when it
  /// was begun, because it had to be connected for. Of what answers none nothing is counted.
  [[nodiscard]] Pings::Answer receive(base::Bytes payload, base::TimePoint now,
                                      std::optional<base::TimePoint> sent_at = {});
  /// What is longer answers none.
  [[nodiscard]] std::size_t longest_payload() const noexcept { return payload_.longest(); }
  /// A Pong has come that answers none.
  void receive_stray() noexcept { pings_.receive_unknown(); }
  /// One has failed. False if it was not open any more.
  bool lose(std::uint64_t sequence, base::TimePoint now) noexcept;
  [[nodiscard]] std::optional<std::uint64_t> next_lost(base::TimePoint now);
  /// Nothing will come any more: each that is open is lost.
  [[nodiscard]] std::optional<std::uint64_t> next_abandoned(base::TimePoint now);
  /// No more are sent.
  void stop() noexcept { schedule_.end(); }

  /// When the next turn is due. `sends`: what next() says could be sent; else nothing is due for that.
  [[nodiscard]] std::optional<base::TimePoint> deadline(bool sends) const noexcept;
  /// Whether all that were to be sent were, and none is open.
  [[nodiscard]] bool over() const noexcept { return begun_ && !schedule_.has_more() && pings_.open() == 0; }
  [[nodiscard]] const Pings& pings() const noexcept { return pings_; }
  [[nodiscard]] const Samples& round_trips() const noexcept { return round_trips_; }
  /// From the first ping to the last thing that happened.
  [[nodiscard]] base::Duration elapsed() const noexcept { return begun_ ? last_ - *begun_ : base::Duration::zero(); }

 private:
  Payload payload_;
  Pings pings_;
  Schedule schedule_;
  Samples round_trips_;
  std::optional<base::TimePoint> begun_;
  base::TimePoint last_{};
};

}  // namespace wscope::ping
