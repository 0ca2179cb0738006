// What a WebSocket costs in a pipe: wall time of `wscope URL` against a client that moves the same bytes over plain
// TCP; and the peak memory of wscope.
//
// The rows of lines are a million messages, those of 1 GiB are one; start is to connect, echo once, close and exit,
// beside the smallest client that does so.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>

#include <signal.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "peers.h"
#include "support.h"
#include "transfer.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

// OpenBSD's has -N, and says so.
bool has_nc() {
  static const bool found = std::system("nc -h 2>&1 | grep -q -e ' -N'") == 0;
  return found;
}

// The smallest client there can be; it is where this program is.
[[noreturn]] void run_bare(std::uint16_t port) {
  const std::string path = std::filesystem::read_symlink("/proc/self/exe").string() + "_client";
  execute({path.c_str(), std::to_string(port).c_str()});
}

constexpr std::size_t block_size = std::size_t{64} * 1024;
constexpr std::size_t line_sizes[] = {16, 64};
constexpr std::size_t lines = 1'000'000;
constexpr std::size_t huge = std::size_t{1} << 30;

// Plain TCP: nc where it is one that tells the other end of the end of its input, else what comes with this program.
[[noreturn]] void run_plain(std::uint16_t port) {
  const std::string number = std::to_string(port);
  signal(SIGPIPE, SIG_DFL);
  if (has_nc()) execute({"nc", "-N", "127.0.0.1", number.c_str()});
  run_bare(port);
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

Transfer telling_version(const char* program) {
  std::size_t size = 0;
  std::FILE* const version = popen((std::string(program) + " --version").c_str(), "r");
  while (std::fgetc(version) != EOF) ++size;
  pclose(version);
  return {.name = "pipe/version",
          .options = {"--version"},
          .input = {},
          .payload = 0,
          .plain = {{}, Block(size, std::byte{0})},
          .framed = {},
          .output = size};
}

using RunClient = std::function<void(std::uint16_t port)>;

struct Bench {
  Transfer transfer;
  int rounds;
  Goal goal;
  RunClient plain = run_plain;
};

class Pipes {
 public:
  Pipes(Table& table, const char* program, const Peers& peers) : table_(table), program_(program), peers_(peers) {}

  void bench(const Bench& wanted) {
    const Transfer& transfer = wanted.transfer;
    if (!table_.wants(transfer.name)) return;
    const Server framed = start_server(transfer, true);
    const Server plain = start_server(transfer, false);
    const auto seconds = [&](const Server& server, const RunClient& client) {
      const Run measured = run(transfer, [&] { client(server.port); });
      return measured;
    };
    const auto other = [&] { return seconds(plain, wanted.plain).seconds; };
    const auto ours = [&] {
      const Run mine = seconds(framed, [&](std::uint16_t port) { run_wscope({}, program_, transfer, port); });
      peak_ = std::max(peak_, mine.peak);
      return mine.seconds;
    };
    add(transfer.name, compare(table_.rounds(wanted.rounds), ours, other), wanted.goal);
    for (const Peer& peer : peers_.clients) {
      if (transfer.output == 0 && transfer.payload == 0) break;
      const auto theirs = [&] { return seconds(framed, [&](std::uint16_t port) { run_peer(peer, port); }).seconds; };
      add("  " + peer.name, compare(table_.rounds(wanted.rounds), theirs, other), {});
    }
    stop(framed);
    stop(plain);
  }

  void add_peak() {
    if (peak_ > 0) table_.add({"pipe/peak", "MB", peak_ / (1 << 20), {}, {}, figure_at_most(6, 4)});
  }

 private:
  void add(const std::string& name, const Comparison& seconds, const Goal& goal) {
    table_.add({name, "ms", seconds.ours * 1e3, seconds.other * 1e3, seconds.ratio, goal});
  }

  Table& table_;
  const char* program_;
  const Peers& peers_;
  double peak_ = 0;
};

}  // namespace

void bench_pipes(Table& table, const char* program, const Peers& peers) {
  signal(SIGPIPE, SIG_IGN);
  Pipes pipes(table, program, peers);
  const Goal to_send[] = {ratio_at_most(3.5), ratio_at_most(2.0, 1.3)};
  const Goal to_receive[] = {ratio_at_most(1.3), ratio_at_most(1.5, 1.0)};
  for (std::size_t i = 0; i < std::size(line_sizes); ++i) {
    const std::string size = size_text(line_sizes[i]);
    pipes.bench({sending_lines("pipe/send-" + size, line_sizes[i], lines), 9, to_send[i]});
    pipes.bench({receiving_messages("pipe/receive-" + size, line_sizes[i], lines), 9, to_receive[i]});
  }
  pipes.bench({sending_huge(), 5, ratio_at_most(1.2, 1.0)});
  pipes.bench({receiving_huge(), 5, ratio_at_most(1.0, 0.7)});
  pipes.bench({starting(), 151, ratio_at_most(1.72, 1.3), run_bare});
  if (table.wants("pipe/version")) {
    pipes.bench({telling_version(program), 151, ratio_at_most(1.13, .8), run_bare});
  }
  pipes.add_peak();
}

}  // namespace wscope::bench
