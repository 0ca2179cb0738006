// Colours on a terminal, by what they mean.
#pragma once

#include <string>
#include <string_view>

namespace wscope::view {

enum class ColorChoice : unsigned char { automatic, always, never };

/// Whether to print colours. Automatic: on a terminal, unless the environment has a NO_COLOR that is not empty, or TERM
/// is "dumb", empty or not set.
[[nodiscard]] bool wants_color(ColorChoice choice, bool on_terminal);

/// What a piece of text is. A message received is blue, one sent is plain, as people know it from wscat.
enum class Meaning : unsigned char {
  received,      ///< a message
  sent,          ///< a message
  control,       ///< Ping, Pong and Close
  prompt,        ///< in front of what is typed
  notice,        ///< connected, disconnected
  warning,       ///< it goes on
  error,         ///< it does not
  dimmed,        ///< what is not looked at first: times, numbers of connections
  incoming,      ///< the arrow of a direction
  outgoing,      ///< the arrow of a direction
  frame_kind,    ///< TEXT, PING, …
  offset,        ///< of a line in a hex dump
  header_bytes,  ///< of a frame, in a hex dump
  written_out,   ///< what stands for what a terminal must not get
  json_key,
  json_string,
  json_number,
  json_word,  ///< true, false, null
};

/// Puts SGR sequences (ECMA-48 section 8.3.117) around text, or none if it is made without colours. It knows nothing
/// of what is dangerous in the text: escape() comes first.
class Style {
 public:
  explicit constexpr Style(bool enabled) noexcept : enabled_(enabled) {}

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }

  /// `text` in the colour of `meaning`. No colour crosses a line feed, so lines may be printed one by one. Coloured
  /// text cannot be part of `text`: what ends a colour ends all of them.
  [[nodiscard]] std::string operator()(Meaning meaning, std::string_view text) const;
  /// The same, appended to `out`.
  void append(Meaning meaning, std::string_view text, std::string& out) const;

 private:
  bool enabled_;
};

/// Text as it is.
inline constexpr Style no_colors{false};

}  // namespace wscope::view
