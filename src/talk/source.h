// A text that is parsed, and what is wrong with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace wscope::talk {

/// What is wrong with a text, and where.
struct Flaw {
  std::size_t at;  ///< bytes from its beginning
  std::string message;
  std::string hint{};
};

/// The column of the byte at `at` in its line, in characters, from 1.
[[nodiscard]] std::size_t column_of(std::string_view text, std::size_t at) noexcept;

/// The line with the byte at `at`, and a caret under it, in two lines; of a long line the part around it.
[[nodiscard]] std::string excerpt_of(std::string_view text, std::size_t at);

/// The same as an error of kind usage: message, excerpt, hint.
[[nodiscard]] base::Error describe(const Flaw& flaw, std::string_view text);

/// What is read of a text. It goes forward; who has read something moves it behind that. Functions that read from one
/// return nothing if they cannot, and then have said why.
class Source {
 public:
  /// Whether {{name}} stands for a value.
  enum class Names : bool { plain, filled_in };

  /// `text` is UTF-8, and outlives it.
  explicit Source(std::string_view text, Names names = Names::plain) noexcept : text_(text), names_(names) {}

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  void move_to(std::size_t position) noexcept { at_ = position; }
  [[nodiscard]] std::string_view rest() const noexcept { return text_.substr(at_); }
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] bool has_names() const noexcept { return names_ == Names::filled_in; }
  /// The character in front; NUL at the end.
  [[nodiscard]] char front() const noexcept { return at_end() ? '\0' : text_[at_]; }

  void skip_blanks() noexcept;
  /// Takes `words`, if they are in front.
  bool take(std::string_view words) noexcept;
  /// The same, if they end there: no character of a name follows.
  bool take_word(std::string_view word) noexcept;
  /// What begins with a letter or _ and goes on with these, digits, $ and -; empty if nothing does. Letters are those
  /// of any script: whatever is not ASCII.
  [[nodiscard]] std::string_view take_name() noexcept;

  /// Another one at the same place, to look ahead with: nothing is wrong with it yet.
  [[nodiscard]] Source ahead() const noexcept {
    Source source(text_, names_);
    source.at_ = at_;
    return source;
  }

  /// Says what is wrong, the first time.
  std::nullopt_t fail(std::size_t at, std::string message, std::string hint = {});
  std::nullopt_t fail(std::string message, std::string hint = {}) {
    return fail(at_, std::move(message), std::move(hint));
  }
  [[nodiscard]] const std::optional<Flaw>& flaw() const noexcept { return flaw_; }

 private:
  std::string_view text_;
  Names names_;
  std::size_t at_ = 0;
  std::optional<Flaw> flaw_{};
};

[[nodiscard]] bool begins_name(char c) noexcept;
[[nodiscard]] bool continues_name(char c) noexcept;

}  // namespace wscope::talk
