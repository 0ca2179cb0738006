#include "talk/json_compare.h"

#include <algorithm>
#include <cstddef>

namespace wscope::talk {
namespace {

bool is_container(JsonType type) noexcept { return type == JsonType::array || type == JsonType::object; }

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which JsonReader bounds
void append_canonical(const JsonTree& tree, std::size_t part, std::string& out) {
  const std::string_view text = tree.token(part);
  const JsonType type = type_of(text);
  if (type == JsonType::string) return append_json_string(unescape_json(text), out);
  if (type == JsonType::number) {
    const Decimal value = decimal_of(text);
    out.append(value.negative ? "-" : "").append(value.digits).append("e").append(value.scale);
    return;
  }
  out += text;
  if (!is_container(type)) return;
  for (const JsonTree::Member& member : tree.members(part)) {
    if (type == JsonType::object) append_json_string(member.key, out);
    append_canonical(tree, member.part, out);
    out += ',';
  }
  out += type == JsonType::object ? '}' : ']';
}

}  // namespace

std::string canonical(std::string_view value) {
  std::string out;
  append_canonical(JsonTree(value), 0, out);
  return out;
}

Comparand::Comparand(std::string_view value) : value_(value), type_(type_of(value)) {
  if (type_ == JsonType::string) text_ = unescape_json(value);
  if (type_ == JsonType::number) number_ = decimal_of(value);
  if (is_container(type_)) text_ = canonical(value);
}

bool Comparand::equals(std::string_view other) const {
  if (type_of(other) != type_) return false;
  switch (type_) {
    case JsonType::null:
      return true;
    case JsonType::boolean:
      return other == value_;
    case JsonType::number:
      return other == value_ || decimal_of(other) == number_;
    case JsonType::string:
      if (other.find('\\') == std::string_view::npos) return other.substr(1, other.size() - 2) == text_;
      return unescape_json(other) == text_;
    case JsonType::array:
    case JsonType::object:
      return canonical(other) == text_;
  }
  return false;
}

std::optional<std::strong_ordering> Comparand::order(std::string_view other) const {
  if (type_of(other) != type_) return std::nullopt;
  if (type_ == JsonType::number) return compare(decimal_of(other), number_);
  if (type_ != JsonType::string) return std::nullopt;
  return unescape_json(other).compare(text_) <=> 0;  // UTF-8 has the order of code points
}

// --- what is alike

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value
Likeness::Likeness(std::string_view pattern)
    : anything_(pattern == "\"*\""),
      scalar_(is_container(type_of(pattern)) ? "null" : pattern),
      type_(type_of(pattern)) {
  if (!is_container(type_)) return;
  std::vector<std::pair<std::string, std::string_view>> parts;
  for (JsonItems items(pattern); items.next();) {
    parts.emplace_back(type_ == JsonType::object ? unescape_json(items.key()) : "", items.value());
  }
  if (type_ == JsonType::object) {
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool counts = type_ == JsonType::array || i + 1 == parts.size() || parts[i].first != parts[i + 1].first;
    if (counts) parts_.emplace_back(std::move(parts[i].first), Likeness(parts[i].second));
  }
}

bool Likeness::operator()(std::string_view value) const {
  if (anything_) return true;
  if (type_of(value) != type_) return false;
  return is_container(type_) ? accepts(JsonTree(value), 0) : scalar_.equals(value);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the pattern
bool Likeness::accepts(const JsonTree& tree, std::size_t part) const {
  if (anything_) return true;
  const std::string_view token = tree.token(part);
  if (type_of(token) != type_) return false;
  if (!is_container(type_)) return scalar_.equals(token);
  const std::vector<JsonTree::Member> members = tree.members(part);
  if (type_ == JsonType::array && members.size() != parts_.size()) return false;
  auto at = members.begin();
  for (const auto& [key, likeness] : parts_) {
    while (at != members.end() && at->key < key) ++at;
    if (at == members.end() || at->key != key || !likeness.accepts(tree, at->part)) return false;
    if (type_ == JsonType::array) ++at;
  }
  return true;
}

}  // namespace wscope::talk
