// What a WebSocket costs in a pipe: wall time of `wscope URL` against a client
// that moves the same bytes over plain TCP as nc does; and the peak memory of
// wscope.
//
// The 64-byte rows are a million messages, the others 1 GiB in one; start is to
// connect, echo once, close and exit.
#include <algorithm>
#include <cstdlib>
#include <string>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "support.h"
#include "transfer.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

constexpr std::size_t block_size = std::size_t{64} * 1024;
constexpr std::size_t nc_buffer = std::size_t{16} * 1024;
constexpr std::size_t line_size = 64;
constexpr std::size_t lines = 1'000'000;
constexpr std::size_t huge = std::size_t{1} << 30;

[[noreturn]] void run_plain(std::uint16_t port) {
  static std::byte buffer[nc_buffer];
  const int fd = connect_to(port, false);
  for (ssize_t n; (n = ::read(STDIN_FILENO, buffer, nc_buffer)) > 0;) {
    send_all(fd, base::Bytes(buffer, static_cast<std::size_t>(n)));
  }
  shutdown(fd, SHUT_WR);
  for (ssize_t n; (n = recv(fd, buffer, nc_buffer, 0)) > 0;) {
    write_all(STDOUT_FILENO, base::Bytes(buffer, static_cast<std::size_t>(n)));
  }
  std::_Exit(0);
}

Transfer sending_huge() {
  return {.name = "pipe/send-1GiB",
          .options = {"--binary", "--eof", "close"},
          .input = {{}, Block(block_size, std::byte{0xaa}), huge / block_size, {}},
          .payload = huge,
          .plain = {},
          .framed = {{}, frame_of(ws::Opcode::close, normal_close())},
          .output = 0};
}

Transfer receiving_huge() {
  const Block block(block_size, std::byte{0xaa});
  const Block close = frame_of(ws::Opcode::close, normal_close());
  Block last = frame_of(ws::Opcode::continuation, block);
  last.insert(last.end(), close.begin(), close.end());
  const std::size_t blocks = huge / block_size;
  return {.name = "pipe/receive-1GiB",
          .options = {"--eof", "hold"},
          .input = {},
          .payload = 0,
          .plain = {{{}, block, blocks, {}}, {}},
          .framed = {{frame_of(ws::Opcode::binary, block, false), frame_of(ws::Opcode::continuation, block, false),
                      blocks - 2, last},
                     {}},
          .output = huge};
}

Transfer starting() {
  const std::string text = "hello";
  Block after = frame_of(ws::Opcode::text, block_of(text));
  const Block close = frame_of(ws::Opcode::close, normal_close());
  after.insert(after.end(), close.begin(), close.end());
  return {.name = "pipe/start",
          .options = {"--eof", "close"},
          .input = {block_of(text + "\n"), {}, 0, {}},
          .payload = text.size(),
          .plain = {{}, block_of(text + "\n")},
          .framed = {{}, after},
          .output = text.size() + 1};
}

// The peak memory of wscope, in bytes.
double bench_transfer(Table& table, const char* program, const Transfer& transfer, int rounds, const Goal& goal) {
  if (!table.wants(transfer.name)) return 0;
  const Server framed = start_server(transfer, true);
  const Server plain = start_server(transfer, false);
  double peak = 0;
  const auto ours = [&] {
    const Run mine = run(transfer, [&] { run_wscope({}, program, transfer, framed.port); });
    peak = std::max(peak, mine.peak);
    return mine.seconds;
  };
  const Comparison seconds =
      compare(rounds, ours, [&] { return run(transfer, [&] { run_plain(plain.port); }).seconds; });
  stop(framed);
  stop(plain);
  table.add({transfer.name, "ms", seconds.ours * 1e3, seconds.other * 1e3, seconds.ratio, goal});
  return peak;
}

}  // namespace

void bench_pipes(Table& table, const char* program) {
  signal(SIGPIPE, SIG_IGN);
  double peak = 0;
  const auto bench = [&](const Transfer& transfer, int rounds, const Goal& goal) {
    peak = std::max(peak, bench_transfer(table, program, transfer, rounds, goal));
  };
  bench(sending_lines("pipe/send-64B", line_size, lines), 9, ratio_at_most(2.0, 1.3));
  bench(receiving_messages("pipe/receive-64B", line_size, lines), 9, ratio_at_most(1.5, 1.0));
  bench(sending_huge(), 5, ratio_at_most(1.2, 1.0));
  bench(receiving_huge(), 5, ratio_at_most(1.0, 0.7));
  bench(starting(), 51, figure_at_most(3, 1.5));
  if (peak > 0) table.add({"pipe/peak", "MB", peak / (1 << 20), {}, {}, figure_at_most(6, 4)});
}

}  // namespace wscope::bench
