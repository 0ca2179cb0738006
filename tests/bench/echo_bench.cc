// What a WebSocket costs on top of TCP: processor time per message of `wscope
// echo` against a plain TCP echo that serves the same bytes to the same
// clients.
//
// A row is payload:connections:messages in flight.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "support.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 3;
constexpr double round_seconds = 0.6;
constexpr int quiet_milliseconds = 50;
constexpr std::size_t largest_payload = std::size_t{1} << 20;

struct Cell {
  std::size_t payload;
  int connections;
  int depth;
  bool multi_byte = false;
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

// What comes back for one batch: payload bytes of data frames are counted,
// headers are skipped, so that it does not matter how a long message is
// fragmented.
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

// More than this at once would be a test of the kernel's memory.
constexpr std::size_t most_on_its_way = std::size_t{256} << 20;

void keep_little(int fd) {
  const int size = 64 * 1024;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

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
      if (batch_.size() * static_cast<std::size_t>(cell.connections) > most_on_its_way) keep_little(clients_.back().fd);
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

  // Sends for a while, then waits for what is on its way, so that what the server has worked on is what is counted: the
  // messages that came back, in parts too.
  double run(double seconds) {
    bytes_ = 0;
    sending_ = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    for (Client& client : clients_) send(client);
    while (std::chrono::steady_clock::now() < end) take_turn();
    sending_ = false;
    while (take_turn()) {
    }
    return bytes_ * depth_ / static_cast<double>(answer_);
  }

 private:
  // False if nothing has happened for a while.
  bool take_turn() {
    epoll_event events[256];
    const int count = epoll_wait(epoll_, events, 256, quiet_milliseconds);
    for (int i = 0; i < count; ++i) {
      Client& client = clients_[events[i].data.u32];
      send(client);
      receive(client);
    }
    return count > 0;
  }

  void send(Client& client) {
    while (sending_ && client.sent < batch_.size()) {
      const ssize_t n = ::send(client.fd, batch_.data() + client.sent, batch_.size() - client.sent, MSG_NOSIGNAL);
      if (n <= 0) return;
      client.sent += static_cast<std::size_t>(n);
    }
  }

  void receive(Client& client) {
    for (;;) {
      const ssize_t n = recv(client.fd, buffer_.data(), buffer_.size(), 0);
      if (n <= 0) return;
      const std::size_t payload = client.replies.take(buffer_.data(), static_cast<std::size_t>(n));
      bytes_ += static_cast<double>(payload);
      client.received += payload;
      if (client.received < answer_) continue;
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
  bool sending_ = false;
  double bytes_ = 0;  // of answers
};

// Microseconds of the server's processor time per message.
double cost(const Cell& cell, const Server& server, bool framed) {
  Load load(cell, server.port, framed);
  load.run(0.1);
  const double before = processor_time(server.process);
  const double messages = load.run(round_seconds);
  return (processor_time(server.process) - before) / messages * 1e6;
}

std::string name_of(const Cell& cell) {
  return fmt::format("echo/{}:{}:{}{}", size_text(cell.payload), cell.connections, cell.depth,
                     cell.multi_byte ? "/multi-byte" : "");
}

struct NamedGoal {
  std::string_view name;
  Goal goal;
};

Goal goal_of(std::string_view name) {
  static const NamedGoal goals[] = {
      {"echo/16B:50:1", ratio_at_least(.93, .97)},
      {"echo/16B:50:16", ratio_at_least(.75, .85)},
      {"echo/16B:500:16", ratio_at_least(.75, .87)},
      {"echo/1KiB:50:16", ratio_at_least(.75, .85)},
      {"echo/16KiB:1:16", ratio_at_least(.65, .80)},
      {"echo/16KiB:50:16", ratio_at_least(.60, .75)},
      {"echo/1MiB:1:1", ratio_at_least(.65, .80)},
      {"echo/1MiB:500:1", ratio_at_least(.60, .85)},
      {"echo/1KiB:50:16/multi-byte", ratio_at_least(.40, .55)},
      {"echo/16KiB:50:1/multi-byte", ratio_at_least(.42, .60)},
      {"echo/1MiB:1:1/multi-byte", ratio_at_least(.32, .45)},
  };
  for (const NamedGoal& named : goals) {
    if (named.name == name) return named.goal;
  }
  return {};
}

void bench_cell(Table& table, const char* program, const Cell& cell) {
  const std::string name = name_of(cell);
  if (!table.wants(name)) return;
  double memory = 0;
  const auto ours = [&] {
    const Server wscope = start_wscope(program);
    const double microseconds = cost(cell, wscope, true);
    memory = std::max(memory, peak_memory(wscope.process));
    stop(wscope);
    return microseconds;
  };
  const auto plain = [&] {
    const Server tcp = start_plain();
    const double microseconds = cost(cell, tcp, false);
    stop(tcp);
    return microseconds;
  };
  const Comparison costs = compare(rounds, ours, plain);
  table.add({name, "us", costs.ours, costs.other, 1 / costs.ratio, goal_of(name)});
  const bool is_largest = cell.payload == largest_payload && cell.connections == 500 && cell.depth == 1;
  if (is_largest) table.add({name + "/peak", "MB", memory / (1 << 20), {}, {}, figure_at_most(64, 8)});
}

}  // namespace

void bench_echo(Table& table, const char* program) {
  for (const std::size_t payload : {std::size_t{16}, std::size_t{1024}, std::size_t{16} * 1024, largest_payload}) {
    for (const int connections : {1, 50, 500, 2000}) {
      for (const int depth : {1, 16}) bench_cell(table, program, {payload, connections, depth});
    }
  }
  bench_cell(table, program, {1024, 50, 16, true});
  bench_cell(table, program, {std::size_t{16} * 1024, 50, 1, true});
  bench_cell(table, program, {largest_payload, 1, 1, true});
}

}  // namespace wscope::bench
