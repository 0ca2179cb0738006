// How fast wscope is, in one table: beside memcpy and zlib alone, plain TCP
// with the same bytes, the openssl program, and an epoll loop.
//
// "times" stands for the rows that matter most of those that take a quiet machine, "counts" for those that do not.
// Other programs are measured, too, where they are named: --server 'theirs=their-echo --port {port}', --client
// 'theirs=their {url}', --exec 'theirs=their-server --port {port} cat'. --quick takes a third of the time, for a first
// look.
//
// What is compared runs in turn, so that other programs on the machine disturb
// both sides, and each ratio is the median of those of neighbours. Ratios can
// be compared between machines, figures cannot.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "groups.h"
#ifdef __linux__
#include "support.h"
#endif

using namespace wscope::bench;

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr,
               "usage: wscope_bench WSCOPE [--quick] [--server NAME=COMMAND...] [--client NAME=COMMAND...]\n"
               "                    [--exec NAME=COMMAND...] [times | BEGINNING OF A ROW'S NAME]...\n");
    return 2;
  }
  Peers peers;
  std::vector<std::string> wanted;
  bool quick = false;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick") {
      quick = true;
    } else if (word == "--server" && i + 1 < argc) {
      peers.servers.push_back(peer_of(argv[++i]));
    } else if (word == "--exec" && i + 1 < argc) {
      peers.programs.push_back(peer_of(argv[++i]));
    } else if (word == "--client" && i + 1 < argc) {
      peers.clients.push_back(peer_of(argv[++i]));
    } else {
      wanted.push_back(word);
    }
  }
  Table table(std::move(wanted), quick);
  bench_core(table);
#ifdef __linux__
  const char* program = argv[1];
  allow_many_connections();
  bench_counts(table, program);
  bench_pipes(table, program, peers);
  bench_tls(table, program);
  pin(load_core);  // the servers of the other groups have their own
  bench_echo(table, program, peers);
  bench_connections(table, program, peers);
  bench_serving(table, program, peers);
  bench_poller(table);
#endif
  table.finish();
}
