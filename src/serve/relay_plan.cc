#include "serve/relay_plan.h"

#include <utility>

namespace wscope::serve {

base::Result<RelayRoute> parse_route(std::string_view text) {
  RelayRoute route;
  if (text.starts_with('/')) {
    const std::size_t end = text.find('=');
    if (end == std::string_view::npos) return base::usage_error("no target behind the path", "write /PATH=TARGET");
    route.path = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  auto target = parse_target(text);
  if (!target) return std::move(target).error();
  route.target = std::move(target).value();
  return route;
}

}  // namespace wscope::serve
