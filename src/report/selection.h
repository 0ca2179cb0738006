// Which messages are printed, and what of them: --select and --pick.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "talk/match.h"
#include "talk/path.h"

namespace wscope::report {

/// Messages come whole to it. Move only.
struct Selection {
  std::optional<talk::Match> select{};  ///< only messages that match; nothing: all
  std::optional<talk::Path> pick{};     ///< only these parts of them; nothing: all of them

  [[nodiscard]] bool empty() const noexcept { return !select && !pick; }
  /// Whether anything of a message is printed: it matches, and the path leads somewhere.
  [[nodiscard]] bool lets_through(const talk::Message& message) const;
  /// Shows the parts that the path leads to, in the order of the text: a string without quotes and escapes, all else on
  /// one line. Of a message that is let through; there is a path.
  void show_parts(const talk::Message& message, const std::function<void(std::string_view)>& show) const;
};

}  // namespace wscope::report
