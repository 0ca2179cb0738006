// Which pings were sent, and what has become of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "base/clock.h"

namespace wscope::ping {

/// The book of what was sent and what has come. A ping is open until its answer comes, or until it is lost because that
/// takes too long. Numbers begin with 1.
///
/// A Pong may answer the latest Ping alone (RFC 6455 section 5.5.3): one for a later ping makes those before it
/// skipped, which counts as answered, until their own comes. Of pings that are over the latest few thousand are
/// remembered, so that memory is constant.
class Pings {
 public:
  /// What does not find its ping among so many that are over answers none.
  static constexpr std::size_t remembered = 4096;
  /// Open at a time.
  static constexpr std::size_t most_open = 65536;

  enum class Order : std::uint8_t {
    kept,  ///< all are on one connection
    none,  ///< the answer to a later one means nothing to an earlier one
  };
  /// `patience`: after which one is lost; zero: for ever.
  Pings(base::Duration patience, Order order) noexcept : patience_(patience), order_(order) {}

  /// Whether one more may be open.
  [[nodiscard]] bool has_room() const noexcept;
  /// One is sent, whose answer will have that key. Returns its number.
  std::uint64_t send(std::uint64_t key, base::TimePoint now);

  struct Answer {
    enum class Kind : std::uint8_t {
      in_time,
      duplicate,  ///< of one that was answered
      late,       ///< of one that is lost, and stays that
      unknown,    ///< of none that is remembered
    };
    Kind kind = Kind::unknown;
    std::uint64_t sequence = 0;
    base::Duration round_trip{};  ///< of those that are in time or late
  };
  /// An answer has come: to the oldest open ping with that key, or else to one that is over. Of an unknown one nothing
  /// is counted.
  [[nodiscard]] Answer receive(std::uint64_t key, base::TimePoint now);
  /// A Pong has come that answers none.
  void receive_unknown() noexcept { ++unknown_; }
  /// That one is lost, for a reason that is known. False if it was not open.
  bool lose(std::uint64_t sequence) noexcept;
  /// The next one that is lost by now, until there is none. To be asked before send() and receive().
  [[nodiscard]] std::optional<std::uint64_t> next_lost(base::TimePoint now);
  /// The next one of those that are open, each of which is lost by this: nothing will come any more.
  [[nodiscard]] std::optional<std::uint64_t> next_abandoned();
  /// When next_lost() has one, if nothing comes.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;

  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint64_t answered() const noexcept { return answered_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
  [[nodiscard]] std::uint64_t open() const noexcept { return sent_ - answered_ - skipped_ - lost_; }
  [[nodiscard]] std::uint64_t duplicates() const noexcept { return duplicates_; }
  [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
  [[nodiscard]] std::uint64_t unknown() const noexcept { return unknown_; }

 private:
  enum class State : std::uint8_t {
    open,
    skipped,   // its own may come yet
    answered,  // by its own
    passed,    // was skipped, and it took too long for its own
    lost,
    over,  // the same two, and its own has come all the same
  };
  struct Entry {
    base::TimePoint at;
    std::uint64_t key = 0;
    std::uint64_t next = 0;  // the next one with the same key; 0: there is none yet
    State state = State::open;
  };
  // Of all that have one key, by number; each moves on only.
  struct Same {
    std::uint64_t waiting = 0;     // those before it wait for nothing any more; 0: so do all
    std::uint64_t unanswered = 0;  // the same of those that are lost
    std::uint64_t last = 0;
  };

  [[nodiscard]] Entry* find(std::uint64_t sequence) noexcept;
  [[nodiscard]] static bool waits(State state) noexcept { return state == State::open || state == State::skipped; }
  [[nodiscard]] Answer answer(std::uint64_t sequence, Entry& entry, base::TimePoint now) noexcept;
  [[nodiscard]] Answer answer_to_none_open(Same& same, base::TimePoint now) noexcept;
  void skip_before(std::uint64_t sequence) noexcept;
  void forget_first();

  base::Duration patience_;
  Order order_;
  std::deque<Entry> entries_;  // of sent_ - size() + 1 to sent_
  std::unordered_map<std::uint64_t, Same> by_key_;
  std::uint64_t first_open_ = 1;     // those before it are not open
  std::uint64_t first_waiting_ = 1;  // those before it wait for nothing
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t unknown_ = 0;
};

}  // namespace wscope::ping
