#include "http/request_target.h"

#include <array>
#include <cstddef>

#include "http/headers.h"

namespace wscope::http {

std::optional<RequestTarget> split_target(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  if (target.starts_with('/')) return RequestTarget{std::nullopt, std::string(target)};
  constexpr std::array<std::string_view, 4> schemes = {"http://", "https://", "ws://", "wss://"};
  for (const std::string_view scheme : schemes) {
    if (!begins_ignoring_case(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::string_view authority = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(authority.size());
    return RequestTarget{authority, (target.starts_with('/') ? "" : "/") + std::string(target)};
  }
  return std::nullopt;
}

}  // namespace wscope::http
