// How fast wscope is, in one table: beside memcpy and zlib alone, plain TCP
// with the same bytes, the openssl program, and an epoll loop.
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
    fmt::print(stderr, "usage: wscope_bench WSCOPE [BEGINNING OF A ROW'S NAME...]\n");
    return 2;
  }
  Table table(std::vector<std::string>(argv + 2, argv + argc));
  bench_core(table);
#ifdef __linux__
  const char* program = argv[1];
  allow_many_connections();
  bench_counts(table, program);
  bench_pipes(table, program);
  bench_tls(table, program);
  pin(load_core);  // the servers of the other groups have their own
  bench_echo(table, program);
  bench_connections(table, program);
  bench_poller(table);
#endif
  table.finish();
}
