// What a WebSocket costs in a pipe: wall time of `wscope URL` against a client
// that moves the same bytes over plain TCP as nc does; and the peak memory of
// wscope.
//
// The 64-byte rows are a million messages, the others 1 GiB in one; start is to
// connect, echo once, close and exit.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "support.h"
#include "ws/client_handshake.h"
#include "ws/frame_decoder.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

using Block = std::vector<std::byte>;

constexpr std::size_t block_size = std::size_t{64} * 1024;
constexpr std::size_t nc_buffer = std::size_t{16} * 1024;

// Many bytes in little memory: `unit` is repeated between `first` and `last`.
struct Stream {
  Block first;
  Block unit;
  std::size_t times = 0;
  Block last;

  [[nodiscard]] std::size_t size() const { return first.size() + unit.size() * times + last.size(); }
};

// What a server says before it listens until the client has finished, and what
// it says then.
struct Script {
  Stream before;
  Block after;
};

// One way to use a client.
struct Transfer {
  const char* name;
  std::vector<const char*> options;
  Stream input;
  std::size_t payload;  // of the input, without line ends
  Script plain;
  Script framed;
  std::size_t output;  // bytes of stdout
};

Block block_of(std::string_view text) { return {base::as_bytes(text).begin(), base::as_bytes(text).end()}; }

// --- the server: one connection at a time

void send_stream(int fd, const Stream& stream) {
  send_all(fd, stream.first);
  for (std::size_t i = 0; i < stream.times; ++i) send_all(fd, stream.unit);
  send_all(fd, stream.last);
}

void upgrade(int fd) {
  const std::string head = read_head(fd);
  const std::string_view field = "Sec-WebSocket-Key: ";
  const std::size_t begin = head.find(field) + field.size();
  const std::string key = head.substr(begin, head.find("\r\n", begin) - begin);
  send_all(fd, base::as_bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
                              "websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: " +
                              ws::accept_value(key) + "\r\n\r\n"));
}

// Counts payload bytes, without looking at them, up to the Close.
class Payloads {
 public:
  // False after the Close.
  bool take(base::MutableBytes bytes) {
    while (!bytes.empty()) {
      const std::size_t part = std::min<std::size_t>(left_, bytes.size());
      bytes = bytes.subspan(part);
      left_ -= part;
      if (left_ > 0) continue;
      const auto progress = decoder_.read_header(bytes);
      if (progress == ws::FrameDecoder::Progress::need_more) break;
      if (progress == ws::FrameDecoder::Progress::failed) fail("not a frame");
      if (decoder_.header().opcode == ws::Opcode::close) return false;
      left_ = decoder_.header().length;
      counted_ += left_;
    }
    return true;
  }
  [[nodiscard]] std::size_t counted() const { return counted_; }

 private:
  ws::FrameDecoder decoder_{ws::Role::server, ~std::uint64_t{0}};
  std::uint64_t left_ = 0;
  std::size_t counted_ = 0;
};

void converse(int fd, const Transfer& transfer, bool framed) {
  static Block buffer(std::size_t{4} * block_size);
  const Script& script = framed ? transfer.framed : transfer.plain;
  if (framed) upgrade(fd);
  send_stream(fd, script.before);
  std::size_t counted = 0;
  Payloads payloads;
  for (bool more = true; more;) {
    const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
    if (n <= 0) break;
    counted += static_cast<std::size_t>(n);
    if (framed) more = payloads.take(base::MutableBytes(buffer).first(static_cast<std::size_t>(n)));
  }
  send_all(fd, script.after);
  if (framed ? payloads.counted() != transfer.payload : counted != transfer.input.size()) fail("bytes were lost");
}

[[noreturn]] void serve(int listener, const Transfer& transfer, bool framed) {
  for (;;) {
    const int fd = accept(listener, nullptr, nullptr);
    converse(fd, transfer, framed);
    close(fd);
  }
}

Server start_server(const Transfer& transfer, bool framed) {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const pid_t process = fork();
  if (process == 0) serve(listener, transfer, framed);
  close(listener);
  return {process, port};
}

// --- the clients

