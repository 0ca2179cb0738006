#include "view/json_layout.h"

#include <algorithm>

#include "base/utf8.h"
#include "talk/json_reader.h"
#include "view/escape.h"

namespace wscope::view {
namespace {

constexpr std::size_t indented_levels = 32;  // or a few bytes of text would become thousands of spaces

// Writes the tokens of a text as they are read.
class Layout {
 public:
  Layout(std::string_view text, const Style& style) : reader_(text), style_(style) { out_.reserve(text.size()); }

  [[nodiscard]] std::optional<std::string> run() {
    while (const auto token = reader_.next()) write(*token);
    if (!reader_.complete() || !reader_.at_end()) return std::nullopt;
    return std::move(out_);
  }

 private:
  using Kind = talk::JsonToken::Kind;

  void write(const talk::JsonToken& token) {
    const bool opens = token.kind == Kind::open;
    const bool ends_lines = token.kind == Kind::close && !token.first;
    if (ends_lines || (token.first && token.kind != Kind::close)) begin_line(reader_.depth() - (opens ? 1 : 0));
    write_text(token);
    if (token.kind == Kind::comma) begin_line(reader_.depth());
    if (token.kind == Kind::colon) out_ += ' ';
  }

  void write_text(const talk::JsonToken& token) {
    switch (token.kind) {
      case Kind::key:
        return style_.append(Meaning::json_key, escape(token.text), out_);
      case Kind::string:
        return style_.append(Meaning::json_string, escape(token.text), out_);
      case Kind::number:
        return style_.append(Meaning::json_number, token.text, out_);
      case Kind::word:
        return style_.append(Meaning::json_word, token.text, out_);
      default:
        out_ += token.text;
    }
  }

  void begin_line(std::size_t depth) {
    out_ += '\n';
    out_.append(2 * std::min(depth, indented_levels), ' ');
  }

  talk::JsonReader reader_;
  const Style& style_;
  std::string out_;
};

}  // namespace

std::optional<std::string> pretty_json(std::string_view text, const Style& style) {
  if (!base::is_utf8(base::as_bytes(text))) return std::nullopt;
  return Layout(text, style).run();
}

}  // namespace wscope::view
