#include "view/json.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/base64.h"
#include "http/field_syntax.h"
#include "talk/json.h"
#include "view/hexdump.h"

namespace wscope::view {

void JsonObject::begin(std::string_view key) {
  out_ += first_ ? "{\"" : ",\"";
  out_ += key;
  out_ += "\":";
  first_ = false;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value) {
  begin(key);
  talk::append_json_string(value, out_);
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

JsonObject& JsonObject::json(std::string_view key, std::string_view value) {
  begin(key);
  out_ += talk::on_one_line(value);
  return *this;
}

JsonObject& JsonObject::headers(std::string_view key, const http::Headers& value) {
  begin(key);
  out_ += '[';
  for (const http::Field& field : value) {
    if (out_.back() != '[') out_ += ',';
    out_ += '[';
    talk::append_json_string(field.name, out_);
    out_ += ',';
    talk::append_json_string(field.value, out_);
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
    talk::append_json_string(trimmed, out_);
  }
  out_ += ']';
  return *this;
}

JsonObject& JsonObject::strings(std::string_view key, std::span<const std::string> values) {
  begin(key);
  out_ += '[';
  for (const std::string& value : values) {
    if (out_.back() != '[') out_ += ',';
    talk::append_json_string(value, out_);
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
