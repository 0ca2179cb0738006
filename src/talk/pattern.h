// Regular expressions, as RE2 has them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace wscope::talk {

/// A regular expression in the syntax of RE2: that of Perl without what cannot be matched in linear time
/// (backreferences, lookahead and lookbehind). ^ and $ match at the ends of each line. Move only.
///
/// Matching takes time linear in the text, and a few megabytes at most, whatever the text.
class Pattern {
 public:
  /// What a character is: a code point of UTF-8, or a byte, so that \xff is one and what is written in UTF-8 stands for
  /// its bytes. \b, \d and \w are those of ASCII in both.
  enum class Alphabet : unsigned char { code_points, bytes };

  /// An error of kind usage says what is wrong with `expression`, which is UTF-8; it may quote a part of it. `flags`
  /// are letters of RE2: i for any case, s for a dot that is a line feed, too.
  [[nodiscard]] static base::Result<Pattern> compile(const std::string& expression, std::string_view flags = {});
  /// `text` as an expression that matches it alone.
  [[nodiscard]] static std::string quote(std::string_view text);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Whether it matches anywhere in `text`.
  [[nodiscard]] bool matches(base::Bytes text, Alphabet alphabet = Alphabet::code_points) const;

  /// What the whole and each group have matched, in the order of their numbers; a group that took no part: nothing.
  /// Empty if it does not match.
  using Groups = std::vector<std::optional<std::string_view>>;
  [[nodiscard]] Groups find(base::Bytes text, Alphabet alphabet = Alphabet::code_points) const;
  [[nodiscard]] std::size_t group_count() const;
  /// The groups that have names.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> group_names() const;

 private:
  struct Compiled;  // pattern.cc
  explicit Pattern(std::unique_ptr<Compiled> compiled) noexcept;

  std::unique_ptr<Compiled> compiled_;
};

}  // namespace wscope::talk
