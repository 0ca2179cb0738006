// What `wscope listen` makes of programs and sockets behind it, beside socat, which does the same without a WebSocket:
// bytes a second through a relay to a plain TCP echo, and through `cat`; the processor time of all processes of the
// server together; and the memory of a client that says nothing.
//
// A row is payload:connections:messages in flight. The server and what is behind it have one core, the load the other.
// Other servers that start a program are measured, too, where they are named: --exec 'websocketd=websocketd
// --address=127.0.0.1 --port={port} --binary={binary} cat'; {binary} is false for rows of lines, and true for others.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "compare.h"
#include "groups.h"
#include "load.h"
#include "support.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 3;
constexpr int idle_clients = 200;
constexpr std::chrono::duration<double> round_time{.6};
constexpr std::chrono::duration<double> warm_up_time{.2};
using Arguments = std::vector<std::string>;

// 0 if it has gone.
pid_t parent_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t behind = line.rfind(')');
  if (behind == std::string::npos || behind + 4 > line.size()) return 0;
  return std::stoi(line.substr(behind + 4));
}

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

bool descends_from(pid_t process, pid_t root) {
  while (process > 1 && process != root) process = parent_of(process);
  return process == root;
}

// In seconds, of a process, its threads, and all that it has started.
double family_time(pid_t root) {
  double seconds = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!is_number(name) || !descends_from(std::stoi(name), root)) continue;
    std::error_code gone;
    for (const auto& thread : std::filesystem::directory_iterator(entry.path() / "task", gone)) {
      std::ifstream file(thread.path() / "schedstat");
      double nanoseconds = 0;
      file >> nanoseconds;
      seconds += nanoseconds / 1e9;
    }
  }
  return seconds;
}

struct Rate {
  double bytes_a_second;
  double nanoseconds_a_byte;  // of processor time
};

Rate measure(const Cell& cell, const Server& server, bool framed) {
  Load load(cell, server.port, framed);
  static_cast<void>(load.run(warm_up_time));
  const double before = family_time(server.process);
  const auto begin = std::chrono::steady_clock::now();
  const double bytes = load.run(round_time) * static_cast<double>(cell.payload);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return {bytes / taken.count(), (family_time(server.process) - before) / bytes * 1e9};
}

// One way to have it served.
struct Way {
  std::string name;
  std::function<Server()> start;
  bool framed = true;
};

// Two rows for the way beside another: how fast, and at what cost.
void bench_beside(Table& table, const std::string& name, const Cell& cell, const Way& ours, const Way& other,
                  const Goal& goal) {
  double our_cost = 0;
  double other_cost = 0;
  const auto seconds_a_megabyte = [&](const Way& way, double& cost) {
    const Server server = way.start();
    const Rate rate = measure(cell, server, way.framed);
    stop(server);
    cost = rate.nanoseconds_a_byte;
    return 1e6 / rate.bytes_a_second;
  };
  const Comparison both = compare(
      table.rounds(rounds), [&] { return seconds_a_megabyte(ours, our_cost); },
      [&] { return seconds_a_megabyte(other, other_cost); });
  table.add(
      {fmt::format("{} beside {}", name, other.name), "MB/s", 1 / both.ours, 1 / both.other, 1 / both.ratio, goal});
  table.add(
      {fmt::format("{}/cpu beside {}", name, other.name), "ns/B", our_cost, other_cost, our_cost / other_cost, {}});
}

std::string cell_text(const Cell& cell) {
  return fmt::format("{}:{}:{}", size_text(cell.payload), cell.connections, cell.depth);
}

bool is_there(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

void bench_relay(Table& table, const char* program, const Cell& cell) {
  const std::string name = "serve/relay/" + cell_text(cell);
  if (!table.wants(name) || !is_there("socat")) return;
  const Server target = start_plain();
  const std::string to = "127.0.0.1:" + std::to_string(target.port);
  const Way ours{"wscope", [&] { return start_wscope(program, {}, {"listen", "--relay", "tcp:" + to, "0"}); }};
  const Way socat{"socat",
                  [&] {
                    return start_peer({"socat", "socat TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,nodelay,fork TCP:" +
                                                    to + ",nodelay"});
                  },
                  false};
  bench_beside(table, name, cell, ours, socat, ratio_at_least(.7));
  stop(target);
}

// Any bytes, or lines, of which each is a message.
void bench_exec(Table& table, const char* program, const Peers& peers, const Cell& cell) {
  const bool lines = cell.kind != Payload::binary;
  const std::string name = (lines ? "serve/exec-lines/" : "serve/exec/") + cell_text(cell);
  if (!table.wants(name)) return;
  const char* const format = lines ? "lines" : "raw";
  const Way ours{"wscope", [&] {
                   return start_wscope(program, {}, {"listen", "--exec-format", format, "0", "--", "cat"});
                 }};
  const Way socat{
      "socat",
      [&] {
        return start_peer({"socat", "socat TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,nodelay,fork EXEC:cat"});
      },
      false};
  if (is_there("socat") && !lines) bench_beside(table, name, cell, ours, socat, ratio_at_least(.7));
  for (Peer peer : peers.programs) {
    const std::string place = "{binary}";
    const std::size_t at = peer.command.find(place);
    if (at != std::string::npos) peer.command.replace(at, place.size(), lines ? "false" : "true");
    bench_beside(table, name, cell, ours, {peer.name, [&] { return start_peer(peer); }}, ratio_at_least(5));
  }
}

// Bytes of the server's own memory for each client that says nothing.
void bench_idle(Table& table, const char* program, const std::string& name, const Arguments& arguments) {
  if (!table.wants(name)) return;
  const Server server = start_wscope(program, {}, arguments);
  close(connect_to(server.port, true));
  const double empty = resident_memory(server.process);
  std::vector<int> clients;
  for (int i = 0; i < idle_clients; ++i) clients.push_back(connect_to(server.port, true));
  table.add({name, "B", (resident_memory(server.process) - empty) / idle_clients, {}, {}, {}});
  for (const int fd : clients) close(fd);
  stop(server);
}

}  // namespace

void bench_serving(Table& table, const char* program, const Peers& peers) {
  constexpr std::size_t kibi = 1024;
  for (const Cell& cell : {Cell{16 * kibi, 1, 16, Payload::binary}, Cell{16 * kibi, 8, 16, Payload::binary},
                           Cell{1024 * kibi, 1, 1, Payload::binary}, Cell{64, 8, 16, Payload::binary}}) {
    bench_relay(table, program, cell);
    bench_exec(table, program, peers, cell);
  }
  for (const Cell& cell : {Cell{16, 8, 16}, Cell{64, 8, 16}, Cell{kibi, 8, 16}}) {
    bench_exec(table, program, peers, cell);
  }
  const Server target = start_plain();
  bench_idle(table, program, "serve/relay/idle",
             {"listen", "--relay", "tcp:127.0.0.1:" + std::to_string(target.port), "0"});
  stop(target);
  bench_idle(table, program, "serve/exec/idle",
             {"listen", "--exec-max", std::to_string(idle_clients + 1), "0", "--", "cat"});
}

}  // namespace wscope::bench
