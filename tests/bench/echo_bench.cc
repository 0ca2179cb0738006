// What a WebSocket costs on top of TCP: processor time per message of `wscope
// echo` against a plain TCP echo that serves the same bytes to the same
// clients.
//
// A row is payload:connections:messages in flight.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "compare.h"
#include "groups.h"
#include "load.h"
#include "support.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 3;
constexpr std::chrono::duration<double> round_time{.6};
constexpr std::chrono::duration<double> warm_up_time{.1};
constexpr std::size_t largest_payload = std::size_t{1} << 20;

// Microseconds of the server's processor time per message.
double cost(const Cell& cell, const Server& server, bool framed) {
  Load load(cell, server.port, framed);
  static_cast<void>(load.run(warm_up_time));
  const double before = processor_time(server.process);
  const double messages = load.run(round_time);
  return (processor_time(server.process) - before) / messages * 1e6;
}

std::string name_of(const Cell& cell) {
  return fmt::format("echo/{}:{}:{}{}", size_text(cell.payload), cell.connections, cell.depth,
                     cell.kind == Payload::multi_byte_text ? "/multi-byte" : "");
}

struct NamedGoal {
  std::string_view name;
  Goal goal;
};

Goal goal_of(std::string_view name) {
  static const NamedGoal goals[] = {
      {"echo/16B:50:1", ratio_at_least(.93, .97)},
      {"echo/16B:50:16", ratio_at_least(.75, .88)},
      {"echo/16B:500:16", ratio_at_least(.75, .92)},
      {"echo/1KiB:50:16", ratio_at_least(.75, .87)},
      {"echo/16KiB:1:16", ratio_at_least(.80, 1.2)},
      {"echo/16KiB:50:16", ratio_at_least(.60, .75)},
      {"echo/1MiB:1:1", ratio_at_least(.80, 1.4)},
      {"echo/1MiB:50:1", ratio_at_least(.60, .95)},
      {"echo/1MiB:500:1", ratio_at_least(.60, .85)},
      {"echo/1KiB:50:16/multi-byte", ratio_at_least(.40, .60)},
      {"echo/16KiB:50:1/multi-byte", ratio_at_least(.42, .69)},
      {"echo/1MiB:1:1/multi-byte", ratio_at_least(.32, 1.0)},
  };
  for (const NamedGoal& named : goals) {
    if (named.name == name) return named.goal;
  }
  return {};
}

void bench_cell(Table& table, const char* program, const Peers& peers, const Cell& cell) {
  const std::string name = name_of(cell);
  if (!table.wants(name)) return;
  double memory = 0;
  const auto ours = [&] {
    const Server wscope = start_wscope(program);
    const double microseconds = cost(cell, wscope, true);
    memory = std::max(memory, peak_memory(wscope.process));
    stop(wscope);
    return microseconds;
  };
  const auto plain = [&] {
    const Server tcp = start_plain();
    const double microseconds = cost(cell, tcp, false);
    stop(tcp);
    return microseconds;
  };
  const Comparison costs = compare(table.rounds(rounds), ours, plain);
  table.add({name, "us", costs.ours, costs.other, 1 / costs.ratio, goal_of(name)});
  const bool is_largest = cell.payload == largest_payload && cell.connections == 500 && cell.depth == 1;
  if (is_largest) table.add({name + "/peak", "MB", memory / (1 << 20), {}, {}, figure_at_most(64, 8)});
  for (const Peer& peer : peers.servers) {
    const auto theirs = [&] {
      const Server server = start_peer(peer);
      const double microseconds = cost(cell, server, true);
      stop(server);
      return microseconds;
    };
    const Comparison others = compare(table.rounds(rounds), theirs, plain);
    table.add({"  " + peer.name, "us", others.ours, others.other, 1 / others.ratio, {}});
  }
}

}  // namespace

void bench_echo(Table& table, const char* program, const Peers& peers) {
  for (const std::size_t payload : {std::size_t{16}, std::size_t{1024}, std::size_t{16} * 1024, largest_payload}) {
    for (const int connections : {1, 50, 500, 2000}) {
      for (const int depth : {1, 16}) bench_cell(table, program, peers, {payload, connections, depth});
    }
  }
  bench_cell(table, program, peers, {1024, 50, 16, Payload::multi_byte_text});
  bench_cell(table, program, peers, {std::size_t{16} * 1024, 50, 1, Payload::multi_byte_text});
  bench_cell(table, program, peers, {largest_payload, 1, 1, Payload::multi_byte_text});
}

}  // namespace wscope::bench
