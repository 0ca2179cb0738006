// A test of an expression: a value alone, or compared.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "talk/operand.h"
#include "talk/regex.h"
#include "talk/source.h"

namespace wscope::talk {

/// How two values may stand to each other.
enum class Relation : unsigned char { equal, different, less, at_most, greater, at_least };

/// Whether `order`, of the left value to the right one, is that; it is not `different`.
[[nodiscard]] bool is(Relation relation, std::strong_ordering order) noexcept;

///     OP = "==" | "!=" | "<" | "<=" | ">" | ">="
/// Nothing if none is in front, which may be no error.
[[nodiscard]] std::optional<Relation> take_relation(Source& source) noexcept;

/// What might have been meant with what is behind a value, or empty.
[[nodiscard]] std::string hint_behind_value(const Source& source);

/// TEST of expression.h. Move only.
class Comparison {
 public:
  [[nodiscard]] static std::optional<Comparison> read(Source& source);

  /// Whether it holds for a message that is JSON; it has no names.
  [[nodiscard]] bool holds(std::string_view message) const;
  /// ".type is missing": what its first value is in that message, on one line; empty if that is no path.
  [[nodiscard]] std::string left_of(std::string_view message) const;
  void collect(std::vector<Name>& names) const;
  [[nodiscard]] base::Result<Comparison> fill(const Names& names) const;

 private:
  enum class Kind : unsigned char { truth, relation, match, no_match, has, count, type, like };
  enum class Type : unsigned char { string, number, integer, boolean, null, array, object, missing };

  explicit Comparison(Operand left) : left_(std::move(left)) {}
  [[nodiscard]] static std::optional<Type> read_type(Source& source);
  [[nodiscard]] bool read_right(Source& source);
  [[nodiscard]] bool read_value(Source& source, Kind kind);
  [[nodiscard]] bool read_count(Source& source);
  [[nodiscard]] bool read_regex(Source& source, Kind kind);
  [[nodiscard]] bool any_equal(std::string_view message) const;
  [[nodiscard]] bool any_ordered(std::string_view message) const;
  [[nodiscard]] bool any_matches(std::string_view message) const;
  [[nodiscard]] bool any_has(std::string_view message) const;
  [[nodiscard]] bool is_of_type(const Part& part) const;
  [[nodiscard]] std::string_view literal() const { return std::get<JsonTemplate>(*right_).json(); }

  Operand left_;
  Kind kind_ = Kind::truth;
  Relation relation_ = Relation::equal;
  Type type_ = Type::string;
  std::optional<Operand> right_{};
  std::optional<Regex> regex_{};
};

}  // namespace wscope::talk
