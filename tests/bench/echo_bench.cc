// What a WebSocket costs on top of TCP: processor time per message of `wscope echo` against a plain TCP echo that
// serves the same bytes to the same clients, cell by cell in turn. echo_bench WSCOPE [CELL...], Linux only.
//
// A cell is payload:connections:messages in flight. The load runs on the second core, the server on the first.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "support.h"
#include "ws/opcode.h"

namespace {

using namespace wscope;
using namespace wscope::bench;

constexpr int rounds = 3;
constexpr double round_seconds = 0.7;

struct Cell {
  std::size_t payload;
  int connections;
  int depth;
  bool multi_byte;
  const char* target;
};

std::vector<std::byte> frames(const Cell& cell) {
  std::vector<std::byte> bytes;
  std::vector<std::byte> payload(cell.payload, std::byte{'x'});
  for (std::size_t j = 0; cell.multi_byte && j + 1 < payload.size(); j += 2) {
    payload[j] = std::byte{0xc4};  // č
    payload[j + 1] = std::byte{0x8d};
  }
  for (int i = 0; i < cell.depth; ++i) append_masked(bytes, ws::Opcode::text, payload);
  return bytes;
}

// What comes back for one batch: payload bytes of data frames are counted, headers are skipped, so that it does not
// matter how a long message is fragmented.
class Replies {
 public:
  explicit Replies(bool framed) : framed_(framed) {}

  // Payload bytes among `bytes`.
  std::size_t take(const std::byte* bytes, std::size_t size) {
    if (!framed_) return size;
    std::size_t counted = 0;
    while (size > 0) {
      if (left_ == 0) {
        header_[have_++] = *bytes++;
        --size;
        read_header();
        continue;
      }
      const std::size_t part = std::min<std::size_t>(left_, size);
      counted += part;
      left_ -= part;
      bytes += part;
      size -= part;
    }
    return counted;
  }

 private:
  void read_header() {
    if (have_ < 2) return;
    const auto length = std::to_integer<unsigned>(header_[1]);
    const std::size_t size = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (have_ < size) return;
    left_ = length < 126    ? length
            : length == 126 ? base::load_big_endian<std::uint16_t>(header_ + 2)
                            : base::load_big_endian<std::uint64_t>(header_ + 2);
    have_ = 0;
  }

  bool framed_;
  std::byte header_[10];
  std::size_t have_ = 0;
  std::uint64_t left_ = 0;
};

struct Client {
  int fd;
  Replies replies;
  std::size_t sent = 0;      // of the batch
  std::size_t received = 0;  // of its answer
};

class Load {
 public:
  Load(const Cell& cell, std::uint16_t port, bool framed)
      : batch_(frames(cell)),
        answer_(framed ? cell.payload * static_cast<std::size_t>(cell.depth) : batch_.size()),
        epoll_(epoll_create1(0)),
        depth_(cell.depth) {
    for (int i = 0; i < cell.connections; ++i) {
      clients_.push_back({connect_to(port, framed), Replies(framed)});
      fcntl(clients_.back().fd, F_SETFL, O_NONBLOCK);
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLET;
      event.data.u32 = static_cast<std::uint32_t>(i);
      epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_.back().fd, &event);
    }
  }
  ~Load() {
    for (const Client& client : clients_) close(client.fd);
    close(epoll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Runs for a while; the number of messages that came back.
  double run(double seconds) {
    messages_ = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    for (Client& client : clients_) send(client);
    epoll_event events[256];
    while (std::chrono::steady_clock::now() < end) {
      const int count = epoll_wait(epoll_, events, 256, 100);
      for (int i = 0; i < count; ++i) {
        Client& client = clients_[events[i].data.u32];
        send(client);
        receive(client);
      }
    }
    return messages_;
  }

 private:
  void send(Client& client) {
    while (client.sent < batch_.size()) {
      const ssize_t n = ::send(client.fd, batch_.data() + client.sent, batch_.size() - client.sent, MSG_NOSIGNAL);
      if (n <= 0) return;
      client.sent += static_cast<std::size_t>(n);
    }
  }

  void receive(Client& client) {
    for (;;) {
      const ssize_t n = recv(client.fd, buffer_.data(), buffer_.size(), 0);
      if (n <= 0) return;
      client.received += client.replies.take(buffer_.data(), static_cast<std::size_t>(n));
      if (client.received < answer_) continue;
      messages_ += depth_;
      client.received = client.sent = 0;
      send(client);
    }
  }

  std::vector<std::byte> batch_;
  std::size_t answer_;
  int epoll_;
  int depth_;
  std::vector<Client> clients_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(256 * 1024);
  double messages_ = 0;
};

// Microseconds of the server's processor time per message.
double cost(const Cell& cell, const Server& server, bool framed) {
  Load load(cell, server.port, framed);
  load.run(0.1);
  const double before = processor_time(server.process);
  const double messages = load.run(round_seconds);
  return (processor_time(server.process) - before) / std::max(messages, 1.0) * 1e6;
}

void bench_cell(const char* program, const Cell& cell, const std::string& name) {
  std::vector<double> ours;
  std::vector<double> plain;
  double memory = 0;
  for (int round = 0; round < rounds; ++round) {
    const Server wscope = start_wscope(program);
    ours.push_back(cost(cell, wscope, true));
    memory = peak_memory(wscope.process);
    stop(wscope);
    const Server tcp = start_plain();
    plain.push_back(cost(cell, tcp, false));
    stop(tcp);
  }
  fmt::print("{:<28}{:>12.2f}{:>12.2f}{:>10.2f}{:>10}{:>9.1f} MB\n", name, median(ours), median(plain),
             median(plain) / median(ours), cell.target, memory / (1 << 20));
  std::fflush(stdout);
}

const Cell cells[] = {
    {16, 50, 1, false, ">= .93"},     {16, 50, 16, false, ">= .75"},      {16, 500, 16, false, ">= .75"},
    {1024, 50, 16, false, ">= .75"},  {16384, 1, 16, false, ">= .65"},    {16384, 50, 16, false, ">= .60"},
    {1048576, 1, 1, false, ">= .65"}, {1048576, 500, 1, false, ">= .60"}, {1024, 50, 16, true, ">= .40"},
    {16384, 50, 1, true, ">= .42"},   {1048576, 1, 1, true, ">= .32"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: echo_bench WSCOPE\n");
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  pin(load_core);
  fmt::print("{:<28}{:>12}{:>12}{:>10}{:>10}{:>12}\n", "payload:connections:depth", "wscope us", "TCP us", "ratio",
             "target", "peak");
  for (const Cell& cell : cells) {
    const std::string name =
        fmt::format("{}:{}:{}{}", cell.payload, cell.connections, cell.depth, cell.multi_byte ? " multi-byte" : "");
    const bool wanted = argc == 2 || std::find(argv + 2, argv + argc, name) != argv + argc;
    if (wanted) bench_cell(argv[1], cell, name);
  }
}
