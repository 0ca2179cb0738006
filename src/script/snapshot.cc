#include "script/snapshot.h"

#include <algorithm>
#include <utility>

#include "view/json_layout.h"

namespace wscope::script {

std::string snapshot_of(const talk::Message& message, const std::vector<talk::Path>& except) {
  const auto json = message.json();
  if (!json) return std::string(message.text()) + "\n";
  std::vector<std::pair<std::size_t, std::size_t>> parts;  // begin and size
  for (const talk::Path& path : except) {
    path.visit(*json, [&](const talk::Part& part) {
      if (part) parts.emplace_back(static_cast<std::size_t>(part->data() - json->data()), part->size());
      return false;
    });
  }
  // What is within another part goes with it.
  std::sort(parts.begin(), parts.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first < b.first : a.second > b.second; });
  std::string text;
  std::size_t at = 0;
  for (const auto& [begin, size] : parts) {
    if (begin < at) continue;
    text += json->substr(at, begin - at);
    text += "\"*\"";
    at = begin + size;
  }
  text += json->substr(at);
  return view::pretty_json(text).value_or(text) + "\n";
}

}  // namespace wscope::script
