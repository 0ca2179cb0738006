// Texts with places for values: {"id":{{.id|json}}}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "talk/path.h"
#include "talk/source.h"

namespace wscope::talk {

/// What a name stands for: a text, as from a command line or a regular expression, or a value of JSON as it is written.
struct Value {
  enum class Kind : bool { text, json };
  Kind kind = Kind::text;
  std::string text;
};

/// What goes into a text: a string of JSON without quotes and escapes, all else as it is.
[[nodiscard]] std::string as_text(const Value& value);
/// As JSON: a text as a string.
[[nodiscard]] std::string as_json(const Value& value);
/// As JSON: a text that is a number, true, false or null as that, any other as a string.
[[nodiscard]] std::string as_operand(const Value& value);

/// What stands between {{ and }}.
struct Name {
  enum class Kind : unsigned char {
    variable,  ///< also env.NAME and SERVER.url
    path,      ///< of the message matched last
    group,     ///< of the same, 0 being the match
    uuid,
    now,
    unix_seconds,
    unix_milliseconds,
    random,
    round,  ///< n
  };
  Kind kind = Kind::variable;
  std::string text;  ///< as it is written, without a filter
  std::optional<Path> path{};
  std::size_t group = 0;
  std::int64_t low = 0;  ///< of random, as is `high`: both may come
  std::int64_t high = 0;
};

/// Who knows what names stand for.
class Names {
 public:
  /// Nothing: it is missing, such as a group that has matched nothing.
  [[nodiscard]] virtual std::optional<Value> find(const Name& name) const = 0;

 protected:
  ~Names() = default;
};

///     "{{" NAME [ "|" FILTER ] "}}"     FILTER = json | url | base64
///
/// Blanks are free within the braces, the first }} ends it. \{{ is {{ as it stands; any other backslash is itself. A
/// value is never looked at for names.
class Template {
 public:
  enum class Filter : unsigned char { none, json, url, base64 };
  struct Part {
    std::string text;  ///< in front of the name
    std::optional<Name> name{};
    Filter filter = Filter::none;
    std::size_t at = 0;  ///< where the name's braces begin in the text that was parsed
  };

  /// An error of kind usage, with an excerpt, of what is no name or filter.
  [[nodiscard]] static base::Result<Template> parse(std::string_view text);
  /// The same from its beginning to its end; it moves the source to its end.
  [[nodiscard]] static std::optional<Template> read(Source& source);
  /// Text in which nothing is a name.
  [[nodiscard]] static Template plain(std::string text);

  /// The last part has no name.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }
  [[nodiscard]] bool has_names() const noexcept { return parts_.size() > 1; }

  /// The text with its values; an error of kind expectation names what is missing.
  [[nodiscard]] base::Result<std::string> fill(const Names& names) const;

 private:
  std::vector<Part> parts_;
};

/// Reads {{NAME|FILTER}}, at whose braces the source is.
[[nodiscard]] std::optional<Template::Part> read_name(Source& source);

/// What goes into a text.
[[nodiscard]] std::string apply(Template::Filter filter, const Value& value);

/// What is wrong with a name that stands for nothing.
[[nodiscard]] base::Error missing_error(const Name& name);

}  // namespace wscope::talk
