#include "view/json.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "http/field_syntax.h"
#include "view/hexdump.h"

namespace wscope::view {
namespace {

constexpr auto needs_escape = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = table[0x7f] = true;
  return table;
}();

void append_escape(char c, std::string& out) {
  constexpr std::string_view short_forms = "\"\"\\\\\bb\ff\nn\rr\tt";  // a character, what stands for it
  for (std::size_t i = 0; i < short_forms.size(); i += 2) {
    if (short_forms[i] != c) continue;
    out += '\\';
    out += short_forms[i + 1];
    return;
  }
  out += "\\u00";
  append_hex(base::as_bytes({&c, 1}), out);
}

// The same for eight characters at once: whether there is one among them.
bool any_needs_escape(const char* eight) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, eight, sizeof(word));
  // The highest bit of every byte that is less than `limit`, and of none else up to the first of them.
  const auto less = [](std::uint64_t bytes, std::uint64_t limit) { return (bytes - ones * limit) & ~bytes; };
  const auto equal = [&](std::uint64_t c) { return less(word ^ ones * c, 1); };
  return ((less(word, 0x20) | equal('"') | equal('\\') | equal(0x7f)) & ones * 0x80) != 0;
}

// Where the next character that needs an escape is, or the end.
std::size_t find_escape(std::string_view utf8) noexcept {
  std::size_t at = 0;
  while (utf8.size() - at >= 8 && !any_needs_escape(utf8.data() + at)) at += 8;
  while (at < utf8.size() && !needs_escape[static_cast<unsigned char>(utf8[at])]) ++at;
  return at;
}

void append_escaped(std::string_view utf8, std::string& out) {
  while (true) {
    const std::size_t run = find_escape(utf8);
    out += utf8.substr(0, run);
    if (run == utf8.size()) return;
    append_escape(utf8[run], out);
    utf8.remove_prefix(run + 1);
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  if (base::is_utf8(base::as_bytes(text))) {
    append_escaped(text, out);
  } else {
    append_escaped(base::utf8_from_latin1(text), out);
  }
  out += '"';
}

void JsonObject::begin(std::string_view key) {
  out_ += first_ ? "{\"" : ",\"";
  out_ += key;
  out_ += "\":";
  first_ = false;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value) {
  begin(key);
  append_json_string(value, out_);
  return *this;
}

JsonObject& JsonObject::word(std::string_view key, std::string_view value) {
  begin(key);
  out_ += '"';
  out_ += value;
  out_ += '"';
  return *this;
}

JsonObject& JsonObject::time(std::string_view key, WallTime value) {
  begin(key);
  out_ += '"';
  append_rfc3339(value, out_);
  out_ += '"';
  return *this;
}

JsonObject& JsonObject::number(std::string_view key, std::uint64_t value) {
  begin(key);
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonObject& JsonObject::milliseconds(std::string_view key, double value) {
  begin(key);
  fmt::format_to(std::back_inserter(out_), "{:.3f}", value);
  return *this;
}

JsonObject& JsonObject::boolean(std::string_view key, bool value) {
  begin(key);
  out_ += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::null(std::string_view key) {
  begin(key);
  out_ += "null";
  return *this;
}

JsonObject& JsonObject::headers(std::string_view key, const http::Headers& value) {
  begin(key);
  out_ += '[';
  for (const http::Field& field : value) {
    if (out_.back() != '[') out_ += ',';
    out_ += '[';
    append_json_string(field.name, out_);
    out_ += ',';
    append_json_string(field.value, out_);
    out_ += ']';
  }
  out_ += ']';
  return *this;
}

JsonObject& JsonObject::list(std::string_view key, std::string_view value) {
  begin(key);
  out_ += '[';
  while (!value.empty()) {
    const std::string_view part = value.substr(0, value.find(','));
    value.remove_prefix(std::min(part.size() + 1, value.size()));
    const std::string_view trimmed = http::trim_white_space(part);
    if (trimmed.empty()) continue;
    if (out_.back() != '[') out_ += ',';
    append_json_string(trimmed, out_);
  }
  out_ += ']';
  return *this;
}

JsonObject& JsonObject::strings(std::string_view key, std::span<const std::string> values) {
  begin(key);
  out_ += '[';
  for (const std::string& value : values) {
    if (out_.back() != '[') out_ += ',';
    append_json_string(value, out_);
  }
  out_ += ']';
  return *this;
}

JsonObject& JsonObject::base64(std::string_view key, base::Bytes value) {
  return word(key, base::base64_encode(value));
}

JsonObject& JsonObject::hex(std::string_view key, base::Bytes value) {
  begin(key);
  out_ += '"';
  append_hex(value, out_);
  out_ += '"';
  return *this;
}

void JsonObject::close() { out_ += first_ ? "{}" : "}"; }

void JsonObject::end() {
  close();
  out_ += '\n';
}

}  // namespace wscope::view
