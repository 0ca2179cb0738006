// What a message costs, counted: instructions and system calls of wscope. Each row runs it twice, with few messages and
// with many; what the two differ by, divided by the messages they differ by, is free of start and end.
//
// The figures are the same on a busy machine as on a quiet one, so they tell what a change costs; only the system calls
// of who receives a stream depend on how far its sender is ahead. Targets are what was counted when they were set: they
// are to stay met.
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include "counter.h"
#include "groups.h"
#include "load.h"
#include "support.h"
#include "transfer.h"

namespace wscope::bench {
namespace {

// How often the smaller and the larger run do what is counted.
struct Sizes {
  int few;
  int many;
};

// Counts of a run that does it `times` times.
using CountedRun = std::function<double(int times)>;

double count_each(const CountedRun& run, const Sizes& sizes) {
  const double few = run(sizes.few);
  return (run(sizes.many) - few) / (sizes.many - sizes.few);
}

// --- echo

double count_echo(const char* program, Counted what, const Cell& cell, int batches) {
  const Counter counter(what);
  const Server server = start_wscope(program, counter.prefix());
  {
    Load load(cell, server.port, true);
    load.exchange(batches, server.process);
  }
  kill(server.process, SIGTERM);
  waitpid(server.process, nullptr, 0);
  return counter.count();
}

struct EchoRow {
  const char* name;
  Counted what;
  Cell cell;
  Sizes batches;
  Goal goal;
};

void bench_echo_row(Table& table, const char* program, const EchoRow& row) {
  const double a_batch =
      count_each([&](int batches) { return count_echo(program, row.what, row.cell, batches); }, row.batches);
  const double messages = double{1} * row.cell.connections * row.cell.depth;
  table.add({row.name, "", a_batch / messages, {}, {}, row.goal});
}

// --- pipes, in thousands of lines

constexpr std::size_t line_size = 16;
constexpr int thousand = 1000;

// As a pipe is mostly used: each message puts the end of a silence off.
Transfer receiving_until_silence(std::string name, std::size_t size, std::size_t count) {
  Transfer transfer = receiving_messages(std::move(name), size, count);
  transfer.options = {"--wait", "60"};
  return transfer;
}

using MakeTransfer = Transfer (*)(std::string name, std::size_t size, std::size_t count);

double count_pipe(const char* program, Counted what, const Transfer& transfer) {
  const Counter counter(what);
  const Server server = start_server(transfer, true);
  static_cast<void>(run(transfer, [&] { run_wscope(counter.prefix(), program, transfer, server.port); }));
  stop(server);
  return counter.count();
}

struct PipeRow {
  const char* name;
  Counted what;
  MakeTransfer make;
  Sizes thousands;
  double lines;  // that the figure is for
  Goal goal;
};

void bench_pipe_row(Table& table, const char* program, const PipeRow& row) {
  const auto run = [&](int thousands) {
    return count_pipe(program, row.what, row.make(row.name, line_size, static_cast<std::size_t>(thousands) * thousand));
  };
  table.add({row.name, "", count_each(run, row.thousands) * row.lines / thousand, {}, {}, row.goal});
}

template <typename Row>
bool can_count(const Table& table, const Row& row) {
  if (!table.wants(row.name)) return false;
  if (is_installed(tool_for(row.what))) return true;
  fmt::print("{:<32} left out: {} is not installed\n", row.name, tool_for(row.what));
  return false;
}

}  // namespace

void bench_counts(Table& table, const char* program) {
  constexpr auto instructions = Counted::instructions;
  constexpr auto calls = Counted::system_calls;
  constexpr std::size_t kib = 1024;
  const EchoRow echo_rows[] = {
      {"counts/echo-16B-binary", instructions, {16, 50, 16, Payload::binary}, {5, 25}, figure_at_most(400)},
      {"counts/echo-16B-text", instructions, {16, 50, 16}, {5, 25}, figure_at_most(450)},
      {"counts/echo-1KiB-binary", instructions, {kib, 50, 16, Payload::binary}, {5, 25}, figure_at_most(850)},
      {"counts/echo-1KiB-text", instructions, {kib, 50, 16}, {5, 25}, figure_at_most(1150)},
      {"counts/echo-1MiB:1-calls", calls, {kib * kib, 1, 1, Payload::binary}, {10, 60}, figure_at_most(12)},
      {"counts/echo-1MiB:50-calls", calls, {kib * kib, 50, 1, Payload::binary}, {2, 8}, figure_at_most(12)},
  };
  for (const EchoRow& row : echo_rows) {
    if (can_count(table, row)) bench_echo_row(table, program, row);
  }
  const PipeRow pipe_rows[] = {
      {"counts/send-line", instructions, sending_lines, {20, 100}, 1, figure_at_most(280)},
      {"counts/receive-line", instructions, receiving_until_silence, {20, 100}, 1, figure_at_most(300)},
      {"counts/send-200000-lines-calls", calls, sending_lines, {200, 600}, 200'000, figure_at_most(200)},
      {"counts/receive-200000-lines-calls",
       calls,
       receiving_until_silence,
       {200, 600},
       200'000,
       figure_at_most(327, 150)},
  };
  for (const PipeRow& row : pipe_rows) {
    if (can_count(table, row)) bench_pipe_row(table, program, row);
  }
}

}  // namespace wscope::bench
