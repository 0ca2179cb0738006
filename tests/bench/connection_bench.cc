// What a connection costs `wscope echo`: processor time to open it, echo once
// and close it, beside a plain TCP echo that does the same without any
// WebSocket; and memory while it is idle.
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "support.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 5;
constexpr int connections = 2000;
constexpr std::size_t small = 16;
constexpr std::size_t large = std::size_t{64} * 1024;
constexpr std::size_t small_header = 2;
constexpr std::size_t large_header = 10;

std::vector<std::byte> masked(ws::Opcode opcode, const std::vector<std::byte>& payload) {
  std::vector<std::byte> frame;
  append_masked(frame, opcode, payload);
  return frame;
}

void exchange(const std::vector<int>& fds, base::Bytes request, std::size_t reply) {
  std::vector<std::byte> buffer(reply);
  for (const int fd : fds) {
    if (!send_all(fd, request)) die("send");
  }
  for (const int fd : fds) read_exactly(fd, buffer.data(), buffer.size());
}

// Some at a time, in step. A WebSocket server closes first, and the plain one
// second.
void come_and_go(const Server& server, bool framed, int at_once) {
  const std::vector<std::byte> payload(small, std::byte{'x'});
  const std::vector<std::byte> message = masked(ws::Opcode::text, payload);
  const std::vector<std::byte> bye = masked(ws::Opcode::close, {std::byte{0x03}, std::byte{0xe8}});
  for (int i = 0; i < connections; i += at_once) {
    std::vector<int> fds;
    for (int j = 0; j < at_once; ++j) fds.push_back(connect_to(server.port, false));
    if (framed) {
      for (const int fd : fds) send_upgrade(fd);
      for (const int fd : fds) static_cast<void>(read_head(fd));
    }
    exchange(fds, framed ? message : payload, framed ? small_header + small : small);
    if (framed) exchange(fds, bye, small_header + 2);
    for (const int fd : fds) {
      std::byte end;
      if (framed && ::read(fd, &end, 1) != 0) fail("the server did not close the connection");
      close(fd);
    }
  }
}

// Microseconds of the server's processor time per connection.
double cost(const Server& server, bool framed, int at_once) {
  const double before = processor_time(server.process);
  come_and_go(server, framed, at_once);
  return (processor_time(server.process) - before) / connections * 1e6;
}

void bench_opening(Table& table, const char* program, const Peers& peers, int at_once) {
  const std::string name = fmt::format("connection/open/{}-at-a-time", at_once);
  if (!table.wants(name)) return;
  const Server wscope = start_wscope(program);
  const Server tcp = start_plain();
  come_and_go(wscope, true, at_once);
  const Comparison costs = compare(
      table.rounds(rounds), [&] { return cost(wscope, true, at_once); }, [&] { return cost(tcp, false, at_once); });
  stop(tcp);
  table.add({name, "us", costs.ours, costs.other, costs.ratio, figure_at_most(55, 46)});
  for (const Peer& peer : peers.servers) {
    const Server theirs = start_peer(peer);
    come_and_go(theirs, true, at_once);
    const Comparison both = compare(
        table.rounds(rounds), [&] { return cost(wscope, true, at_once); }, [&] { return cost(theirs, true, at_once); });
    stop(theirs);
    table.add({"  beside " + peer.name, "us", both.ours, both.other, both.ratio, ratio_at_most(1.05)});
  }
  stop(wscope);
}

void bench_memory(Table& table, const char* program) {
  if (!table.wants("connection/idle") && !table.wants("connection/idle/after-64KiB")) return;
  const Server server = start_wscope(program);
  const std::vector<std::byte> message = masked(ws::Opcode::text, std::vector<std::byte>(large, std::byte{'x'}));
  const int first = connect_to(server.port, true);
  exchange({first}, message,
           large_header + large);  // the server has touched what it needs only once
  close(first);
  const double empty = resident_memory(server.process);
  const auto each = [&] { return (resident_memory(server.process) - empty) / connections; };

  std::vector<int> clients;
  for (int i = 0; i < connections; ++i) clients.push_back(connect_to(server.port, true));
  table.add({"connection/idle", "B", each(), {}, {}, figure_at_most(1050, 512)});
  for (const int fd : clients) exchange({fd}, message, large_header + large);
  table.add({"connection/idle/after-64KiB", "B", each(), {}, {}, figure_at_most(1100, 512)});
  for (const int fd : clients) close(fd);
  stop(server);
}

}  // namespace

void bench_connections(Table& table, const char* program, const Peers& peers) {
  bench_opening(table, program, peers, 1);
  bench_opening(table, program, peers, 50);
  bench_memory(table, program);
}

}  // namespace wscope::bench
