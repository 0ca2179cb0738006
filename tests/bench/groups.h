// The groups of benchmarks. Each measures those of its rows that are wanted.
#pragma once

#include "peers.h"
#include "table.h"

namespace wscope::bench {

/// The protocol core beside memcpy, and zlib alone.
void bench_core(Table& table);
/// The others run `program`, which is wscope. Linux only.
/// Instructions and system calls; needs valgrind and strace.
void bench_counts(Table& table, const char* program);
void bench_pipes(Table& table, const char* program, const Peers& peers);
void bench_tls(Table& table, const char* program);
void bench_echo(Table& table, const char* program, const Peers& peers);
void bench_connections(Table& table, const char* program, const Peers& peers);
void bench_serving(Table& table, const char* program, const Peers& peers);
void bench_poller(Table& table);

}  // namespace wscope::bench
