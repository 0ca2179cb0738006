#include "cli/relay_arguments.h"

#include <algorithm>
#include <utility>

namespace wscope::cli {
namespace {

// What noVNC and its kin offer, and mean nothing by.
constexpr const char* usual_subprotocol = "binary";

bool is_for_all(const serve::RelayRoute& route) { return route.path.empty(); }

base::Result<void> add_route(const std::string& typed, std::vector<serve::RelayRoute>& routes) {
  auto route = serve::parse_route(typed);
  if (!route) return base::usage_error("--relay: " + route.error().message, route.error().hint);
  const auto same = [&route](const serve::RelayRoute& other) { return other.path == route->path; };
  if (std::any_of(routes.begin(), routes.end(), same)) {
    return command_line_error(route->path.empty() ? "two --relay without a path"
                                                  : "two --relay for the path " + route->path);
  }
  routes.push_back(std::move(route).value());
  return {};
}

}  // namespace

void bind_relay(OptionParser& parser, TypedRelay& typed) {
  parser.bind("--relay", typed.routes);
  parser.bind("--relay-file", typed.token_file);
  parser.bind("--compress", typed.compress);
  parser.bind("--idle", [&typed](const std::string& text) -> base::Result<void> {
    const auto idle = parse_seconds(text, "--idle");
    if (!idle) return idle.error();
    typed.idle = *idle;
    typed.idle_given = true;
    return {};
  });
}

base::Result<void> read_relay(const TypedRelay& typed, session::ServeCommand& command) {
  if (typed.routes.empty() && typed.token_file.empty()) {
    if (typed.idle_given) return command_line_error("--idle is for --relay");
    if (command.timeouts.connect != link::Timeouts().connect) {
      return command_line_error("--connect-timeout is for --relay, or for a client");
    }
    if (typed.compress) return command_line_error("--compress is for --relay: others agree to it unless --no-compress");
    return {};
  }
  if (command.exec) return command_line_error("--relay and a program exclude each other");
  serve::RelayPlan plan;
  for (const std::string& route : typed.routes) {
    if (auto added = add_route(route, plan.routes); !added) return added;
  }
  plan.token_file = typed.token_file;
  plan.idle = typed.idle;
  const auto for_all = std::find_if(plan.routes.begin(), plan.routes.end(), is_for_all);
  if (for_all != plan.routes.end()) {
    if (!plan.token_file.empty()) {
      return command_line_error("--relay without a path and --relay-file are both for all other paths");
    }
    std::rotate(for_all, for_all + 1, plan.routes.end());
  }
  command.relay = std::move(plan);
  command.service = link::ServiceKind::relay;
  command.compression = typed.compress;
  command.admission.subprotocols.emplace_back(usual_subprotocol);
  return {};
}

}  // namespace wscope::cli
