#include "script/mask.h"

#include <algorithm>
#include <cstdint>

#include "talk/template.h"

namespace wscope::script {
namespace {

std::string with_escaped_slashes(std::string_view json) {
  std::string text;
  for (const char c : json) text += c == '/' ? "\\/" : std::string(1, c);
  return text;
}

void append_unit(std::uint32_t unit, const char* digits, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> shift) & 0xfU];
}

// JSON as those write it who trust in nothing but ASCII.
std::string in_ascii(std::string_view json, const char* digits) {
  std::string text;
  for (std::size_t at = 0; at < json.size();) {
    const auto lead = static_cast<unsigned char>(json[at]);
    if (lead < 0x80) {
      text += json[at++];
      continue;
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (at + size > json.size()) return text;  // is no UTF-8, and so in no JSON
    std::uint32_t point = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) point = point << 6 | (static_cast<unsigned char>(json[at + i]) & 0x3fU);
    at += size;
    if (point >= 0x10000) {
      append_unit(0xd800 + ((point - 0x10000) >> 10), digits, text);
      point = 0xdc00 + ((point - 0x10000) & 0x3ff);
    }
    append_unit(point, digits, text);
  }
  return text;
}

}  // namespace

void Mask::add(std::string_view secret) {
  using Filter = talk::Template::Filter;
  const talk::Value value{talk::Value::Kind::text, std::string(secret)};
  const auto add = [this](std::string form) {
    if (std::find(forms_.begin(), forms_.end(), form) == forms_.end()) forms_.push_back(std::move(form));
  };
  for (const Filter filter : {Filter::none, Filter::url, Filter::base64}) add(talk::apply(filter, value));
  const std::string quoted = talk::apply(Filter::json, value);
  const std::string json = quoted.substr(1, quoted.size() - 2);  // as it is within a string
  for (const bool slashes : {false, true}) {
    const std::string text = slashes ? with_escaped_slashes(json) : json;
    add(text);
    for (const char* const digits : {"0123456789abcdef", "0123456789ABCDEF"}) add(in_ascii(text, digits));
  }
  std::stable_sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Mask::apply(std::string text) const {
  constexpr std::string_view stars = "***";
  for (const std::string& form : forms_) {
    for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + stars.size())) {
      text.replace(at, form.size(), stars);
    }
  }
  return text;
}

bool Mask::finds(base::Bytes bytes) const noexcept {
  const std::string_view text = base::as_text(bytes);
  return std::any_of(forms_.begin(), forms_.end(),
                     [text](const std::string& form) { return text.find(form) != std::string_view::npos; });
}

}  // namespace wscope::script
