// The command mode of vi.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "term/editing.h"
#include "term/key.h"
#include "term/vi_motions.h"

namespace wscope::term {

/// Counts, operators, motions and the commands that change the text. A key at a time: a command may take several.
class ViCommand {
 public:
  /// What a key did.
  enum class Step : std::uint8_t {
    count,    ///< a digit of a count
    waits,    ///< more keys are to come
    done,     ///< a command that changed nothing, or failed
    change,   ///< a command to repeat with '.'
    inserts,  ///< one that goes on in insert mode
    unknown,  ///< no command of this class
  };
  struct Result {
    Step step = Step::done;
    EditRequest request = EditRequest::none;
  };

  [[nodiscard]] Result receive(Editing& editing, const Key& key);

  /// Whether it is in the middle of a command, counts apart.
  [[nodiscard]] bool waits() const noexcept { return operator_ != 0 || waiting_ != 0; }
  [[nodiscard]] bool idle() const noexcept { return !waits() && !count_; }
  void reset() noexcept;
  void forget_marks() noexcept { marks_ = {}; }

  /// The count typed so far.
  [[nodiscard]] std::optional<int> typed_count() const noexcept { return count_; }
  [[nodiscard]] Count take_count() noexcept;
  void set_count(Count count) noexcept;
  /// The count of the latest command that was done.
  [[nodiscard]] Count latest_count() const noexcept { return latest_count_; }

 private:
  [[nodiscard]] bool take_digit(std::string_view text) noexcept;
  [[nodiscard]] Result handle_character(Editing& editing, char character);
  [[nodiscard]] Result handle_waiting(Editing& editing, const Key& key);
  [[nodiscard]] Result set_mark(const Editing& editing, std::string_view name) noexcept;
  [[nodiscard]] std::optional<ViMotion> to_mark(const Editing& editing, std::string_view name) const noexcept;
  [[nodiscard]] Result move(Editing& editing, const std::optional<ViMotion>& motion);
  [[nodiscard]] Result change_text(Editing& editing, char character);
  [[nodiscard]] Result apply(Editing& editing, char with, char motion);
  [[nodiscard]] Result apply_to_line(Editing& editing);
  [[nodiscard]] Result apply_to_range(Editing& editing, char with, std::size_t begin, std::size_t end);
  [[nodiscard]] Result start_inserting(Editing& editing, char character);

  ViMotions motions_;
  char operator_ = 0;  // d, c or y
  char waiting_ = 0;   // f, F, t, T, r, m or `: for a character
  std::optional<int> count_;
  std::optional<int> operator_count_;
  Count latest_count_{};
  std::array<std::optional<std::size_t>, 26> marks_{};  // a to z
};

}  // namespace wscope::term
