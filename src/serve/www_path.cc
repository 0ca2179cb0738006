#include "serve/www_path.h"

#include <algorithm>
#include <array>
#include <optional>

namespace wscope::serve {
namespace {

constexpr std::string_view well_known = ".well-known";

int value_of(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(static_cast<unsigned char>(digit) | 0x20U);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text) {
  constexpr int base = 16;
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = value_of(text[i + 1]);
    const int low = value_of(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * base + low);
    i += 2;
  }
  return decoded;
}

bool is_forbidden(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < ' ' || byte == 0x7f || c == '\\' || c == '/';
}

bool is_unreserved(char c) noexcept {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("-._~").find(c) != std::string_view::npos;
}

bool are_www_names(std::string_view path) noexcept {
  bool first = true;
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    if (!is_www_name(segment) && !(first && segment == well_known)) return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
    first = false;
  }
}

}  // namespace

bool is_www_name(std::string_view name) noexcept {
  return !name.empty() && name.front() != '.' && std::none_of(name.begin(), name.end(), is_forbidden);
}

WwwPath read_www_path(std::string_view path) {
  const auto decoded = decode(path);
  if (!decoded) return {400};
  if (!decoded->starts_with('/')) return {404};
  if (decoded->size() == 1) return {200, "", true};
  const bool has_slash = decoded->ends_with('/');
  std::string names = decoded->substr(1, decoded->size() - (has_slash ? 2 : 1));
  if (!are_www_names(names)) return {404};
  return {200, std::move(names), has_slash};
}

std::string write_www_path(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += digits[byte >> 4U];
    text += digits[byte & 0xfU];
  }
  return text;
}

}  // namespace wscope::serve
