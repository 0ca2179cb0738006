// JSON read strictly (RFC 8259), token by token.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::talk {

/// A token as it is written. What it refers to is the reader's text.
struct JsonToken {
  enum class Kind : unsigned char {
    open,   ///< { or [
    close,  ///< } or ]
    comma,
    colon,
    key,  ///< the string in front of a colon
    string,
    number,
    word,  ///< true, false or null
  };
  Kind kind;
  std::string_view text;  ///< strings with their quotation marks and escapes
  bool first = false;     ///< of a value or key: it is the first of its array or object; of a close: there was none
};

/// Goes through a text once and checks its grammar, at most 1024 levels deep. It takes linear time, and a byte of
/// memory for a level. That the text is UTF-8 is not checked.
class JsonReader {
 public:
  static constexpr std::size_t deepest = 1024;

  /// `text` outlives it.
  explicit JsonReader(std::string_view text) noexcept : text_(text) {}

  /// The next token; nothing if the one value is complete, or what comes is wrong, which complete() tells apart.
  [[nodiscard]] std::optional<JsonToken> next();
  /// Whether one whole value has been read.
  [[nodiscard]] bool complete() const noexcept { return expected_ == Expected::end; }
  /// Where it is in the text: behind the last token; before what is wrong, once that was met.
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  /// How many brackets are open.
  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
  /// Whether nothing but white space is left.
  [[nodiscard]] bool at_end() noexcept;

 private:
  enum class Expected : unsigned char { value, first_value, key, first_key, colon, comma, end };

  [[nodiscard]] JsonToken take(JsonToken::Kind kind, std::size_t size, bool first = false) noexcept;
  [[nodiscard]] std::optional<JsonToken> open(char bracket);
  [[nodiscard]] std::optional<JsonToken> close(char bracket);
  [[nodiscard]] std::optional<JsonToken> take_string();
  [[nodiscard]] std::optional<JsonToken> take_number_or_word();
  [[nodiscard]] bool wants_value() const noexcept {
    return expected_ == Expected::value || expected_ == Expected::first_value;
  }
  void end_value() noexcept { expected_ = open_.empty() ? Expected::end : Expected::comma; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_{};  // the brackets
  Expected expected_ = Expected::value;
};

/// Whether `text` is one JSON value in UTF-8, at most 1024 levels deep.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace wscope::talk
