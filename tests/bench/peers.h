// Other people's programs, measured as wscope is. None is needed: who wants to see one names it on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support.h"

namespace wscope::bench {

/// A command of the shell.
struct Peer {
  std::string name;
  std::string command;
};

struct Peers {
  std::vector<Peer> servers;   ///< WebSocket echo servers; "{port}" in the command is where it is to listen
  std::vector<Peer> programs;  ///< that start `cat` for each client, at "{port}"
  std::vector<Peer> clients;   ///< of lines as messages, from stdin and to stdout; "{url}" is where it is to connect
};

/// "NAME=COMMAND"; ends the program if it is not that.
[[nodiscard]] Peer peer_of(const std::string& argument);

/// On the server's core, once it can be connected to.
[[nodiscard]] Server start_peer(const Peer& server);
/// Becomes the client.
[[noreturn]] void run_peer(const Peer& client, std::uint16_t port);

}  // namespace wscope::bench
