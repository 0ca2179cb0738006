// Keys as numbers, for tables of what they do.
#pragma once

#include <cstdint>

#include "term/key.h"

namespace wscope::term {

/// A key with its modifiers, of which only ASCII characters are told apart.
using KeyCode = std::uint32_t;

namespace key_code {

inline constexpr KeyCode alt = 1U << 8U;
inline constexpr KeyCode control = 1U << 9U;

constexpr KeyCode of(Key::Name name) noexcept { return static_cast<KeyCode>(name) << 10U; }
constexpr KeyCode character(char byte) noexcept { return of(Key::Name::character) | static_cast<unsigned char>(byte); }
constexpr KeyCode with_control(char byte) noexcept { return control | character(byte); }
constexpr KeyCode with_alt(char byte) noexcept { return alt | character(byte); }
constexpr KeyCode with_both(char byte) noexcept { return control | alt | character(byte); }

/// Of a key that was pressed. Characters beyond ASCII are all character('\0').
inline KeyCode of(const Key& key) noexcept {
  const bool is_ascii = key.name == Key::Name::character && key.text.size() == 1;
  KeyCode code = of(key.name) | (is_ascii ? static_cast<unsigned char>(key.text[0]) : 0U);
  if (key.alt) code |= alt;
  if (key.control) code |= control;
  return code;
}

}  // namespace key_code

/// Whether the key stands for itself: what it is goes into the text.
[[nodiscard]] inline bool is_text(const Key& key) noexcept {
  const bool has_text = key.name == Key::Name::character || key.name == Key::Name::invalid;
  return has_text && !key.control && !key.alt && !key.text.empty();
}

/// Ctrl-G, which ends what is under way.
[[nodiscard]] inline bool is_abort(const Key& key) noexcept { return key_code::of(key) == key_code::with_control('g'); }

/// Enter, also as Ctrl-J or Ctrl-M.
[[nodiscard]] inline bool is_enter(const Key& key) noexcept {
  const KeyCode code = key_code::of(key) & ~key_code::control;
  const bool is_character = key.control && (code == key_code::character('j') || code == key_code::character('m'));
  return is_character || code == key_code::of(Key::Name::enter);
}

/// Backspace, also as Ctrl-H.
[[nodiscard]] inline bool is_backspace(const Key& key) noexcept {
  const KeyCode code = key_code::of(key);
  return code == key_code::of(Key::Name::backspace) || code == key_code::with_control('h');
}

}  // namespace wscope::term
