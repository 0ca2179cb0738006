// Ways into a JSON value: .data.items[-1]["a key"][].name
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "talk/source.h"

namespace wscope::talk {

/// A part of a value; nothing: it is missing.
using Part = std::optional<std::string_view>;

///     PATH = "." [ KEY ] { "." KEY | "[" [ INDEX | STRING | "*" ] "]" }
///     KEY  = NAME | STRING
///
/// [0] is the first element, [-1] the last. [] and [*] stand for every element of an array and every value of an
/// object. A path that leads nowhere, or into what has no such parts, leads to something missing, which is no error.
class Path {
 public:
  /// Reads one, which ends where it cannot go on: what follows is not its business.
  [[nodiscard]] static std::optional<Path> read(Source& source);
  /// All of `text`, whose first dot may be left out. An error of kind usage, with an excerpt.
  [[nodiscard]] static base::Result<Path> parse(std::string_view text);

  /// Is shown a part, and says whether that is enough.
  using Visit = std::function<bool(const Part&)>;
  /// Shows all parts of `value` that it leads to, in the order of the text, until one is enough; whether one was. If
  /// there is none, that it is missing is shown once. A step takes time in proportion to what it leads through.
  bool visit(std::string_view value, const Visit& visit) const;
  /// The first part.
  [[nodiscard]] Part first(std::string_view value) const;
  /// Whether it may lead to several parts.
  [[nodiscard]] bool is_several() const noexcept;
  /// As it was written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  struct Step {
    enum class Kind : unsigned char { key, index, every };
    Kind kind;
    std::string key{};
    std::int64_t index = 0;
  };
  static constexpr std::size_t most_steps = 1024;

  [[nodiscard]] static std::optional<Step> read_brackets(Source& source);
  [[nodiscard]] bool read_steps(Source& source);
  bool walk(std::string_view value, std::size_t step, const Visit& visit) const;

  std::vector<Step> steps_;
  std::string text_;
};

/// Reads a string: of JSON between double quotes, as it stands between single ones.
[[nodiscard]] std::optional<std::string> read_string(Source& source);

}  // namespace wscope::talk
