// Any text as JSON to be laid out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/utf8.h"
#include "require.h"
#include "view/escape.h"
#include "view/json_layout.h"

using namespace wscope;
using fuzz::require;

namespace {

// The text without white space between its tokens.
std::string tokens(std::string_view text) {
  std::string kept;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\t' && c != '\n' && c != '\r')) kept += c;
    if (in_string && c == '\\' && i + 1 < text.size()) kept += text[++i];
  }
  return kept;
}

bool is_safe(std::string_view text) { return view::escape(text, view::LineBreaks::keep) == text; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pretty = view::pretty_json(text);
  require(view::pretty_json(text, view::Style(true)).has_value() == pretty.has_value());
  if (!pretty) return 0;
  require(base::is_utf8(base::as_bytes(text)));
  require(is_safe(*pretty));
  require(pretty->size() < 70 * (size + 1));
  require(tokens(*pretty) == tokens(view::escape(tokens(text))));
  if (tokens(*pretty) == tokens(text)) require(view::pretty_json(*pretty) == pretty);
  return 0;
}
