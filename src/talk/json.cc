#include "talk/json.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "talk/json_reader.h"
#include "talk/json_run.h"

namespace wscope::talk {
namespace {

constexpr std::string_view short_forms = "\"\"\\\\\bb\ff\nn\rr\tt";  // a character, what stands for it

void append_escape(char c, std::string& out) {
  for (std::size_t i = 0; i < short_forms.size(); i += 2) {
    if (short_forms[i] != c) continue;
    out += '\\';
    out += short_forms[i + 1];
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
}

void append_escaped(std::string_view utf8, std::string& out) {
  while (true) {
    const std::size_t run = plain_run(utf8);
    out += utf8.substr(0, run);
    if (run == utf8.size()) return;
    append_escape(utf8[run], out);
    utf8.remove_prefix(run + 1);
  }
}

void append_utf8(char32_t c, std::string& out) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The four digits at `at`, which are there.
char32_t hex_value(std::string_view text, std::size_t at) noexcept {
  char32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    const unsigned digit = c <= '9' ? static_cast<unsigned>(c - '0') : (static_cast<unsigned>(c) | 0x20U) - 'a' + 10U;
    value = value << 4 | digit;
  }
  return value;
}

constexpr char32_t replacement = 0xfffd;

struct Character {
  char32_t value;
  std::size_t size;  // of what it is written with: an escape or a pair of them
};

bool is_half(char32_t value) noexcept { return value >= 0xd800 && value <= 0xdfff; }

// What the \u escape at `at` stands for, which may be half of a pair.
Character character_at(std::string_view text, std::size_t at) noexcept {
  const char32_t first = hex_value(text, at + 2);
  const bool may_pair = is_half(first) && first < 0xdc00 && text.substr(at + 6).starts_with("\\u");
  const char32_t second = may_pair ? hex_value(text, at + 8) : 0;
  if (!is_half(second) || second < 0xdc00) return {first, 6};
  return {0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12};
}

bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) noexcept {
  const auto step = [text](std::size_t from) { return from + (text[from] == '\\' ? 2U : 1U); };
  for (++at; text[at] != '"'; at += plain_run(text.substr(at))) at = step(at);
  return at + 1;
}

std::size_t end_of_container(std::string_view text, std::size_t at) noexcept {
  std::size_t depth = 0;
  while (true) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
}

}  // namespace

JsonType type_of(std::string_view value) noexcept {
  switch (value.front()) {
    case 'n':
      return JsonType::null;
    case 't':
    case 'f':
      return JsonType::boolean;
    case '"':
      return JsonType::string;
    case '[':
      return JsonType::array;
    case '{':
      return JsonType::object;
    default:
      return JsonType::number;
  }
}

std::string unescape_json(std::string_view token) {
  const std::string_view text = token.substr(1, token.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t escape = std::min(text.find('\\', at), text.size());
    out += text.substr(at, escape - at);
    at = escape;
    if (at == text.size()) break;
    const char c = text[at + 1];
    if (c == 'u') {
      const Character character = character_at(text, at);
      append_utf8(is_half(character.value) ? replacement : character.value, out);
      at += character.size;
      continue;
    }
    char meant = c;  // as of the slash
    for (std::size_t i = 0; i < short_forms.size(); i += 2) {
      if (short_forms[i + 1] == c) meant = short_forms[i];
    }
    out += meant;
    at += 2;
  }
  return out;
}

bool has_whole_pairs(std::string_view token) noexcept {
  const std::string_view text = token.substr(0, token.size() - 1);
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const bool named = text[at + 1] != 'u';
    const Character character = named ? Character{0, 2} : character_at(text, at);
    if (is_half(character.value)) return false;
    at += character.size;
  }
  return true;
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  if (base::is_utf8(base::as_bytes(text))) {
    append_escaped(text, out);
  } else {
    append_escaped(base::utf8_from_latin1(text), out);
  }
  out += '"';
}

std::string on_one_line(std::string_view value) {
  std::string line;
  JsonReader reader(value);
  while (const auto token = reader.next()) line += token->text;
  return line;
}

std::string_view trim_json(std::string_view text) noexcept {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return text;
}

// --- items

JsonItems::JsonItems(std::string_view value) noexcept : text_(value), at_(1), is_object_(value.front() == '{') {
  if (value.front() != '{' && value.front() != '[') at_ = text_.size();
}

bool JsonItems::next() noexcept {
  const auto skip = [this] {
    while (at_ < text_.size() && (is_white_space(text_[at_]) || text_[at_] == ',' || text_[at_] == ':')) ++at_;
  };
  skip();
  if (at_ + 1 >= text_.size()) return false;  // but for the closing bracket
  if (is_object_) {
    key_ = take();
    skip();
  }
  value_ = take();
  return true;
}

bool JsonItems::has_key(std::string_view name) const {
  if (key_.find('\\') == std::string_view::npos) return key_.substr(1, key_.size() - 2) == name;
  return unescape_json(key_) == name;
}

// The value in front.
std::string_view JsonItems::take() noexcept {
  const std::size_t begin = at_;
  switch (text_[at_]) {
    case '"':
      at_ = end_of_string(text_, at_);
      break;
    case '{':
    case '[':
      at_ = end_of_container(text_, at_);
      break;
    default:
      at_ = std::min(text_.find_first_of(" \n\r\t,]}", at_), text_.size());
  }
  return text_.substr(begin, at_ - begin);
}

std::optional<std::string_view> find_member(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  if (type_of(object) != JsonType::object) return found;
  for (JsonItems items(object); items.next();) {
    if (items.has_key(name)) found = items.value();
  }
  return found;
}

std::optional<std::size_t> count_items(std::string_view value) {
  const JsonType type = type_of(value);
  if (type != JsonType::array && type != JsonType::object) return std::nullopt;
  std::size_t count = 0;
  JsonItems items(value);
  if (type == JsonType::array) {
    while (items.next()) ++count;
    return count;
  }
  std::vector<std::string> keys;
  while (items.next()) keys.push_back(unescape_json(items.key()));
  std::sort(keys.begin(), keys.end());
  return static_cast<std::size_t>(std::unique(keys.begin(), keys.end()) - keys.begin());
}

}  // namespace wscope::talk
