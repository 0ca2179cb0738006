// Descriptors to test with, and what a test may ask of one.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "net/fd.h"
#include "net/io.h"
#include "net/socket.h"

namespace wscope::test {

/// Waits until `fd` is ready for `events`; false if that takes suspiciously long.
inline bool wait_for(int fd, short events) {
  pollfd polled{fd, events, 0};
  return ::poll(&polled, 1, 20'000) == 1;
}

inline bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
inline bool is_non_blocking(int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0; }
inline bool is_private(int fd) { return is_non_blocking(fd) && (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0; }

/// As long as it lives, the process may have no descriptor of a number from `most` on; those that it has stay.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t most) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit lower = before_;
    lower.rlim_cur = most;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &lower) == 0);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
};

/// A pipe as a shell makes them: both ends block.
inline net::Pipe blocking_pipe() {
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  return {net::UniqueFd(fds[0]), net::UniqueFd(fds[1])};
}

/// Two sockets joined to each other, as a shell's are: both block.
inline std::pair<net::UniqueFd, net::UniqueFd> blocking_socket_pair() {
  int fds[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
  return {net::UniqueFd(fds[0]), net::UniqueFd(fds[1])};
}

/// A TCP connection through the loopback device.
struct Connection {
  net::UniqueFd client;
  net::UniqueFd server;
  net::SocketAddress peer;  // as accept_connection() told
};

inline Connection connect_to(int listener) {
  auto client = net::start_connect(net::local_address(listener));
  REQUIRE(client.ok());
  REQUIRE(wait_for(listener, POLLIN));
  net::AcceptResult accepted = net::accept_connection(listener);
  REQUIRE(accepted.kind == net::AcceptResult::Kind::accepted);
  REQUIRE(wait_for(client->get(), POLLOUT));
  REQUIRE(net::connect_result(client->get()).ok());
  return {std::move(*client), std::move(accepted.fd), accepted.peer};
}

inline net::UniqueFd listen_anywhere(const char* host = "127.0.0.1") {
  auto listener = net::listen_on(net::SocketAddress::from_numeric(host, 0).value(), 8);
  REQUIRE(listener.ok());
  return std::move(*listener);
}

/// All that comes until the end.
inline std::string read_to_end(int fd) {
  std::string text;
  std::vector<std::byte> room(65'536);
  for (;;) {
    const net::IoResult result = net::read_some(fd, room);
    if (result.kind == net::IoResult::Kind::done) {
      text += base::as_text(base::Bytes(room).first(result.bytes));
    } else if (result.kind != net::IoResult::Kind::would_block || !wait_for(fd, POLLIN)) {
      CHECK(result.kind == net::IoResult::Kind::end);
      return text;
    }
  }
}

}  // namespace wscope::test
