// The options about the way to an endpoint, and about trying again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/option_parser.h"

namespace wscope::cli {

/// The way as it is typed.
struct TypedRoute {
  link::IpVersion ip_version = link::IpVersion::any;
  std::optional<std::string> proxy{};  ///< empty: none, whatever the environment says
  std::string proxy_user{};
  std::string unix_socket{};
  std::vector<std::string> resolve{};
  std::vector<std::string> connect_to{};
};
void bind_route(OptionParser& parser, TypedRoute& typed);
/// `endpoint` decides which proxy of the environment is meant.
[[nodiscard]] base::Result<link::Route> read_route(const TypedRoute& typed, const link::Endpoint& endpoint);

/// What becomes of refusals and failures, as it is typed.
struct TypedRetries {
  bool follow = false;
  std::uint64_t max_redirects = 10;
  std::optional<std::string> reconnect{};
};
void bind_retries(OptionParser& parser, TypedRetries& typed);
[[nodiscard]] base::Result<void> read_retries(const TypedRetries& typed, link::ConnectPlan& plan);

}  // namespace wscope::cli
