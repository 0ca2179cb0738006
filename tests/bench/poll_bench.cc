// What poll() costs where most connections are idle: processor time per message of an echo server on net::Poller
// against the same server on epoll, row by row in turn. Linux only.
//
// A row is connections/active. Each active connection has one message of one byte on its way, always; the load comes
// from the second core, the server runs on the first.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/poller.h"

namespace {

using namespace wscope;

constexpr int rounds = 5;
constexpr double round_seconds = 0.7;

struct Row {
  int connections;
  int active;
  const char* target;
};

constexpr Row rows[] = {{50, 50, ""}, {500, 5, ">= .80"}, {2000, 20, ">= .70"}, {10000, 100, ">= .45"}};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(core), &set);
  static_cast<void>(sched_setaffinity(0, sizeof set, &set));
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

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

void send_at_once(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_on_loopback(sockaddr_in& address) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 1024) != 0) die("listen");
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) die("getsockname");
  return fd;
}

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

std::vector<int> connect_all(const sockaddr_in& address, int count) {
  std::vector<int> connections;
  for (int i = 0; i < count; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
    send_at_once(fd);
    // Closing resets the connection, so that no port is kept back for later.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    connections.push_back(fd);
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

// Processor time that the process has used, in microseconds.
double processor_time(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  double nanoseconds = 0;
  file >> nanoseconds;
  return nanoseconds / 1e3;
}

// Microseconds of the server's processor time per message.
double cost(const Row& row, Serve serve) {
  sockaddr_in address{};
  const int listener = listen_on_loopback(address);
  const pid_t server = fork();
  if (server == 0) {
    pin(0);
    accept_and_serve(listener, row.connections, serve);
  }
  close(listener);
  const std::vector<int> connections = connect_all(address, row.connections);
  const std::vector<int> active = choose(connections, row.active);
  exchange(active, 0.1);
  const double before = processor_time(server);
  const double messages = exchange(active, round_seconds);
  const double used = processor_time(server) - before;
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
  for (const int fd : connections) close(fd);
  return used / messages;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void bench(const Row& row) {
  std::vector<double> ours;
  std::vector<double> epoll;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(cost(row, serve_by_poller));
    epoll.push_back(cost(row, serve_by_epoll));
    ratios.push_back(epoll.back() / ours.back());
  }
  fmt::print("{:<20}{:>12.2f}{:>12.2f}{:>10.2f}{:>10}\n", fmt::format("{}/{}", row.connections, row.active),
             median(ours), median(epoll), median(ratios), row.target);
  std::fflush(stdout);
}

}  // namespace

int main() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  pin(1);
  fmt::print("{:<20}{:>12}{:>12}{:>10}{:>10}\n", "connections/active", "Poller us", "epoll us", "ratio", "target");
  for (const Row& row : rows) bench(row);
}
