// Names that a person gives to lines.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::repl {

class Aliases {
 public:
  /// From now on "/NAME rest" is `line` and the rest. An error, of kind usage, if it is no name, or a command's.
  [[nodiscard]] base::Result<void> set(std::string_view name, std::string_view line);
  /// False if there is none of that name.
  bool remove(std::string_view name);
  /// "/NAME LINE" a line, safe for a terminal.
  [[nodiscard]] std::string describe() const;

  /// What a line stands for that begins with such a name, which may stand for another one. At the name that stands for
  /// itself in the end, it stays as it is.
  [[nodiscard]] std::string expand(std::string line) const;

 private:
  std::map<std::string, std::string, std::less<>> lines_{};
};

}  // namespace wscope::repl
