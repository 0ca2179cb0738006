// The lines of a script, put together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "talk/source.h"

namespace wscope::script {

/// A place in a file, for a person: both from 1, columns in characters.
struct LinePlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// A line that says something: without its indentation, with those that a backslash joins to it.
struct SourceLine {
  std::string text;
  std::optional<std::string> document{};  ///< the lines behind <<EOF, which is not in `text`
  bool document_plain = false;            ///< <<'EOF': in it nothing is a name
  bool comment = false;                   ///< of them only those that begin with ##

  /// Where the byte at `at` of `text` is; behind its end: in the document, if there is one.
  [[nodiscard]] LinePlace place(std::size_t at) const;
  /// The line in the file that has it, without its indentation; and where that byte is in it.
  [[nodiscard]] std::string_view shown(std::size_t at, std::size_t& within) const;

  struct Piece {
    std::size_t at;      // in `text`
    std::size_t line;    // in the file
    std::size_t indent;  // characters in front of it
  };
  std::vector<Piece> pieces{};
  std::size_t document_line = 0;
};

/// What is wrong with a text, and where.
struct LineFlaw {
  LinePlace place;
  talk::Flaw flaw;    ///< `at` is a byte of `shown`
  std::string shown;  ///< the line
};

/// An error of kind usage: "NAME:LINE:COLUMN: message", with the line and a caret under it, and the hint.
[[nodiscard]] base::Error describe(const LineFlaw& flaw, const std::string& name);

/// Lines of UTF-8 without NUL; a byte order mark is dropped, CR LF is LF. Empty lines and comments are left out, but
/// those that begin with ##. An odd number of backslashes at the end joins the next line, without its leading blanks.
/// <<EOF at the end stands for the lines up to one that holds EOF alone, without the blanks in front of that.
class SourceLines {
 public:
  /// `text` outlives it.
  explicit SourceLines(std::string_view text) noexcept;

  /// The next one; nothing at the end, or if something is wrong: flaw() tells.
  [[nodiscard]] std::optional<SourceLine> next();
  [[nodiscard]] const std::optional<LineFlaw>& flaw() const noexcept { return flaw_; }

 private:
  [[nodiscard]] std::optional<std::string_view> take();
  void join(SourceLine& line, std::string_view first);
  [[nodiscard]] bool read_document(SourceLine& line);
  [[nodiscard]] bool check(std::string_view line);
  void fail(LinePlace place, std::string message, std::string_view shown, std::size_t at);

  std::string_view rest_;
  std::size_t line_ = 0;  // that was taken last
  std::optional<LineFlaw> flaw_{};
};

}  // namespace wscope::script
