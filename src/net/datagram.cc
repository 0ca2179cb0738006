#include "net/datagram.h"

#include <cassert>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "net/error.h"

namespace wscope::net {
namespace {

UniqueFd make_socket(int family) noexcept {
  UniqueFd fd(::socket(family, SOCK_DGRAM, 0));
  if (fd.valid() && !make_private(fd.get())) fd.reset();
  return fd;
}

bool set_option(int fd, int level, int option) noexcept {
  const int on = 1;
  return ::setsockopt(fd, level, option, &on, sizeof on) == 0;
}

// Of a socket that is bound to all addresses, only this tells which of them was asked. Without it the system chooses.
void ask_for_way(int fd, int family) noexcept {
#ifdef IP_PKTINFO
  if (family == AF_INET) set_option(fd, IPPROTO_IP, IP_PKTINFO);
#endif
#ifdef IPV6_RECVPKTINFO
  if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
#endif
}

// As attempt() has it, but a datagram may be empty.
template <typename MoveBytes>
IoResult attempt_datagram(MoveBytes&& move_bytes) noexcept {
  std::ptrdiff_t returned;
  do {
    returned = move_bytes();
  } while (returned < 0 && errno == EINTR);
  if (returned >= 0) return {IoResult::Kind::done, static_cast<std::size_t>(returned)};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoResult::Kind::would_block};
  return {IoResult::Kind::failed, 0, errno};
}

// Room for either family's.
struct Control {
  alignas(cmsghdr) unsigned char bytes[256];
};

SocketAddress address_of_ipv4(const in_addr& number) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr = number;
  return SocketAddress::from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

SocketAddress address_of_ipv6(const in6_addr& number, std::uint32_t scope) noexcept {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = number;
  address.sin6_scope_id = scope;
  return SocketAddress::from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

SocketAddress asked_address(msghdr& message) noexcept {
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
#ifdef IP_PKTINFO
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      in_pktinfo information;
      std::memcpy(&information, CMSG_DATA(item), sizeof information);
      return address_of_ipv4(information.ipi_addr);
    }
#endif
#ifdef IPV6_RECVPKTINFO
    if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo information;
      std::memcpy(&information, CMSG_DATA(item), sizeof information);
      return address_of_ipv6(information.ipi6_addr, information.ipi6_ifindex);
    }
#endif
  }
  return {};
}

template <typename Information>
void put_control(msghdr& message, Control& control, int level, int type, const Information& information) noexcept {
  message.msg_control = control.bytes;
  message.msg_controllen = CMSG_SPACE(sizeof information);
  cmsghdr* const item = CMSG_FIRSTHDR(&message);
  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN(sizeof information);
  std::memcpy(CMSG_DATA(item), &information, sizeof information);
}

void ask_to_send_from([[maybe_unused]] const SocketAddress& address, [[maybe_unused]] msghdr& message,
                      [[maybe_unused]] Control& control) noexcept {
#ifdef IP_PKTINFO
  if (address.family() == AF_INET) {
    in_pktinfo information{};
    information.ipi_spec_dst = reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr;
    put_control(message, control, IPPROTO_IP, IP_PKTINFO, information);
  }
#endif
#ifdef IPV6_RECVPKTINFO
  if (address.family() == AF_INET6) {
    const auto* of_ipv6 = reinterpret_cast<const sockaddr_in6*>(address.data());
    in6_pktinfo information{};
    information.ipi6_addr = of_ipv6->sin6_addr;
    information.ipi6_ifindex = of_ipv6->sin6_scope_id;
    put_control(message, control, IPPROTO_IPV6, IPV6_PKTINFO, information);
  }
#endif
}

}  // namespace

base::Result<UniqueFd> connect_datagrams(const SocketAddress& address) {
  UniqueFd fd = make_socket(address.family());
  if (!fd.valid() || ::connect(fd.get(), address.data(), address.size()) != 0) {
    return base::Error{base::ErrorKind::connect, error_text(errno)};
  }
  return fd;
}

base::Result<UniqueFd> bind_datagrams(const SocketAddress& address) {
  UniqueFd fd = make_socket(address.family());
  const bool alone = address.family() != AF_INET6 || (fd.valid() && set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY));
  if (!fd.valid() || !alone || ::bind(fd.get(), address.data(), address.size()) != 0) {
    const int error = errno;  // text() may change it
    return system_error(address.text(), error);
  }
  ask_for_way(fd.get(), address.family());
  return fd;
}

IoResult receive_datagram(int fd, base::MutableBytes into) noexcept {
  assert(!into.empty());
  return attempt_datagram([&] { return ::recv(fd, into.data(), into.size(), 0); });
}

IoResult send_datagram(int fd, base::Bytes datagram) noexcept {
  return attempt_datagram([&] { return ::send(fd, datagram.data(), datagram.size(), MSG_DONTWAIT); });
}

IoResult receive_datagram(int fd, base::MutableBytes into, Way& way) noexcept {
  assert(!into.empty());
  sockaddr_storage from{};
  Control control{};
  iovec piece{into.data(), into.size()};
  msghdr message{};
  const IoResult result = attempt_datagram([&] {
    message = {};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    return ::recvmsg(fd, &message, 0);
  });
  if (result.kind != IoResult::Kind::done) return result;
  way.from = SocketAddress::from(reinterpret_cast<const sockaddr*>(&from), message.msg_namelen);
  way.to = asked_address(message);
  return result;
}

IoResult send_datagram(int fd, base::Bytes datagram, const Way& way) noexcept {
  Control control{};
  // Neither is written to.
  iovec piece{const_cast<std::byte*>(datagram.data()), datagram.size()};
  msghdr message{};
  message.msg_name = const_cast<sockaddr*>(way.from.data());
  message.msg_namelen = way.from.size();
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  ask_to_send_from(way.to, message, control);
  return attempt_datagram([&] { return ::sendmsg(fd, &message, MSG_DONTWAIT); });
}

}  // namespace wscope::net
