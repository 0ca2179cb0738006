// Regular expressions between slashes: /^ready/i
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "talk/pattern.h"
#include "talk/source.h"
#include "talk/template.h"

namespace wscope::talk {

///     REGEX = "/" RE2, \/ for a slash "/" { "i" | "s" }
///
/// A value that stands in one stands for its characters. Move only.
class Regex {
 public:
  /// Reads one, at whose slash the source is.
  [[nodiscard]] static std::optional<Regex> read(Source& source);
  /// The part of `source` of `size` bytes from `at` on, without slashes, which it does not move.
  [[nodiscard]] static std::optional<Regex> compile(Source& source, std::size_t at, std::size_t size,
                                                    std::string_view flags);

  /// Of one that has names, with nothing in their places: it has the same groups.
  [[nodiscard]] const Pattern& pattern() const noexcept { return *pattern_; }
  [[nodiscard]] bool has_names() const noexcept { return expression_.has_names(); }
  [[nodiscard]] const Template& expression() const noexcept { return expression_; }
  /// With values; an error of kind expectation names what is missing, one of kind usage says what they made of it.
  [[nodiscard]] base::Result<Regex> fill(const Names& names) const;

 private:
  Template expression_;
  std::string flags_;
  std::optional<Pattern> pattern_;
};

}  // namespace wscope::talk
