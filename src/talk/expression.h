// Expressions about a message that is JSON: .type == "done" and .data.items count > 3
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "talk/operand.h"
#include "talk/source.h"

namespace wscope::talk {

///     EXPR  = AND { "or" AND }      AND = NOT { "and" NOT }      NOT = "not" NOT | "(" EXPR ")" | TEST
///     TEST  = "like" JSON | VALUE [ OP VALUE | ( "~" | "!~" ) REGEX | "has" VALUE | "count" OP NUMBER | "is" TYPE
///           | "like" JSON ]
///     OP    = "==" | "!=" | "<" | "<=" | ">" | ">="
///     VALUE = PATH | JSON | STRING | TEMPLATE
///     TYPE  = "string" | "number" | "integer" | "boolean" | "null" | "array" | "object" | "missing"
///
/// Blanks are free between tokens. A TEST of a path that leads to several parts holds if it holds for one of them; that
/// of != and !~ is the contrary of == and ~. What is missing is null to ==, < and its kin are false unless both are
/// numbers or both strings, and alone it is true unless missing, null or false. Move only.
///
/// Looking at a message takes time in proportion to it, but for the logarithm of sorting, and the parts of a value that
/// is compared as a whole as much memory.
class Expression {
 public:
  /// Reads one, which ends where it cannot go on.
  [[nodiscard]] static std::optional<Expression> read(Source& source);

  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  /// Whether it holds for `message`, of which is_json() says yes. It has no names.
  [[nodiscard]] bool holds(std::string_view message) const;

  /// Of a message for which it does not hold, what a test that makes it so looked at: `.type is "error"`; empty if that
  /// is no path.
  [[nodiscard]] std::string explain(std::string_view message) const;

  [[nodiscard]] bool has_names() const;
  void collect(std::vector<Name>& names) const;
  /// With values in place of its names; an error of kind expectation names what is missing, and one of kind usage says
  /// what is wrong with a regular expression that has got too large.
  [[nodiscard]] base::Result<Expression> fill(const Names& names) const;

 private:
  struct Node;
  class Parser;
  explicit Expression(std::unique_ptr<const Node> root) noexcept;

  std::unique_ptr<const Node> root_;
};

}  // namespace wscope::talk
