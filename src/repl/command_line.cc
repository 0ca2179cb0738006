#include "repl/command_line.h"

#include <algorithm>

namespace wscope::repl {

std::vector<std::string_view> items_of(std::string_view list, char separator) {
  std::vector<std::string_view> items;
  while (!list.empty()) {
    items.push_back(list.substr(0, list.find(separator)));
    list.remove_prefix(std::min(items.back().size() + 1, list.size()));
  }
  return items;
}

}  // namespace wscope::repl
