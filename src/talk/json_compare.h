// When values of JSON are equal, alike, or one before the other.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "talk/json.h"
#include "talk/json_tree.h"
#include "talk/number.h"

namespace wscope::talk {

// What is compared with many values is looked at once. Each of those takes time in proportion to its own size, but for
// the logarithm of sorting keys, and memory for what is within an array or object.

/// A value that others are compared with.
class Comparand {
 public:
  /// `value` outlives it.
  explicit Comparand(std::string_view value);

  /// Numbers by what they are, strings by their characters, objects whatever the order of their keys, of which the last
  /// of equal ones counts.
  [[nodiscard]] bool equals(std::string_view other) const;
  /// How `other` stands to it: two numbers, or two strings by their code points; nothing for all else.
  [[nodiscard]] std::optional<std::strong_ordering> order(std::string_view other) const;
  [[nodiscard]] JsonType type() const noexcept { return type_; }
  /// Of a string, what it stands for.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string_view value_;
  JsonType type_;
  std::string text_{};  // of an array or object: what others have to have, too
  Decimal number_{};
};

/// Being what a pattern shows: objects may have more keys than it, arrays are as long and alike one by one, the string
/// "*" in it is anything, and all else is equal.
class Likeness {
 public:
  /// `pattern` outlives it.
  explicit Likeness(std::string_view pattern);
  [[nodiscard]] bool operator()(std::string_view value) const;

 private:
  [[nodiscard]] bool accepts(const JsonTree& tree, std::size_t part) const;

  bool anything_;
  Comparand scalar_;  // of what is no array or object
  JsonType type_;
  std::vector<std::pair<std::string, Likeness>> parts_{};  // by their keys, which those of arrays have not
};

/// A text that two values have in common if and only if they are equal: to find one among many.
[[nodiscard]] std::string canonical(std::string_view value);

}  // namespace wscope::talk
