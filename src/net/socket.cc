#include "net/socket.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#ifdef __linux__
#include <sys/sendfile.h>
#endif
#include <sys/socket.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::net {
namespace {

// macOS has the one, everybody else the other.
#ifdef MSG_NOSIGNAL
constexpr int no_signal = MSG_NOSIGNAL;
#else
constexpr int no_signal = 0;
#endif

bool set_option(int fd, int level, int option, int value) noexcept {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool make_quiet(int fd) noexcept {
#ifdef SO_NOSIGPIPE
  if (!set_option(fd, SOL_SOCKET, SO_NOSIGPIPE, 1)) return false;
#endif
  return make_private(fd);
}

// Invalid, with errno, if the system refuses. Not SOCK_NONBLOCK | SOCK_CLOEXEC, which macOS does not have.
UniqueFd make_socket(int family) noexcept {
  UniqueFd fd(::socket(family, SOCK_STREAM, 0));
  if (fd.valid() && !make_quiet(fd.get())) fd.reset();
  return fd;
}

bool bind_and_listen(int fd, const SocketAddress& address, int backlog) noexcept {
  if (address.family() == AF_INET6 && !set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) return false;
  // Else nobody could listen while connections of the last listener are still in TIME_WAIT.
  return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && ::bind(fd, address.data(), address.size()) == 0 &&
         ::listen(fd, backlog) == 0;
}

AcceptResult accept_failure(int error) noexcept {
  using Kind = AcceptResult::Kind;
  if (error == EAGAIN || error == EWOULDBLOCK) return {.kind = Kind::would_block, .error = error};
  if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
    return {.kind = Kind::out_of_descriptors, .error = error};
  }
  // What is left are troubles of the one connection (accept(2) lists many), and mistakes of ours.
  assert(error != EBADF && error != ENOTSOCK);
  return {.kind = Kind::transient, .error = error};
}

base::Error not_connected(int error) { return {base::ErrorKind::connect, error_text(error)}; }

// getsockname() and getpeername()
template <typename Ask>
SocketAddress address_of(int fd, Ask ask) noexcept {
  sockaddr_storage storage{};
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  socklen_t size = sizeof storage;
  return ask(fd, address, &size) == 0 ? SocketAddress::from(address, size) : SocketAddress();
}

}  // namespace

base::Result<UniqueFd> listen_on(const SocketAddress& address, int backlog) {
  UniqueFd fd = make_socket(address.family());
  if (!fd.valid() || !bind_and_listen(fd.get(), address, backlog)) {
    const int error = errno;  // text() may change it
    return system_error(address.text(), error);
  }
  return fd;
}

AcceptResult accept_connection(int listener) noexcept {
  sockaddr_storage storage{};
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  socklen_t size = sizeof storage;
  UniqueFd fd;
  do {
#ifdef __linux__
    fd.reset(::accept4(listener, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
#else
    fd.reset(::accept(listener, address, &size));
#endif
  } while (!fd.valid() && errno == EINTR);
  if (!fd.valid()) return accept_failure(errno);
#ifndef __linux__
  // macOS says EINVAL here of a connection that is already gone.
  if (!make_quiet(fd.get())) return {.kind = AcceptResult::Kind::transient, .error = errno};
#endif
  return {.kind = AcceptResult::Kind::accepted, .fd = std::move(fd), .peer = SocketAddress::from(address, size)};
}

base::Result<UniqueFd> start_connect(const SocketAddress& address) {
  UniqueFd fd = make_socket(address.family());
  if (!fd.valid()) return not_connected(errno);
  // An interrupted connect() goes on by itself.
  if (::connect(fd.get(), address.data(), address.size()) != 0 && errno != EINPROGRESS && errno != EINTR) {
    return not_connected(errno);
  }
  return fd;
}

base::Result<void> connect_result(int fd) {
  if (const int error = pending_error(fd); error != 0) return not_connected(error);
  return {};
}

int pending_error(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

SocketAddress local_address(int fd) noexcept { return address_of(fd, ::getsockname); }
SocketAddress peer_address(int fd) noexcept { return address_of(fd, ::getpeername); }

IoResult receive(int fd, base::MutableBytes into) noexcept {
  assert(!into.empty());
  return attempt([&] { return ::recv(fd, into.data(), into.size(), 0); });
}

IoResult send(int fd, base::Bytes from) noexcept {
  assert(!from.empty());
  return attempt([&] { return ::send(fd, from.data(), from.size(), MSG_DONTWAIT | no_signal); });
}

#ifdef __linux__
IoResult send_file(int fd, int file, std::uint64_t offset, std::size_t count) noexcept {
  auto from = static_cast<off_t>(offset);
  return attempt([&] { return ::sendfile(fd, file, &from, count); });
}
#else
// Other systems have calls of this name that do other things.
IoResult send_file(int fd, int file, std::uint64_t offset, std::size_t count) noexcept {
  std::array<std::byte, 16 * 1024> piece;
  const IoResult read =
      attempt([&] { return ::pread(file, piece.data(), std::min(count, piece.size()), static_cast<off_t>(offset)); });
  return read.kind == IoResult::Kind::done ? send(fd, base::Bytes(piece).first(read.bytes)) : read;
}
#endif

// These may fail when the peer has gone, which whoever reads or writes next is told anyway.
void half_close(int fd) noexcept { ::shutdown(fd, SHUT_WR); }

void set_no_delay(int fd) noexcept { set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1); }

void set_keep_alive(int fd) noexcept { set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1); }

void reset_on_close(int fd) noexcept {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// The reset happens when `fd` is closed, at the end of this function.
void abort_connection(UniqueFd fd) noexcept { reset_on_close(fd.get()); }

}  // namespace wscope::net
