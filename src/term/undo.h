// What was done to a text, to undo it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::term {

/// Edits as differences, newest first out. What was done in a group is undone together; outside of one, up to
/// `most_joined` clusters inserted one behind the other are.
class UndoLog {
 public:
  static constexpr unsigned most_joined = 20;
  /// Bytes of removed text that are kept; the oldest edits are forgotten.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

  struct Edit {
    std::size_t position = 0;
    std::size_t inserted = 0;  ///< bytes now at `position`
    std::string removed{};     ///< what was in their place
    std::size_t cursor = 0;    ///< before the edit
    std::size_t group = 0;
    unsigned joined = 0;  ///< clusters, if more may be
  };

  /// `edit` has been made; `typed` if it inserted a single cluster.
  void record(Edit edit, bool typed);
  /// The newest edit, which is to be undone now; nothing if there is none. Ends a group that is under way.
  [[nodiscard]] std::optional<Edit> take();
  /// Whether the newest edit belongs to the same group as `edit`.
  [[nodiscard]] bool goes_on(const Edit& edit) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return edits_.empty(); }

  void begin_group() noexcept;
  void end_group() noexcept { in_group_ = false; }

 private:
  [[nodiscard]] bool join(const Edit& edit, bool typed) noexcept;

  std::deque<Edit> edits_;
  std::size_t bytes_ = 0;
  std::size_t group_ = 0;
  bool in_group_ = false;
};

}  // namespace wscope::term
