// The options about the way to an endpoint, and about trying again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// The way as it is typed.
struct TypedRoute {
  bool v4 = false;
  bool v6 = false;
  std::optional<std::string> proxy{};  ///< empty: none, whatever the environment says
  std::string proxy_user{};
  std::string unix_socket{};
  std::vector<std::string> resolve{};
  std::vector<std::string> connect_to{};
};
void add_route(CLI::App& app, TypedRoute& typed);
/// `endpoint` decides which proxy of the environment is meant.
[[nodiscard]] base::Result<link::Route> read_route(const TypedRoute& typed, const link::Endpoint& endpoint);

/// What becomes of refusals and failures, as it is typed.
struct TypedRetries {
  bool follow = false;
  std::string max_redirects = "10";
  std::optional<std::string> reconnect{};
};
void add_retries(CLI::App& app, TypedRetries& typed);
[[nodiscard]] base::Result<void> read_retries(const TypedRetries& typed, session::ConnectCommand& command);

}  // namespace wscope::cli
