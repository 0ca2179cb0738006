// A line being typed at the bottom of a terminal, and everything else above it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "term/dumb_line.h"
#include "term/first_row.h"
#include "term/painting.h"

namespace wscope::term {

struct ScreenSize {
  unsigned rows = 24;
  unsigned columns = 80;
  bool operator==(const ScreenSize&) const = default;
};

/// What the person is to see of the input.
struct InputView {
  std::string_view prompt;  ///< may hold SGR sequences (colours), nothing else but text
  std::string_view
      text;  ///< any UTF-8; LF begins a row, control characters are shown as ^A, bytes that are no UTF-8 as \xHH
  std::size_t cursor = 0;    ///< bytes of `text` before it
  std::string_view below{};  ///< lines under the input: choices. Made safe already. As much as there is room for,
                             ///< and nothing of it on a dumb terminal
};

/// A machine: what is to be shown in, bytes for the terminal out. It knows what is on the rows of the input and nothing
/// of what is above. All that comes of one next_update() is one synchronised update: erase, lines above, paint; what
/// has not changed is not painted again. A long input is seen through a window of all rows but one.
///
/// Where a terminal is resized, some move the rows of the input and some do not; the prompt finds out by asking for the
/// cursor. It leaves the terminal to wrap rows, so that those which can reflow them do. Where the answer cannot be, the
/// input is painted anew where nothing is lost by it.
class Prompt {
 public:
  enum class Abilities : unsigned char {
    full,  ///< ECMA-48 cursor movement and erasure
    tmux,  ///< the same, but after a resize its cursor may be anywhere once there was more than ASCII (seen with tmux
           ///< 3.3a); what was on its last row still is, or nearly
    dumb,  ///< TERM=dumb or unknown: backspace, CR and spaces at most; what no longer fits in a row scrolls sideways
  };
  /// How long the size must stay before anything is drawn, and how long the terminal has to tell where its cursor is.
  static constexpr base::Duration resize_wait = std::chrono::milliseconds(300);
  static constexpr base::Duration report_wait = std::chrono::milliseconds(250);

  Prompt(ScreenSize size, Abilities abilities);

  /// Shows the input, in place of what was shown of it. Not shown at first.
  void show(const InputView& view);
  /// Puts whole lines above the input (each ends with LF; SGR sequences may be inside, all else is safe text).
  void print(std::string_view lines);
  /// The input stays where it is with its cursor at the end, `tail` behind it ("^C"), and what follows begins below.
  void leave(std::string_view tail = {});
  /// Erases the input, as before another program takes the screen. show() paints it again.
  void hide();
  /// Erases the screen and paints the input on its first row.
  void clear_screen();
  void beep();

  /// The terminal has another size, it says. Nothing is drawn until 300 ms after the last such call: hold messages and
  /// keys while holds(), all but cursor reports. If rows may have moved it asks the terminal for its cursor.
  void resize(ScreenSize size, base::TimePoint now);
  [[nodiscard]] bool holds() const noexcept;
  /// A Key::cursor_report.
  void cursor_report(unsigned row, unsigned column);
  void advance(base::TimePoint now);
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;

  [[nodiscard]] ScreenSize size() const noexcept;
  /// The bytes to write, as one piece if possible, for everything since the last one.
  [[nodiscard]] std::string next_update();

 private:
  enum class Phase : unsigned char { steady, resizing, asking };

  [[nodiscard]] bool is_dumb() const noexcept { return abilities_ == Abilities::dumb; }
  void update();
  void update_dumb();
  void note_printed();
  // What may have become of the rows of the input: how many are above the cursor and below it.
  struct Moved {
    std::size_t above = 0;
    std::size_t below = 0;
    bool is_likely = false;  // by the column of the cursor
  };
  [[nodiscard]] Moved stayed(unsigned column) const;
  [[nodiscard]] Moved reflowed(unsigned column) const;
  [[nodiscard]] bool rows_may_have_moved() const;
  [[nodiscard]] std::size_t rows_cut_by_tmux() const;
  [[nodiscard]] std::optional<std::size_t> last_row_in_tmux() const;
  void end_resize_in_tmux(std::size_t row, unsigned column);
  void end_resize_unanswered();
  void end_resize(std::size_t rows_above);
  void erase_from_here();

  ScreenSize size_;
  Abilities abilities_;
  std::string prompt_{};
  std::string text_{};
  std::size_t cursor_ = 0;
  std::string below_{};
  bool visible_ = false;
  std::string lines_{};  // to be printed above
  bool has_printed_more_than_ascii_ = false;
  std::string output_{};
  Painting painting_;
  FirstRow first_row_{};
  DumbLine dumb_line_{};

  Phase phase_ = Phase::steady;
  base::TimePoint until_{};        // when the phase ends
  unsigned narrowest_ = 0;         // columns since the resizing began
  unsigned rows_before_ = 0;       // of the screen, when the resizing began
  unsigned fewest_rows_ = 0;       // since then
  std::optional<bool> reflows_{};  // whether the terminal does, as far as it has shown
};

}  // namespace wscope::term
