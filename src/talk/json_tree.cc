#include "talk/json_tree.h"

#include <algorithm>

#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::talk {

JsonTree::JsonTree(std::string_view value) : text_(value) {
  using Kind = JsonToken::Kind;
  std::vector<std::size_t> open;
  JsonReader reader(value);
  while (const auto token = reader.next()) {
    if (token->kind == Kind::comma || token->kind == Kind::colon) continue;
    if (token->kind == Kind::close) {
      nodes_[open.back()].end = nodes_.size();
      open.pop_back();
      continue;
    }
    if (token->kind == Kind::open) open.push_back(nodes_.size());
    nodes_.push_back({reader.position() - token->text.size(), token->text.size(), nodes_.size() + 1});
  }
}

std::vector<JsonTree::Member> JsonTree::members(std::size_t part) const {
  std::vector<Member> found;
  const bool is_object = token(part) == "{";
  for (std::size_t at = part + 1; at < nodes_[part].end; at = nodes_[at].end) {
    std::string key = is_object ? unescape_json(token(at++)) : std::string();
    found.push_back({std::move(key), at});
  }
  if (!is_object) return found;
  // Of equal ones the last is in front, as it is what stays.
  std::sort(found.begin(), found.end(), [](const Member& left, const Member& right) {
    const int order = left.key.compare(right.key);
    return order != 0 ? order < 0 : left.part > right.part;
  });
  const auto same = [](const Member& left, const Member& right) { return left.key == right.key; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

}  // namespace wscope::talk