bool write_all(int fd, base::Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

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

[[noreturn]] void run_wscope(const char* program, const Transfer& transfer, std::uint16_t port) {
  const std::string url = "ws://127.0.0.1:" + std::to_string(port);
  std::vector<const char*> arguments = transfer.options;
  arguments.insert(arguments.begin(), program);
  arguments.push_back(url.c_str());
  arguments.push_back(nullptr);
  signal(SIGPIPE, SIG_DFL);
  execv(program, const_cast<char**>(arguments.data()));
  die(program);
}

struct Run {
  double seconds;
  double peak;  // bytes
};

// Feeds a client through one pipe and reads it through another, from its start
// to its end. No transfer has so much in both directions that the pipes could
// fill up.
Run run(const Transfer& transfer, const std::function<void()>& client) {
  static Block buffer(block_size);
  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) die("pipe");
  const auto begin = std::chrono::steady_clock::now();
  const pid_t process = fork();
  if (process == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    client();
  }
  close(in[0]);
  close(out[1]);
  write_all(in[1], transfer.input.first);
  for (std::size_t i = 0; i < transfer.input.times; ++i) write_all(in[1], transfer.input.unit);
  close(in[1]);
  std::size_t output = 0;
  for (ssize_t n; (n = ::read(out[0], buffer.data(), buffer.size())) > 0;) output += static_cast<std::size_t>(n);
  close(out[0]);
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  if (status != 0 || output != transfer.output) fail(std::string(transfer.name) + ": the client failed");
  return {taken.count(), static_cast<double>(usage.ru_maxrss) * 1024};
}

// --- the transfers

constexpr std::size_t line_size = 64;
constexpr std::size_t lines = 1'000'000;
constexpr std::size_t lines_in_a_unit = 1000;
constexpr std::size_t huge = std::size_t{1} << 30;

const Block normal_close = {std::byte{0x03}, std::byte{0xe8}};

Block frame_of(ws::Opcode opcode, const Block& payload, bool fin = true) {
  Block frame;
  append_frame(frame, opcode, payload, fin);
  return frame;
}

Block repeat(const Block& what, std::size_t times) {
  Block all;
  for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), what.begin(), what.end());
  return all;
}

Transfer sending_lines() {
  const Block unit = repeat(block_of(std::string(line_size, 'x') + "\n"), lines_in_a_unit);
  return {.name = "pipe/send-64B",
          .options = {"--eof", "close"},
          .input = {{}, unit, lines / lines_in_a_unit, {}},
          .payload = lines * line_size,
          .plain = {},
          .framed = {{}, frame_of(ws::Opcode::close, normal_close)},
          .output = 0};
}

Transfer receiving_messages() {
  const std::string text(line_size, 'x');
  const Block unit = repeat(frame_of(ws::Opcode::text, block_of(text)), lines_in_a_unit);
  const std::size_t times = lines / lines_in_a_unit;
  return {.name = "pipe/receive-64B",
          .options = {"--eof", "hold"},
          .input = {},
          .payload = 0,
          .plain = {{{}, repeat(block_of(text + "\n"), lines_in_a_unit), times, {}}, {}},
          .framed = {{{}, unit, times, frame_of(ws::Opcode::close, normal_close)}, {}},
          .output = lines * (line_size + 1)};
}

Transfer sending_huge() {
  return {.name = "pipe/send-1GiB",
          .options = {"--binary", "--eof", "close"},
          .input = {{}, Block(block_size, std::byte{0xaa}), huge / block_size, {}},
          .payload = huge,
          .plain = {},
          .framed = {{}, frame_of(ws::Opcode::close, normal_close)},
          .output = 0};
}

Transfer receiving_huge() {
  const Block block(block_size, std::byte{0xaa});
  const Block close = frame_of(ws::Opcode::close, normal_close);
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
  const Block close = frame_of(ws::Opcode::close, normal_close);
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
    const Run mine = run(transfer, [&] { run_wscope(program, transfer, framed.port); });
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
  bench(sending_lines(), 9, ratio_at_most(2.0, 1.3));
  bench(receiving_messages(), 9, ratio_at_most(1.5, 1.0));
  bench(sending_huge(), 5, ratio_at_most(1.2, 1.0));
  bench(receiving_huge(), 5, ratio_at_most(1.0, 0.7));
  bench(starting(), 51, figure_at_most(3, 1.5));
  if (peak > 0) table.add({"pipe/peak", "MB", peak / (1 << 20), {}, {}, figure_at_most(6, 4)});
}

}  // namespace wscope::bench
