#include "load.h"

#include <algorithm>
#include <limits>

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.h"
#include "ws/opcode.h"

namespace wscope::bench {
namespace {

constexpr int quiet_milliseconds = 50;
// More than this at once would be a test of the kernel's memory.
constexpr std::size_t most_on_its_way = std::size_t{256} << 20;

std::vector<std::byte> frames(const Cell& cell) {
  std::vector<std::byte> bytes;
  std::vector<std::byte> payload(cell.payload, std::byte{'x'});
  for (std::size_t j = 0; cell.kind == Payload::multi_byte_text && j + 1 < payload.size(); j += 2) {
    payload[j] = std::byte{0xc4};  // č
    payload[j + 1] = std::byte{0x8d};
  }
  const ws::Opcode opcode = cell.kind == Payload::binary ? ws::Opcode::binary : ws::Opcode::text;
  for (int i = 0; i < cell.depth; ++i) append_masked(bytes, opcode, payload);
  return bytes;
}

void keep_little(int fd) {
  const int size = 64 * 1024;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

}  // namespace

std::size_t Replies::take(base::Bytes bytes) {
  if (!framed_) return bytes.size();
  std::size_t counted = 0;
  while (!bytes.empty()) {
    if (left_ == 0) {
      header_[have_++] = bytes.front();
      bytes = bytes.subspan(1);
      read_header();
      continue;
    }
    const std::size_t part = std::min<std::size_t>(left_, bytes.size());
    counted += part;
    left_ -= part;
    bytes = bytes.subspan(part);
  }
  return counted;
}

void Replies::read_header() {
  if (have_ < 2) return;
  const auto length = std::to_integer<unsigned>(header_[1]);
  const std::size_t size = length == 126 ? 4 : length == 127 ? 10 : 2;
  if (have_ < size) return;
  left_ = length < 126    ? length
          : length == 126 ? base::load_big_endian<std::uint16_t>(header_ + 2)
                          : base::load_big_endian<std::uint64_t>(header_ + 2);
  have_ = 0;
}

Load::Load(const Cell& cell, std::uint16_t port, bool framed)
    : batch_(frames(cell)),
      answer_(framed ? cell.payload * static_cast<std::size_t>(cell.depth) : batch_.size()),
      epoll_(epoll_create1(0)),
      depth_(cell.depth),
      buffer_(std::size_t{256} * 1024) {
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

Load::~Load() {
  for (const Client& client : clients_) close(client.fd);
  close(epoll_);
}

double Load::run(std::chrono::duration<double> time) {
  bytes_ = 0;
  most_batches_ = std::numeric_limits<int>::max();
  const auto end = std::chrono::steady_clock::now() + time;
  for (Client& client : clients_) send(client);
  while (std::chrono::steady_clock::now() < end) take_turn();
  most_batches_ = 0;
  while (take_turn()) {
  }
  return bytes_ * depth_ / static_cast<double>(answer_);
}

void Load::exchange(int times, pid_t server) {
  for (Client& client : clients_) client.batches = 0;
  for (most_batches_ = 1; most_batches_ <= times; ++most_batches_) {
    kill(server, SIGSTOP);
    for (Client& client : clients_) send(client);
    kill(server, SIGCONT);
    const auto is_answered = [&](const Client& client) { return client.batches == most_batches_; };
    while (!std::all_of(clients_.begin(), clients_.end(), is_answered)) take_turn();
  }
}

bool Load::take_turn() {
  epoll_event events[256];
  const int count = epoll_wait(epoll_, events, 256, quiet_milliseconds);
  for (int i = 0; i < count; ++i) {
    Client& client = clients_[events[i].data.u32];
    send(client);
    receive(client);
  }
  return count > 0;
}

void Load::send(Client& client) {
  while (client.batches < most_batches_ && client.sent < batch_.size()) {
    const ssize_t n = ::send(client.fd, batch_.data() + client.sent, batch_.size() - client.sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    client.sent += static_cast<std::size_t>(n);
  }
}

void Load::receive(Client& client) {
  for (;;) {
    const ssize_t n = recv(client.fd, buffer_.data(), buffer_.size(), 0);
    if (n <= 0) return;
    const std::size_t payload = client.replies.take(base::Bytes(buffer_).first(static_cast<std::size_t>(n)));
    bytes_ += static_cast<double>(payload);
    client.received += payload;
    if (client.received < answer_) continue;
    client.received = client.sent = 0;
    ++client.batches;
    send(client);
  }
}

}  // namespace wscope::bench
