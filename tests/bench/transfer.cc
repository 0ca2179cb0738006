#include "transfer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ws/client_handshake.h"
#include "ws/frame_decoder.h"

namespace wscope::bench {
namespace {

constexpr std::size_t block_size = std::size_t{64} * 1024;
constexpr std::size_t lines_in_a_unit = 1000;

// The server: one connection at a time.

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
      const auto progress = decoder_.receive(bytes);
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

}  // namespace

Block block_of(std::string_view text) { return {base::as_bytes(text).begin(), base::as_bytes(text).end()}; }

Block frame_of(ws::Opcode opcode, const Block& payload, bool fin) {
  Block frame;
  append_frame(frame, opcode, payload, fin);
  return frame;
}

Block repeat(const Block& what, std::size_t times) {
  Block all;
  for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), what.begin(), what.end());
  return all;
}

Block normal_close() { return {std::byte{0x03}, std::byte{0xe8}}; }

Transfer sending_lines(std::string name, std::size_t size, std::size_t count) {
  const Block unit = repeat(block_of(std::string(size, 'x') + "\n"), lines_in_a_unit);
  return {.name = std::move(name),
          .options = {"--eof", "close"},
          .input = {{}, unit, count / lines_in_a_unit, {}},
          .payload = count * size,
          .plain = {},
          .framed = {{}, frame_of(ws::Opcode::close, normal_close())},
          .output = 0};
}

Transfer receiving_messages(std::string name, std::size_t size, std::size_t count) {
  const std::string text(size, 'x');
  const Block unit = repeat(frame_of(ws::Opcode::text, block_of(text)), lines_in_a_unit);
  const std::size_t times = count / lines_in_a_unit;
  return {.name = std::move(name),
          .options = {"--eof", "hold"},
          .input = {},
          .payload = 0,
          .plain = {{{}, repeat(block_of(text + "\n"), lines_in_a_unit), times, {}}, {}},
          .framed = {{{}, unit, times, frame_of(ws::Opcode::close, normal_close())}, {}},
          .output = count * (size + 1)};
}

Server start_server(const Transfer& transfer, bool framed) {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const pid_t process = fork();
  if (process == 0) serve(listener, transfer, framed);
  close(listener);
  return {process, port};
}

bool write_all(int fd, base::Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

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
  if (status != 0 || output != transfer.output) fail(transfer.name + ": the client failed");
  return {taken.count(), static_cast<double>(usage.ru_maxrss) * 1024};
}

void run_wscope(const std::vector<std::string>& prefix, const char* program, const Transfer& transfer,
                std::uint16_t port) {
  const std::string url = "ws://127.0.0.1:" + std::to_string(port);
  std::vector<const char*> arguments;
  for (const std::string& word : prefix) arguments.push_back(word.c_str());
  arguments.push_back(program);
  arguments.insert(arguments.end(), transfer.options.begin(), transfer.options.end());
  arguments.push_back(url.c_str());
  signal(SIGPIPE, SIG_DFL);
  execute(arguments);
}

}  // namespace wscope::bench
