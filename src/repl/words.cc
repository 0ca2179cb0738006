#include "repl/words.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/utf8.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

constexpr std::string_view blanks = " \t\n";

// Cuts a line into words, one character after the other.
class Cutter {
 public:
  explicit Cutter(std::string_view line) noexcept : line_(line) {}

  void cut() {
    for (at_ = 0; at_ < line_.size(); ++at_) take(line_[at_]);
  }

  [[nodiscard]] bool in_quotes() const noexcept { return quote_ != '\0'; }
  [[nodiscard]] bool in_word() const noexcept { return in_word_; }
  /// What is begun and not ended by a blank is the last one.
  [[nodiscard]] std::vector<Word>& words() noexcept { return words_; }

 private:
  void take(char c) {
    if (!in_quotes() && blanks.find(c) != std::string_view::npos) {
      in_word_ = false;
      return;
    }
    if (!std::exchange(in_word_, true)) words_.push_back({"", at_});
    if (!in_quotes() && (c == '\'' || c == '"')) {
      quote_ = c;
    } else if (in_quotes() && c == quote_) {
      quote_ = '\0';
    } else {
      words_.back().text += escapes(c) ? line_[++at_] : c;
    }
  }

  [[nodiscard]] bool escapes(char c) const noexcept {
    if (c != '\\' || quote_ == '\'' || at_ + 1 == line_.size()) return false;
    const char next = line_[at_ + 1];
    return quote_ == '\0' || next == '"' || next == '\\';
  }

  std::string_view line_;
  std::size_t at_ = 0;
  char quote_ = '\0';
  bool in_word_ = false;
  std::vector<Word> words_;
};

}  // namespace

base::Result<std::vector<Word>> split_words(std::string_view line) {
  Cutter cutter(line);
  cutter.cut();
  if (cutter.in_quotes()) return base::usage_error("a quotation mark is not closed");
  return std::move(cutter.words());
}

Word last_word(std::string_view line) {
  Cutter cutter(line);
  cutter.cut();
  return cutter.in_word() ? std::move(cutter.words().back()) : Word{"", line.size()};
}

std::string quote_word(std::string_view text) {
  constexpr std::string_view special = " \t\n'\"\\";
  if (!text.empty() && text.find_first_of(special) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string_view take_word(std::string_view& line) noexcept {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return word;
}

std::string expand_home(std::string_view path) {
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): there is one thread
  if (home == nullptr || !path.starts_with("~/")) return std::string(path);
  return home + std::string(path.substr(1));
}

std::string quote_beginning(std::string_view line) {
  constexpr std::size_t quoted_size = 40;
  const std::string_view beginning = base::utf8_prefix(line, quoted_size);
  return "\"" + view::escape(beginning) + (beginning.size() < line.size() ? "…\"" : "\"");
}

}  // namespace wscope::repl
