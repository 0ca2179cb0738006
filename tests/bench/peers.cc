#include "peers.h"

#include <signal.h>
#include <unistd.h>

namespace wscope::bench {
namespace {

constexpr int tries = 200;
constexpr useconds_t pause = 25'000;

std::string fill_in(std::string command, const std::string& place, const std::string& value) {
  for (std::size_t at = command.find(place); at != std::string::npos; at = command.find(place, at + value.size())) {
    command.replace(at, place.size(), value);
  }
  return command;
}

[[noreturn]] void become(const std::string& command) {
  const std::string words = "exec " + command;
  execute({"/bin/sh", "-c", words.c_str()});
}

}  // namespace

Peer peer_of(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos) fail("not NAME=COMMAND: " + argument);
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

Server start_peer(const Peer& server) {
  std::uint16_t port = 0;
  close(listen_on_loopback(port));
  const pid_t process = fork();
  if (process == 0) {
    pin(server_core);
    become(fill_in(server.command, "{port}", std::to_string(port)));
  }
  for (int i = 0; i < tries; ++i) {
    if (is_listening(port)) return {process, port};
    usleep(pause);
  }
  fail(server.name + " does not listen");
}

void run_peer(const Peer& client, std::uint16_t port) {
  signal(SIGPIPE, SIG_DFL);
  become(fill_in(client.command, "{url}", "ws://127.0.0.1:" + std::to_string(port)));
}

}  // namespace wscope::bench
