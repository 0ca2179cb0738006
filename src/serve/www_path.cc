#include "serve/www_path.h"

#include <algorithm>

#include "http/percent.h"

namespace wscope::serve {
namespace {

constexpr std::string_view well_known = ".well-known";

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
  const auto decoded = http::percent_decode(path);
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
