// What was said on the connections of the REPL, to be looked back at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "link/happening.h"
#include "talk/match.h"
#include "view/timestamp.h"
#include "wire/direction.h"
#include "ws/close_code.h"
#include "ws/opcode.h"

namespace wscope::report {

/// A message, a Ping, a Pong or a Close.
struct Entry {
  std::uint64_t number = 0;  ///< from one, in one sequence for all connections
  link::ConnectionNumber connection = 0;
  wire::Direction direction = wire::Direction::in;
  ws::Opcode opcode = ws::Opcode::text;
  view::WallTime time{};
  std::string payload{};                ///< of a Close: its reason
  std::uint64_t size = 0;               ///< bytes of the payload as it was: of a long one only the beginning is kept
  std::optional<ws::CloseCode> code{};  ///< of a Close; nothing: it has none
  std::optional<base::Duration> latency{};  ///< of the first message behind one of ours; of a Pong: the round trip
  bool unanswered = false;                  ///< a Ping of ours whose Pong has not come

  [[nodiscard]] bool complete() const noexcept { return payload.size() == size; }
  [[nodiscard]] bool is_message() const noexcept { return !ws::is_control(opcode); }
  /// What is kept of the payload, to be looked at as long as the entry is there.
  [[nodiscard]] talk::Message message() const noexcept {
    return {base::as_bytes(payload), opcode == ws::Opcode::binary};
  }
};

/// The latest entries of all connections, in bounded memory: when it is full, the oldest go.
class Transcript {
 public:
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;
  /// Of a message that is longer, only the beginning is kept.
  static constexpr std::size_t longest_whole = std::size_t{16} << 20;
  static constexpr std::size_t beginning = std::size_t{64} << 10;

  /// Adds one, which needs neither number nor payload: these come here. Valid until the next is added.
  Entry& add(Entry entry, base::Bytes payload);
  /// More of the message that was sent last on a connection; that one, null if it is not kept any more.
  const Entry* go_on(link::ConnectionNumber connection, base::Bytes payload);
  /// A Pong has come for one of our Pings, which answers those before it, too.
  void answer_pings(link::ConnectionNumber connection, base::Bytes payload);
  /// Whether entries had to go for the first time since the last call.
  [[nodiscard]] bool take_overflow() noexcept { return std::exchange(overflows_, false); }

  /// Null if there is none, or not any more.
  [[nodiscard]] const Entry* find(std::uint64_t number) const noexcept;
  /// The latest one that `is_wanted`; null if there is none.
  [[nodiscard]] const Entry* latest(const std::function<bool(const Entry&)>& is_wanted) const;
  /// The last `count` of those, the oldest first.
  [[nodiscard]] std::vector<const Entry*> latest(std::size_t count,
                                                 const std::function<bool(const Entry&)>& is_wanted) const;
  /// The number of the one that was added last; 0: none was.
  [[nodiscard]] std::uint64_t last_number() const noexcept { return last_; }
  [[nodiscard]] const std::deque<Entry>& entries() const noexcept { return entries_; }
  /// Whether the one of that number was there, and had to go.
  [[nodiscard]] bool is_gone(std::uint64_t number) const noexcept;

 private:
  [[nodiscard]] static std::size_t cost(const Entry& entry) noexcept { return sizeof(Entry) + entry.payload.size(); }
  void make_room();

  std::deque<Entry> entries_{};
  std::size_t bytes_ = 0;  // of all of them
  std::uint64_t last_ = 0;
  bool overflows_ = false;
  bool has_overflowed_ = false;
};

}  // namespace wscope::report
