// What is kept of something that has happened, under a name: token = .payload.token
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "talk/match.h"
#include "talk/path.h"
#include "talk/regex.h"
#include "talk/source.h"
#include "talk/template.h"

namespace wscope::talk {

/// What can be kept of it. What is referred to lives as long as this.
struct Occasion {
  /// A message; of a Close its reason, of a refusal its body; null: it has no payload.
  const Message* message = nullptr;
  std::optional<int> status{};                 ///< of an HTTP answer
  std::optional<unsigned> code{};              ///< of a Close, or of the failure of a connection
  std::optional<std::string_view> reason{};    ///< of a Close
  std::optional<base::Duration> round_trip{};  ///< of a Pong that answers our Ping
  /// The value of a header field; empty: there are none. Nothing: there is no such field.
  std::function<std::optional<std::string>(std::string_view name)> header{};
};

///     CAPTURE = NAME "=" ( PATH | REGEX | "text" | "hex" | "header" FIELD | "status" | "code" | "reason" | "rtt" )
///
/// A PATH gives its first value, with its type; a REGEX its group 1 or, if it has none, what it matches; text and hex
/// the payload; rtt milliseconds. Move only.
class Capture {
 public:
  /// Reads one, which ends where it cannot go on.
  [[nodiscard]] static std::optional<Capture> read(Source& source);

  /// Of the variable.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Those within a REGEX.
  [[nodiscard]] std::vector<Name> names() const;
  /// The value; an error of kind expectation: there is none, which says why, or a name stands for nothing.
  [[nodiscard]] base::Result<Value> of(const Occasion& occasion, const Names& names) const;

 private:
  enum class Field : unsigned char { text, hex, status, code, reason, round_trip };
  struct Header {
    std::string name;
  };

  [[nodiscard]] bool read_what(Source& source);

  std::string name_{};
  std::variant<Field, Header, Path, Regex> what_{};
};

/// Whether `name` can be that of a variable: a letter or _, then letters, digits and _, all of ASCII.
[[nodiscard]] bool is_variable_name(std::string_view name) noexcept;

}  // namespace wscope::talk
