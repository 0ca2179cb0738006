// What a message is asked for: MATCH of the command line, of commands and of scripts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "talk/expression.h"
#include "talk/pattern.h"
#include "talk/regex.h"
#include "talk/source.h"
#include "talk/template.h"

namespace wscope::talk {

/// A whole message that is looked at, perhaps by several: whether it is JSON is found out once. Lives as long as what
/// it refers to.
class Message {
 public:
  Message(base::Bytes data, bool binary) noexcept : data_(data), binary_(binary) {}

  [[nodiscard]] base::Bytes data() const noexcept { return data_; }
  [[nodiscard]] std::string_view text() const noexcept { return base::as_text(data_); }
  [[nodiscard]] bool binary() const noexcept { return binary_; }
  /// The value that its whole payload is, text or binary; nothing if it is not JSON in UTF-8, at most 1024 levels deep.
  [[nodiscard]] std::optional<std::string_view> json() const;
  /// What a character is to a regular expression.
  [[nodiscard]] Pattern::Alphabet alphabet() const noexcept {
    return binary_ ? Pattern::Alphabet::bytes : Pattern::Alphabet::code_points;
  }

 private:
  base::Bytes data_;
  bool binary_;
  mutable bool looked_ = false;
  mutable std::optional<std::string_view> json_{};
};

/// Bytes, of which some may be anything.
struct BytePattern {
  std::vector<std::optional<std::byte>> bytes;
  bool goes_on = false;  ///< any bytes may follow

  [[nodiscard]] bool matches(base::Bytes data) const noexcept;
};

/// How long a payload may be, both included.
struct LengthRange {
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
};

///     MATCH = EXPR | REGEX | STRING | "hex:" BYTES | "@" FILE | "len" RANGE
///     BYTES = hex digits in pairs, blanks between; ?? is any byte, * at the end any bytes
///     RANGE = N | N ".." | ".." N | N ".." M         bytes, with K, M, G
///
/// An EXPR is about messages that are JSON, and no other matches; a REGEX is sought in the payload; a STRING and a file
/// are the whole payload. Where names are read, {{x}} may stand for pairs of digits in BYTES, for a number in a RANGE,
/// and for a part of the name of a file. Move only.
class Match {
 public:
  /// Reads one of a script, up to where it cannot go on; `@FILE` is left as the name of a file.
  [[nodiscard]] static std::optional<Match> read(Source& source);

  /// All of `text`, as it is given on a command line or behind a command, where quotation marks and blanks are everyday
  /// parts of a regular expression. What begins with a dot and a letter, _, ", [ or a blank, also behind ( and not, is
  /// an EXPR; what begins with / and ends with /, /i, /s or /is is a REGEX; hex: begins bytes; anything else is a
  /// regular expression as it stands. An error of kind usage, with an excerpt.
  [[nodiscard]] static base::Result<Match> parse_argument(std::string_view text,
                                                          Source::Names names = Source::Names::plain);
  /// The same of MATCH=TEXT, which the source is moved to the = of: behind the closing slash, behind the EXPR, else the
  /// first one that is not written \=, which stands for = in the regular expression.
  [[nodiscard]] static std::optional<Match> read_before_equals(Source& source);

  /// Whether a message matches. It has no names.
  [[nodiscard]] bool matches(const Message& message) const;
  /// Of a message that is JSON and does not match, what an EXPR looked at, as Expression::explain() has it; else empty.
  [[nodiscard]] std::string explain(const Message& message) const;
  /// What the match and its groups are in a message that matches: of a regular expression those, else the payload.
  [[nodiscard]] Pattern::Groups groups(const Message& message) const;
  /// Its groups that have names, with their numbers.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> group_names() const;
  [[nodiscard]] std::size_t group_count() const;

  /// As it was written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The name of the file that is to be given to set_file().
  [[nodiscard]] const std::string* file() const noexcept;
  void set_file(std::string contents) { test_ = std::move(contents); }

  [[nodiscard]] std::vector<Name> names() const;
  /// With values in place of its names; errors as Expression::fill() has them.
  [[nodiscard]] base::Result<Match> fill(const Names& names) const;

 private:
  struct FileName {
    std::string name;
  };
  /// One of these three that has names.
  struct Unfilled {
    enum class Kind : unsigned char { bytes, length, file };
    Kind kind;
    Template text;
  };
  /// A string of JSON or one as it is: the whole payload.
  using Test = std::variant<Expression, Regex, JsonTemplate, std::string, BytePattern, FileName, LengthRange, Unfilled>;

  Match(Test test, std::string_view text) : test_(std::move(test)), text_(text) {}
  [[nodiscard]] static std::optional<Test> read_test(Source& source);
  [[nodiscard]] static std::optional<Test> read_string_or_expression(Source& source);
  [[nodiscard]] static std::optional<Test> read_argument(Source& source);
  [[nodiscard]] static std::optional<Test> read_unfilled(Source& source, Unfilled::Kind kind);
  [[nodiscard]] static base::Result<Test> fill(const Unfilled& test, const Names& names);

  Test test_;
  std::string text_;
};

}  // namespace wscope::talk
