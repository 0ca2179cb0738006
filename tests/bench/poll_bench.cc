// What poll() costs where most connections are idle: processor time per message
// of an echo server on net::Poller beside the same server on epoll.
//
// A row is connections:active ones. Each active connection has one message of
// one byte on its way, always.
#include <chrono>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compare.h"
#include "groups.h"
#include "net/poller.h"
#include "support.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 5;
constexpr double round_seconds = 0.7;

struct Size {
  int connections;
  int active;
};

// --- servers

using Serve = void (*)(const std::vector<int>& connections);

void echo(int fd) {
  char buffer[64];
  const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
  if (n <= 0 || send(fd, buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL) != n) std::_Exit(0);
}

struct Echo final : net::Pollable {
  explicit Echo(int connection) : fd(connection) {}
  void handle_ready(net::Poller::Id, net::Readiness) override { echo(fd); }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  int fd;
};

void serve_by_poller(const std::vector<int>& connections) {
  net::Poller poller;
  std::deque<Echo> echoes;
  for (const int fd : connections) static_cast<void>(poller.add(fd, {.readable = true}, echoes.emplace_back(fd)));
  while (poller.run_once().ok()) {
  }
}

void serve_by_epoll(const std::vector<int>& connections) {
  const int epoll = epoll_create1(0);
  for (const int fd : connections) watch(epoll, fd);
  for (epoll_event events[256];;) {
    const int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) echo(events[i].data.fd);
  }
}

// --- connections

[[noreturn]] void accept_and_serve(int listener, int count, Serve serve) {
  std::vector<int> connections;
  for (int i = 0; i < count; ++i) {
    connections.push_back(accept(listener, nullptr, nullptr));
    if (connections.back() < 0) die("accept");
    send_at_once(connections.back());
  }
  serve(connections);
  std::_Exit(0);
}

Server start_server(int connections, Serve serve) {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const pid_t process = fork();
  if (process == 0) {
    pin(server_core);
    accept_and_serve(listener, connections, serve);
  }
  close(listener);
  return {process, port};
}

std::vector<int> connect_all(const Server& server, int count) {
  std::vector<int> connections;
  for (int i = 0; i < count; ++i) {
    connections.push_back(connect_to(server.port, false));
    // Closing resets the connection, so that no port is kept back for later.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(connections.back(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  return connections;
}

// --- load

// Evenly spread among all.
std::vector<int> choose(const std::vector<int>& connections, int count) {
  std::vector<int> chosen;
  const std::size_t step = connections.size() / static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < connections.size(); i += step) chosen.push_back(connections[i]);
  return chosen;
}

void send_byte(int fd) {
  if (send(fd, "x", 1, MSG_NOSIGNAL) != 1) die("send");
}

void receive_byte(int fd) {
  char c = 0;
  if (recv(fd, &c, 1, 0) != 1) die("recv");
}

// Answers each echo with the next message, for a while; the number of messages.
double exchange(const std::vector<int>& active, double seconds) {
  double messages = 0;
  const int epoll = epoll_create1(0);
  for (const int fd : active) watch(epoll, fd);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (const int fd : active) send_byte(fd);
  for (epoll_event events[256]; std::chrono::steady_clock::now() < end;) {
    const int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      receive_byte(events[i].data.fd);
      send_byte(events[i].data.fd);
    }
    messages += count;
  }
  for (const int fd : active) receive_byte(fd);
  close(epoll);
  return messages + static_cast<double>(active.size());
}

// Microseconds of the server's processor time per message.
double cost(const Size& size, Serve serve) {
  const Server server = start_server(size.connections, serve);
  const std::vector<int> connections = connect_all(server, size.connections);
  const std::vector<int> active = choose(connections, size.active);
  exchange(active, 0.1);
  const double before = processor_time(server.process);
  const double messages = exchange(active, round_seconds);
  const double used = processor_time(server.process) - before;
  stop(server);
  for (const int fd : connections) close(fd);
  return used / messages * 1e6;
}

void bench(Table& table, const Size& size, const Goal& goal) {
  const std::string name = fmt::format("poll/{}:{}", size.connections, size.active);
  if (!table.wants(name)) return;
  const Comparison costs = compare(
      table.rounds(rounds), [&] { return cost(size, serve_by_poller); }, [&] { return cost(size, serve_by_epoll); });
  table.add({name, "us", costs.ours, costs.other, 1 / costs.ratio, goal});
}

}  // namespace

void bench_poller(Table& table) {
  bench(table, {50, 50}, {});
  bench(table, {500, 5}, ratio_at_least(.80));
  bench(table, {2000, 20}, ratio_at_least(.70));
  bench(table, {10000, 100}, ratio_at_least(.45));
}

}  // namespace wscope::bench
