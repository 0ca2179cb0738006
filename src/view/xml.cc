#include "view/xml.h"

#include <fmt/format.h>

#include "view/escape.h"

namespace wscope::view {
namespace {

// All that XML 1.0 has no place for is escaped before, but for two of its noncharacters.
std::string without_noncharacters(std::string text) {
  constexpr std::string_view begin = "\xef\xbf";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const char last = text[at + 2];  // escape() leaves no character cut off
    if (last == '\xbe' || last == '\xbf') text.replace(at, 3, last == '\xbe' ? "\\u{fffe}" : "\\u{ffff}");
  }
  return text;
}

enum class Where : unsigned char { element, attribute };

std::string in_xml(std::string_view text, Where where) {
  std::string xml;
  for (const char c : without_noncharacters(escape(text, LineBreaks::keep))) {
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (where == Where::attribute && (c == '\n' || c == '\t')) {
      xml += fmt::format("&#{};", static_cast<int>(c));
    } else {
      xml += c;
    }
  }
  return xml;
}

}  // namespace

std::string xml_text(std::string_view text) { return in_xml(text, Where::element); }

std::string xml_attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, in_xml(value, Where::attribute));
}

}  // namespace wscope::view
