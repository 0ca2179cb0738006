// What a person did at the keyboard.
#pragma once

#include <cstdint>
#include <string>

namespace wscope::term {

/// A key with its modifiers but Shift, a paste, or an answer of the terminal.
struct Key {
  enum class Name : std::uint8_t {
    character,  ///< `text`, one code point in UTF-8; with control: the letter, in lower case
    invalid,    ///< `text`, one byte that is no part of UTF-8
    enter,
    tab,
    escape,
    backspace,
    del,
    insert,
    up,
    down,
    left,
    right,
    home,
    end,
    page_up,
    page_down,
    function,       ///< F1 to F12: `number`
    paste,          ///< `text`, of any length, with LF as line ends
    cursor_report,  ///< where the terminal's cursor is: `row` and `column`, from one
    unknown,        ///< a sequence that means nothing to us
  };

  Name name = Name::unknown;
  bool control = false;
  bool alt = false;
  std::string text{};
  unsigned number = 0;
  unsigned row = 0;
  unsigned column = 0;

  bool operator==(const Key&) const = default;
};

}  // namespace wscope::term
