// Which of many deadlines comes next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace wscope::net {

/// At most one deadline for each of a dense set of small numbers (keys).
///
/// A binary heap, and lazy: a deadline that is put off or taken back stays where it was in the heap until its old time
/// comes up, so that a connection may move its idle timeout with every message for the price of one store.
class Deadlines {
 public:
  /// Sets, moves or, with nullopt, takes back the deadline of `key`. O(log n) if it comes nearer, else O(1).
  void set(std::uint32_t key, std::optional<base::TimePoint> deadline);

  /// The earliest of all deadlines.
  [[nodiscard]] std::optional<base::TimePoint> next();
  /// The key with the earliest deadline, which is no longer set then; nullopt if there is none at or before `now`.
  [[nodiscard]] std::optional<std::uint32_t> take_due(base::TimePoint now);

  /// An upper bound of the number of deadlines set.
  [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }

 private:
  static constexpr std::uint32_t absent = UINT32_MAX;

  // Never later than the key's deadline.
  struct Node {
    base::TimePoint when;
    std::uint32_t key;
  };
  struct Key {
    std::optional<base::TimePoint> deadline;
    std::uint32_t position = absent;  // in heap_
  };

  void settle();
  void remove_top() noexcept;
  void place(std::uint32_t position, Node node) noexcept;
  void sift_up(std::uint32_t position, Node node) noexcept;
  void sift_down(std::uint32_t position, Node node) noexcept;

  std::vector<Node> heap_;
  std::vector<Key> keys_;
};

}  // namespace wscope::net
