// What is compared in an expression: a path into a message, or a value that is written there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "talk/path.h"
#include "talk/template.h"

namespace wscope::talk {

/// JSON with places for values, each of which is a value, or within a string a part of it.
class JsonTemplate {
 public:
  /// Reads a value of JSON, which may be a string between single quotes. Names are read if the source has some.
  [[nodiscard]] static std::optional<JsonTemplate> read(Source& source);

  /// `json` as it stands.
  [[nodiscard]] static JsonTemplate plain(std::string json);

  [[nodiscard]] bool has_names() const noexcept { return parts_.size() > 1; }
  void collect(std::vector<Name>& names) const;
  /// The value; an error of kind expectation names what is missing.
  [[nodiscard]] base::Result<std::string> fill(const Names& names) const;
  /// The same of one that has no names.
  [[nodiscard]] const std::string& json() const noexcept { return parts_.front().before; }

 private:
  struct Part {
    std::string before;  // JSON as it is written
    std::optional<Name> name{};
    Template::Filter filter = Template::Filter::none;
    bool in_string = false;
  };
  class Scanner;

  std::vector<Part> parts_;  // the last one has no name
};

/// A path or a value.
using Operand = std::variant<Path, JsonTemplate>;

///     VALUE = PATH | JSON | STRING | TEMPLATE
[[nodiscard]] std::optional<Operand> read_operand(Source& source);

/// What an operand of a whole message is: its parts, one by one, until one is enough.
bool visit(const Operand& operand, std::string_view message, const Path::Visit& visit);
[[nodiscard]] bool is_several(const Operand& operand) noexcept;

}  // namespace wscope::talk
