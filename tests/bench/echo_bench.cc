// What a WebSocket costs on top of TCP: processor time per message of `wscope echo` against a plain TCP echo that
// serves the same bytes to the same clients, cell by cell in turn. echo_bench WSCOPE [CELL...], Linux only.
//
// A cell is payload:connections:messages in flight. The load runs on the second core, the server on the first.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "ws/frame.h"

namespace {

using namespace wscope;

constexpr int rounds = 3;
constexpr double round_seconds = 0.7;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(core), &set);
  static_cast<void>(sched_setaffinity(0, sizeof set, &set));
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

bool write_all(int fd, base::Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// --- servers

struct Server {
  pid_t process;
  std::uint16_t port;
};

int listen_on_loopback(std::uint16_t& port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 1024) != 0) die("listen");
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) die("getsockname");
  port = ntohs(address.sin_port);
  return fd;
}

// Sends back what it reads, with one blocking write for each read.
[[noreturn]] void serve_plain(int listener) {
  const int epoll = epoll_create1(0);
  watch(epoll, listener);
  static std::vector<std::byte> buffer(std::size_t{64} * 1024);
  epoll_event events[256];
  for (;;) {
    const int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        const int client = accept(listener, nullptr, nullptr);
        const int on = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, client);
        continue;
      }
      const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
      if (n <= 0 || !write_all(fd, base::Bytes(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0)))))
        close(fd);
    }
  }
}

Server start_plain() {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const pid_t process = fork();
  if (process == 0) {
    pin(0);
    serve_plain(listener);
  }
  close(listener);
  return {process, port};
}

Server start_wscope(const char* program) {
  int ends[2];
  if (pipe(ends) != 0) die("pipe");
  const pid_t process = fork();
  if (process == 0) {
    pin(0);
    dup2(ends[1], STDERR_FILENO);
    execl(program, program, "echo", "0", nullptr);
    die(program);
  }
  close(ends[1]);
  std::FILE* lines = fdopen(ends[0], "r");
  unsigned port = 0;
  if (std::fscanf(lines, "Listening on ws://127.0.0.1:%u", &port) != 1) die("no readiness line");
  std::fclose(lines);
  return {process, static_cast<std::uint16_t>(port)};
}

// Processor time that the process has used, in seconds.
double processor_time(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  double nanoseconds = 0;
  file >> nanoseconds;
  return nanoseconds / 1e9;
}

// --- load

struct Cell {
  std::size_t payload;
  int connections;
  int depth;
  bool multi_byte;
  const char* target;
};

std::vector<std::byte> frames(const Cell& cell) {
  std::vector<std::byte> bytes;
  for (int i = 0; i < cell.depth; ++i) {
    ws::FrameHeader header;
    header.opcode = ws::Opcode::text;
    header.length = cell.payload;
    header.mask = ws::MaskKey{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}, std::byte{0x78}};
    std::byte head[ws::max_frame_header];
    const std::size_t size = ws::write_frame_header(header, head);
    bytes.insert(bytes.end(), head, head + size);
    std::vector<std::byte> payload(cell.payload, std::byte{'x'});
    for (std::size_t j = 0; cell.multi_byte && j + 1 < payload.size(); j += 2) {
      payload[j] = std::byte{0xc4};  // č
      payload[j + 1] = std::byte{0x8d};
    }
    ws::apply_mask(payload, *header.mask);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
  }
  return bytes;
}

int connect_to(std::uint16_t port, bool upgrade) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die("connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!upgrade) return fd;
  const std::string request =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  if (!write_all(fd, base::as_bytes(request))) die("send");
  std::string answer;
  for (char c = 0; answer.find("\r\n\r\n") == std::string::npos && recv(fd, &c, 1, 0) == 1;) answer += c;
  return fd;
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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::string peak_memory(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return fmt::format("{:.1f} MB", std::atof(line.c_str() + 6) / 1024);
  }
  return "?";
}

void stop(const Server& server) {
  kill(server.process, SIGKILL);
  waitpid(server.process, nullptr, 0);
}

void bench(const char* program, const Cell& cell, const std::string& name) {
  std::vector<double> ours;
  std::vector<double> plain;
  std::string memory;
  for (int round = 0; round < rounds; ++round) {
    const Server wscope = start_wscope(program);
    ours.push_back(cost(cell, wscope, true));
    memory = peak_memory(wscope.process);
    stop(wscope);
    const Server tcp = start_plain();
    plain.push_back(cost(cell, tcp, false));
    stop(tcp);
  }
  fmt::print("{:<28}{:>12.2f}{:>12.2f}{:>10.2f}{:>10}{:>12}\n", name, ours.size() ? median(ours) : 0, median(plain),
             median(plain) / median(ours), cell.target, memory);
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
  pin(1);
  fmt::print("{:<28}{:>12}{:>12}{:>10}{:>10}{:>12}\n", "payload:connections:depth", "wscope us", "TCP us", "ratio",
             "target", "peak");
  for (const Cell& cell : cells) {
    const std::string name =
        fmt::format("{}:{}:{}{}", cell.payload, cell.connections, cell.depth, cell.multi_byte ? " multi-byte" : "");
    const bool wanted = argc == 2 || std::find(argv + 2, argv + argc, name) != argv + argc;
    if (wanted) bench(argv[1], cell, name);
  }
}
