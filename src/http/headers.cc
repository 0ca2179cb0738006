#include "http/headers.h"

#include <algorithm>
#include <array>

namespace wscope::http {
namespace {

// Not std::tolower, which asks the locale.
constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return to_lower(left) == to_lower(right); });
}

bool begins_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), to_lower);
  return text;
}

bool is_secret_field(std::string_view name) {
  constexpr std::array<std::string_view, 6> telling = {"auth", "cookie", "key", "token", "secret", "password"};
  constexpr std::array<std::string_view, 3> harmless = {"www-authenticate", "proxy-authenticate", "sec-websocket-key"};
  const std::string lower = in_lower_case(std::string(name));
  if (std::find(harmless.begin(), harmless.end(), lower) != harmless.end()) return false;
  return std::any_of(telling.begin(), telling.end(),
                     [&lower](std::string_view part) { return lower.find(part) != std::string::npos; });
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [name](const Field& field) { return equals_ignoring_case(field.name, name); });
}

void Headers::set(std::string_view name, std::string value) {
  const auto is_it = [name](const Field& field) { return equals_ignoring_case(field.name, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), is_it);
  if (first == fields_.end()) return add(std::string(name), std::move(value));
  first->value = std::move(value);
  fields_.erase(std::remove_if(first + 1, fields_.end(), is_it), fields_.end());
}

void Headers::continue_last(std::string_view text) {
  std::string& value = fields_.back().value;
  if (!value.empty() && !text.empty()) value += ' ';
  value += text;
}

std::size_t Headers::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(begin(), end(), [name](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

const std::string* Headers::find(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (equals_ignoring_case(field.name, name)) return &field.value;
  }
  return nullptr;
}

std::optional<std::string> Headers::joined(std::string_view name) const {
  std::optional<std::string> all;
  for (const Field& field : fields_) {
    if (!equals_ignoring_case(field.name, name)) continue;
    if (all) {
      all->append(", ").append(field.value);
    } else {
      all = field.value;
    }
  }
  return all;
}

}  // namespace wscope::http
