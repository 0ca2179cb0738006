// Messages as the REPL shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "report/plan.h"
#include "talk/match.h"
#include "term/prompt.h"
#include "view/style.h"
#include "wire/direction.h"
#include "ws/opcode.h"

namespace wscope::report {

/// What the person wants to see. Move only.
struct ScreenChoices {
  bool frames = false;
  bool control = false;
  bool json = false;
  bool ascii = false;  ///< binary messages of nothing but ASCII as text
  bool whole = false;
  bool numbers = false;
  Timestamps timestamps = Timestamps::off;
  std::optional<talk::Match> filter{};  ///< of messages that come, only those that match
  std::optional<talk::Match> mute{};    ///< none of those that match

  /// Whether a message that comes is to be seen.
  [[nodiscard]] bool lets_through(const talk::Message& message) const {
    return (!filter || filter->matches(message)) && !(mute && mute->matches(message));
  }
};

/// A message to be shown.
struct ShownMessage {
  std::string_view lead;  ///< what stands before the arrow, coloured already: number, time; may be empty
  wire::Direction direction = wire::Direction::in;
  ws::Opcode type = ws::Opcode::text;
  base::Bytes data;
};

/// "< text" in lines that end with LF, safe for a terminal; further lines are indented like the first. A binary message
/// is a hex dump. What takes more than a screenful is cut, unless it is wanted whole, and says how much is left out.
[[nodiscard]] std::string describe_message(const ShownMessage& message, const ScreenChoices& choices,
                                           const view::Style& style, term::ScreenSize size);

}  // namespace wscope::report
