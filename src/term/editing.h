// What editing keys work on, whichever keymap they are of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "term/history_lines.h"
#include "term/kill_ring.h"

namespace wscope::term {

/// What a key asks the owner of a LineEditor for, beyond what it did to the text.
enum class EditRequest : std::uint8_t {
  none,
  accept,        ///< the text is complete (Enter)
  end,           ///< Ctrl-D with nothing typed
  complete,      ///< Tab: see LineEditor::replace()
  list,          ///< Tab again, or Alt-?: show the choices
  edit,          ///< Ctrl-X Ctrl-E, or v: in an editor
  clear_screen,  ///< Ctrl-L
  quote_next,    ///< Ctrl-V: KeyReader::quote_next()
  beep,          ///< nothing to do
};

/// Through the lines there are: to older or to newer ones.
enum class SearchDirection : std::uint8_t { back, on };

/// How often, as a numeric argument says.
struct Count {
  static constexpr int most = 1'000'000;  ///< as in readline

  int value = 1;
  bool given = false;
};

/// The lines, what was cut out of them, and what the key before was about.
class Editing {
 public:
  /// Commands that act otherwise after one of their kind.
  enum class Kind : std::uint8_t { other, kill, yank, last_argument, vertical, search, complete, delete_or_end };

  explicit Editing(const History& history) noexcept : lines(history) {}

  HistoryLines lines;
  KillRing kills;
  bool overwrites = false;

  [[nodiscard]] const std::string& text() const noexcept { return lines.current().text(); }
  [[nodiscard]] std::size_t cursor() const noexcept { return lines.current().cursor(); }
  void move_to(std::size_t place) noexcept { lines.current().move_to(place); }

  /// A key begins: what latest() says is about the ones before.
  void begin_key() noexcept;
  /// The kind of the command before, and of this one.
  [[nodiscard]] Kind latest() const noexcept { return latest_; }
  void set_kind(Kind kind) noexcept { kind_ = kind; }
  /// The key is no command, as a digit of an argument: what follows follows the command before.
  void keep_kind() noexcept { kind_ = latest_; }

  /// Inserts `text` so often at the cursor; beeps if that is too long.
  EditRequest insert(std::string_view text, int times = 1);
  /// The same, but over what is there if `overwrites`.
  EditRequest type(std::string_view text, int times = 1);
  /// Cuts out what is between the cursor and `place`; a run of kills is one.
  EditRequest kill_to(std::size_t place);
  /// Deletes what is between the cursor and `place`.
  EditRequest delete_to(std::size_t place);
  /// Goes to `place`; beeps if that is where the cursor is.
  EditRequest go_to(std::size_t place) noexcept;

  std::size_t goal_column = 0;    ///< where a run of vertical motions wants to be
  std::size_t search_size = 0;    ///< what a run of searches is for: so much of the text
  std::size_t yank_begin = 0;     ///< of what the latest yank has inserted
  std::size_t argument_line = 0;  ///< where the latest last argument is from
  Count argument_count{};         ///< and which one it was
  /// What the next line is, after a command that has asked for it.
  std::optional<std::string> next_entry{};

 private:
  EditRequest replace_to(std::size_t end, std::string_view text, int times);

  Kind latest_ = Kind::other;
  Kind kind_ = Kind::other;
};

/// What moves from one place to the next, so often; stops where it stays.
template <typename Step>
[[nodiscard]] std::size_t repeat(std::string_view text, std::size_t place, int times, Step&& step) {
  for (; times > 0; --times) {
    const std::size_t next = step(text, place);
    if (next == place) break;
    place = next;
  }
  return place;
}

}  // namespace wscope::term
