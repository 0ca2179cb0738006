// What a terminal sends, as keys.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "term/key.h"

namespace wscope::term {

/// A machine: bytes in, whole keys out, however the bytes are split. Understands UTF-8, control characters, Alt as a
/// leading ESC, the CSI and SS3 sequences of xterm, rxvt, the Linux console, screen and tmux with their modifiers,
/// cursor reports, and bracketed pastes, in which CR and CR LF become LF. Keys are read when they are asked for, so
/// that quote_next() is about what follows the key that asked for it. Take keys until there is none before waiting for
/// more.
///
/// CR is enter, LF is control and "j" (see is_enter()), NUL is control and "@". Ctrl-H is backspace.
class KeyReader {
 public:
  /// How long an ESC waits for what may follow it, before it is a key of its own.
  static constexpr base::Duration escape_wait = std::chrono::milliseconds(60);
  /// A sequence that is longer means nothing: it is dropped up to its end, however far away that is.
  static constexpr std::size_t longest_sequence = 64;
  /// What is beyond that of a paste is dropped.
  static constexpr std::size_t longest_paste = std::size_t{64} << 20U;

  void receive(base::Bytes bytes, base::TimePoint now);
  /// Time has passed.
  void advance(base::TimePoint now);
  /// When advance() has something to do next.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;
  /// The next key, or nothing until more is received or time has passed. An unfinished paste is no key yet: all that is
  /// received belongs to it until its end comes or reset() is called, and nobody waits for that.
  [[nodiscard]] std::optional<Key> next_key();
  /// The next character is taken as it is, whatever it is (Ctrl-V): "\x01" comes as a character without modifiers.
  /// A paste stays a paste.
  void quote_next() noexcept;
  /// Forgets what was received and is no key yet.
  void reset() noexcept;

 private:
  [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(input_).substr(begin_); }
  // What may belong to a sequence that begins now.
  [[nodiscard]] std::string_view next_sequence() const noexcept;
  [[nodiscard]] std::optional<Key> read_paste();
  [[nodiscard]] std::optional<Key> read_sequence();
  [[nodiscard]] std::optional<Key> read_quoted();
  void drop_sequence() noexcept;
  void add_to_paste(std::string_view text);

  std::string input_{};
  std::size_t begin_ = 0;  // of input_: before it all is read
  // Of input_: what is before it waits for nothing any more, since what is behind came escape_wait later, or nothing
  // did.
  std::size_t settled_ = 0;
  base::TimePoint received_{};
  bool quotes_ = false;
  bool drops_ = false;   // within a sequence that is too long
  bool pastes_ = false;  // within a paste
  bool after_cr_ = false;
  std::string paste_{};
};

}  // namespace wscope::term
