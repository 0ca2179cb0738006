#include "net/socket.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "descriptors.h"

using namespace wscope;
using net::AcceptResult;
using net::SocketAddress;
using Kind = net::IoResult::Kind;

namespace {

SocketAddress loopback(std::uint16_t port) { return SocketAddress::from_numeric("127.0.0.1", port).value(); }

/// An address at which nobody listens.
SocketAddress deserted() { return net::local_address(test::listen_anywhere().get()); }

}  // namespace

TEST_CASE("a connection is accepted and knows both its addresses") {
  const net::UniqueFd listener = test::listen_anywhere();
  CHECK(net::local_address(listener.get()).port() != 0);
  CHECK(net::accept_connection(listener.get()).kind == AcceptResult::Kind::would_block);
  const test::Connection connection = test::connect_to(listener.get());
  const std::string server = net::local_address(listener.get()).text();
  CHECK(net::peer_address(connection.client.get()).text() == server);
  CHECK(net::local_address(connection.server.get()).text() == server);
  CHECK(net::local_address(connection.client.get()).text() == connection.peer.text());
  CHECK(net::peer_address(connection.server.get()).text() == connection.peer.text());
  for (const int fd : {listener.get(), connection.client.get(), connection.server.get()}) CHECK(test::is_private(fd));
}

TEST_CASE("IPv4 and IPv6 can listen on the same port") {
  const auto six = net::listen_on(SocketAddress::from_numeric("::", 0).value(), 1);
  if (!six) return;  // a machine without IPv6
  const std::uint16_t port = net::local_address(six->get()).port();
  const auto four = net::listen_on(SocketAddress::from_numeric("0.0.0.0", port).value(), 1);
  CHECK(four.ok());
}

TEST_CASE("a taken address is told by name") {
  const net::UniqueFd listener = test::listen_anywhere();
  const SocketAddress address = net::local_address(listener.get());
  const auto second = net::listen_on(address, 1);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().kind == base::ErrorKind::io);
  CHECK(second.error().message == address.text() + ": address already in use");
}

TEST_CASE("a refused connection says so") {
  auto fd = net::start_connect(deserted());
  base::Result<void> result;
  if (fd) {
    REQUIRE(test::wait_for(fd->get(), POLLOUT));
    result = net::connect_result(fd->get());
  } else {
    result = std::move(fd).error();
  }
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == base::ErrorKind::connect);
  CHECK(result.error().message == "connection refused");
}

TEST_CASE("what is no socket, and no address, fails") {
  CHECK(net::connect_result(-1).error().message == "bad file descriptor");
  CHECK_FALSE(net::start_connect(SocketAddress()).ok());
  CHECK_FALSE(net::listen_on(SocketAddress(), 1).ok());
  CHECK(net::local_address(-1).family() == AF_UNSPEC);
  const net::UniqueFd listener = test::listen_anywhere();
  CHECK(net::peer_address(listener.get()).family() == AF_UNSPEC);
}

TEST_CASE("running out of descriptors is told apart from an empty queue") {
  const net::UniqueFd listener = test::listen_anywhere();
  const auto client = net::start_connect(net::local_address(listener.get()));
  REQUIRE(client.ok());
  REQUIRE(test::wait_for(listener.get(), POLLIN));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const AcceptResult refused = net::accept_connection(listener.get());
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(refused.kind == AcceptResult::Kind::out_of_descriptors);
  CHECK(refused.error == EMFILE);
}

TEST_CASE("bytes travel until the sender has to wait, and the rest after that") {
  const net::UniqueFd listener = test::listen_anywhere();
  test::Connection connection = test::connect_to(listener.get());
  std::array<std::byte, 16> room;
  CHECK(net::receive(connection.server.get(), room).kind == Kind::would_block);

  const std::vector<std::byte> piece(1 << 20, std::byte{'x'});
  std::size_t sent = 0;
  net::IoResult result;
  while ((result = net::send(connection.client.get(), piece)).kind == Kind::done) sent += result.bytes;
  CHECK(result.kind == Kind::would_block);
  CHECK(sent > 0);
  net::half_close(connection.client.get());
  CHECK(test::read_to_end(connection.server.get()).size() == sent);
  CHECK(net::receive(connection.server.get(), room).kind == Kind::end);

  CHECK(net::send(connection.server.get(), base::as_bytes("bye")).bytes == 3);
  REQUIRE(test::wait_for(connection.client.get(), POLLIN));
  CHECK(net::receive(connection.client.get(), room).bytes == 3);
}

TEST_CASE("an aborted connection ends in an error, and writing to it in no signal") {
  const net::UniqueFd listener = test::listen_anywhere();
  test::Connection connection = test::connect_to(listener.get());
  net::abort_connection(std::move(connection.client));
  REQUIRE(test::wait_for(connection.server.get(), POLLIN));
  std::array<std::byte, 16> room;
  const net::IoResult received = net::receive(connection.server.get(), room);
  CHECK(received.kind == Kind::failed);
  CHECK(received.error == ECONNRESET);
  const net::IoResult sent = net::send(connection.server.get(), base::as_bytes("x"));
  CHECK(sent.kind == Kind::failed);
  CHECK(sent.error == EPIPE);
}

TEST_CASE("a connection can be told not to delay small pieces") {
  const net::UniqueFd listener = test::listen_anywhere();
  const test::Connection connection = test::connect_to(listener.get());
  net::set_no_delay(connection.client.get());
  int value = 0;
  socklen_t size = sizeof value;
  REQUIRE(::getsockopt(connection.client.get(), IPPROTO_TCP, TCP_NODELAY, &value, &size) == 0);
  CHECK(value != 0);
}

TEST_CASE("a port is free again at once after its listener and connections have gone") {
  std::uint16_t port = 0;
  {
    const net::UniqueFd listener = test::listen_anywhere();
    port = net::local_address(listener.get()).port();
    test::Connection connection = test::connect_to(listener.get());
    connection.server.reset();  // this end closes first and is left in TIME_WAIT
    CHECK(test::read_to_end(connection.client.get()).empty());
  }
  CHECK(net::listen_on(loopback(port), 1).ok());
}

TEST_CASE("a part of a file is sent as the socket takes it") {
  const net::UniqueFd listener = test::listen_anywhere();
  test::Connection connection = test::connect_to(listener.get());
  std::string path = (std::filesystem::temp_directory_path() / "wscope-XXXXXX").string();
  const net::UniqueFd file(::mkstemp(path.data()));
  REQUIRE(file.valid());
  std::filesystem::remove(path);
  REQUIRE(::write(file.get(), "0123456789", 10) == 10);
  const int socket = connection.server.get();
  CHECK(net::send_file(socket, file.get(), 2, 3).bytes == 3);
  CHECK(net::send_file(socket, file.get(), 8, 100).bytes == 2);
  CHECK(net::send_file(socket, file.get(), 10, 1).kind == Kind::end);
  CHECK(net::send_file(socket, -1, 0, 1).error == EBADF);
  std::array<std::byte, 16> room;
  REQUIRE(test::wait_for(connection.client.get(), POLLIN));
  const net::IoResult received = net::receive(connection.client.get(), room);
  CHECK(base::as_text(base::Bytes(room).first(received.bytes)) == "23489");
  // Nobody reads on.
  REQUIRE(::ftruncate(file.get(), 1 << 30) == 0);
  std::uint64_t sent = 0;
  net::IoResult result;
  while ((result = net::send_file(socket, file.get(), sent, 1 << 20)).kind == Kind::done) sent += result.bytes;
  CHECK(result.kind == Kind::would_block);
  CHECK(sent < 1U << 30);
}
