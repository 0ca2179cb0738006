#include "support.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ws/frame.h"
#include "ws/mask.h"

namespace wscope::bench {
namespace {

constexpr ws::MaskKey mask_key = {std::byte{0x12}, std::byte{0x34}, std::byte{0x56}, std::byte{0x78}};

void append(std::vector<std::byte>& to, const ws::FrameHeader& header, base::Bytes payload) {
  std::byte head[ws::max_frame_header];
  const std::size_t size = ws::write_frame_header(header, head);
  to.insert(to.end(), head, head + size);
  to.insert(to.end(), payload.begin(), payload.end());
}

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
        send_at_once(client);
        watch(epoll, client);
        continue;
      }
      const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
      if (n <= 0 || !send_all(fd, base::Bytes(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0)))))
        close(fd);
    }
  }
}

// In bytes, of a file whose lines are as "VmHWM:   1234 kB".
double memory(pid_t process, const char* file_name, const std::string& field) {
  std::ifstream file("/proc/" + std::to_string(process) + "/" + file_name);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(field, 0) == 0) return std::atof(line.c_str() + field.size()) * 1024;
  }
  fail(field + " is not known");
}

}  // namespace

void die(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

void fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::_Exit(1);
}

void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(core), &set);
  static_cast<void>(sched_setaffinity(0, sizeof set, &set));
}

void allow_many_connections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool send_all(int fd, base::Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

void read_exactly(int fd, std::byte* to, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::read(fd, to, size);
    if (n <= 0) fail("a connection ended too early");
    to += n;
    size -= static_cast<std::size_t>(n);
  }
}

std::string read_head(int fd) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    std::byte byte;
    read_exactly(fd, &byte, 1);
    head += static_cast<char>(byte);
  }
  return head;
}

void append_masked(std::vector<std::byte>& to, ws::Opcode opcode, base::Bytes payload) {
  ws::FrameHeader header;
  header.opcode = opcode;
  header.length = payload.size();
  header.mask = mask_key;
  append(to, header, payload);
  ws::apply_mask(base::MutableBytes(to).last(payload.size()), mask_key);
}

void append_frame(std::vector<std::byte>& to, ws::Opcode opcode, base::Bytes payload, bool fin) {
  ws::FrameHeader header;
  header.opcode = opcode;
  header.length = payload.size();
  header.fin = fin;
  append(to, header, payload);
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

void send_at_once(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void send_upgrade(int fd) {
  const std::string request =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "
      "13\r\n\r\n";
  if (!send_all(fd, base::as_bytes(request))) die("send");
}

namespace {

bool connect_to(int fd, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

bool is_listening(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const bool connected = connect_to(fd, port);
  close(fd);
  return connected;
}

int connect_to(std::uint16_t port, bool upgrade) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (!connect_to(fd, port)) die("connect");
  send_at_once(fd);
  if (!upgrade) return fd;
  send_upgrade(fd);
  static_cast<void>(read_head(fd));
  return fd;
}

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

void execute(std::vector<const char*> arguments) {
  arguments.push_back(nullptr);
  execvp(arguments.front(), const_cast<char**>(arguments.data()));
  die(arguments.front());
}

Server start_wscope(const char* program, const std::vector<std::string>& prefix,
                    const std::vector<std::string>& options) {
  int ends[2];
  if (pipe(ends) != 0) die("pipe");
  const pid_t process = fork();
  if (process == 0) {
    pin(server_core);
    dup2(ends[1], STDERR_FILENO);
    std::vector<const char*> arguments;
    for (const std::string& word : prefix) arguments.push_back(word.c_str());
    arguments.push_back(program);
    for (const std::string& word : options) arguments.push_back(word.c_str());
    execute(std::move(arguments));
  }
  close(ends[1]);
  std::FILE* lines = fdopen(ends[0], "r");
  unsigned port = 0;
  if (std::fscanf(lines, "Listening on ws://127.0.0.1:%u", &port) != 1) die("no readiness line");
  std::fclose(lines);
  return {process, static_cast<std::uint16_t>(port)};
}

Server start_plain() {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const pid_t process = fork();
  if (process == 0) {
    pin(server_core);
    serve_plain(listener);
  }
  close(listener);
  return {process, port};
}

void stop(const Server& server) {
  kill(server.process, SIGKILL);
  waitpid(server.process, nullptr, 0);
}

double processor_time(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  double nanoseconds = 0;
  file >> nanoseconds;
  return nanoseconds / 1e9;
}

double peak_memory(pid_t process) { return memory(process, "status", "VmHWM:"); }

double resident_memory(pid_t process) { return memory(process, "smaps_rollup", "Rss:"); }

}  // namespace wscope::bench
