#include "repl/link_commands.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "repl/interpreter.h"
#include "repl/slash_arguments.h"

namespace wscope::repl {
namespace {

base::Error not_connected() { return base::usage_error("not connected", "/connect URL"); }

// Of what is in use, those that are open.
base::Result<std::vector<link::Link*>> open_links(const link::Connections& connections) {
  const link::Use use = connections.use();
  std::vector<link::Link*> links;
  for (const link::ConnectionNumber number : connections.targets(use)) links.push_back(connections.find(number));
  if (!links.empty()) return links;
  if (use.kind == link::Use::Kind::one) return not_now(fmt::format("connection {} is not open", use.connection));
  return connections.listening() ? not_now("no client is connected") : not_connected();
}

// The one in use, or else the one that was over last.
base::Result<void> reconnect(link::Connections& connections, InterpreterHost& host) {
  const link::Use use = connections.use();
  if (use.kind == link::Use::Kind::all && connections.listening()) return not_now("a client's connection is its own");
  std::optional<link::ConnectionNumber> number = connections.latest_past();
  if (use.kind == link::Use::Kind::one) number = use.connection;
  if (!number) return not_connected();
  const bool was_open = connections.is_open(*number);
  if (!connections.reconnect(*number)) return not_now("a client's connection is its own");
  host.say(fmt::format("connection {} is made {}\n", *number, was_open ? "again once it is closed" : "again"));
  return {};
}

base::Result<void> pause(link::Connections& connections, InterpreterHost& host) {
  const auto links = open_links(connections);
  if (!links) return links.error();
  const auto is_paused = [](const link::Link* link) { return link->paused(link::Link::Wait::by_hand); };
  const bool paused = !std::any_of(links->begin(), links->end(), is_paused);
  connections.pause(connections.use(), paused);
  host.say(paused ? "paused: nothing is read until /pause\n" : "reading goes on\n");
  return {};
}

base::Result<void> compress(std::string_view arguments, link::Connections& connections, InterpreterHost& host) {
  const auto links = open_links(connections);
  if (!links) return links.error();
  const auto on = parse_switch(arguments, links->front()->compresses());
  if (!on) return on.error();
  bool any_can = false;
  for (link::Link* link : *links) {
    any_can = any_can || !link->connection().extensions().empty();
    link->set_compresses(*on);
  }
  if (!any_can) return not_now("compression was not agreed on");
  host.say(fmt::format("compress {}\n", *on ? "on" : "off"));
  return {};
}

}  // namespace

bool changes_link(Action action) noexcept {
  return action == Action::reconnect || action == Action::pause || action == Action::compress;
}

base::Result<void> change_link(Action action, std::string_view arguments, link::Connections& connections,
                               InterpreterHost& host) {
  if (action == Action::reconnect) return reconnect(connections, host);
  if (action == Action::pause) return pause(connections, host);
  return compress(arguments, connections, host);
}

}  // namespace wscope::repl
