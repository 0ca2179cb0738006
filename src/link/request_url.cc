#include "link/request_url.h"

#include <string_view>

#include "http/request_target.h"

namespace wscope::link {

std::string url_of_request(const http::RequestHead& request, bool secure) {
  const std::string* const host = request.headers.find("Host");
  const auto target = http::split_target(request.target);
  std::string_view authority;
  if (host != nullptr) authority = *host;
  if (target && target->authority) authority = *target->authority;
  return (secure ? "wss://" : "ws://") + std::string(authority) + (target ? target->path_and_query : request.target);
}

}  // namespace wscope::link
