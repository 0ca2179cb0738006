#include "view/escape.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"

namespace wscope::view {
namespace {

bool is_printable(char c) noexcept { return c >= 0x20 && c < 0x7f; }

// The size of the code point at the front of `text`, 1 also for what is not UTF-8.
std::size_t front_size(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return size <= text.size() && base::is_utf8(base::as_bytes(text.substr(0, size))) ? size : 1;
}

std::uint32_t decode(std::string_view code_point) noexcept {
  const auto lead = static_cast<unsigned char>(code_point.front());
  std::uint32_t value = code_point.size() == 1 ? lead : lead & (0x7fU >> code_point.size());
  for (const char c : code_point.substr(1)) value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
  return value;
}

// What nobody sees: a space without width, a byte order mark, and tags, in which whole texts can hide.
bool is_invisible(std::uint32_t c) noexcept { return c == 0x200b || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f); }

bool changes_direction(std::uint32_t c) noexcept {
  return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

// Whether it stands for something else then.
bool append_escaped(std::string& out, std::string_view code_point, LineBreaks breaks) {
  const auto byte = static_cast<unsigned char>(code_point.front());
  const std::uint32_t value = decode(code_point);
  const bool alone = code_point.size() == 1;
  const bool stays = byte == '\t' || (byte == '\n' && breaks == LineBreaks::keep);
  if (alone && (byte >= 0x7f || (byte < 0x20 && !stays))) {
    out += fmt::format("\\x{:02x}", byte);
  } else if (!alone && value < 0xa0) {
    out += fmt::format("\\x{:02x}", value);
  } else if (!alone && (changes_direction(value) || is_invisible(value))) {
    out += fmt::format("\\u{{{:x}}}", value);
  } else {
    out += code_point;
    return false;
  }
  return true;
}

std::string escape_all(std::string_view text, LineBreaks breaks, std::vector<WrittenOut>* parts) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto run = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_printable) - text.begin());
    out += text.substr(0, run);
    text.remove_prefix(run);
    if (text.empty()) break;
    const std::size_t size = front_size(text);
    const std::size_t begin = out.size();
    if (append_escaped(out, text.substr(0, size), breaks) && parts != nullptr) {
      parts->push_back({begin, out.size() - begin});
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

std::string escape(std::string_view text, LineBreaks breaks) { return escape_all(text, breaks, nullptr); }

std::string escape(std::string_view text, LineBreaks breaks, std::vector<WrittenOut>& parts) {
  return escape_all(text, breaks, &parts);
}

}  // namespace wscope::view
