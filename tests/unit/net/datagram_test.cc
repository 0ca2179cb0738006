#include "net/datagram.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "descriptors.h"
#include "net/socket.h"

using namespace wscope;
using namespace wscope::net;
using Kind = IoResult::Kind;

namespace {

std::string received(int fd, Way& way) {
  std::vector<std::byte> room(longest_datagram);
  REQUIRE(test::wait_for(fd, POLLIN));
  const IoResult result = receive_datagram(fd, room, way);
  REQUIRE(result.kind == Kind::done);
  return std::string(base::as_text(base::Bytes(room).first(result.bytes)));
}

}  // namespace

TEST_CASE("datagrams go there and back, also empty ones") {
  const auto server = bind_datagrams(SocketAddress::loopback(AddressFamily::ipv4, 0));
  REQUIRE(server.ok());
  const auto client = connect_datagrams(local_address(server->get()));
  REQUIRE(client.ok());
  Way way;
  for (const std::string& text : {std::string("hello"), std::string(), std::string(longest_datagram, 'x')}) {
    CHECK(send_datagram(client->get(), base::as_bytes(text)).kind == Kind::done);
    CHECK(received(server->get(), way) == text);
  }
  CHECK(way.from.text() == local_address(client->get()).text());
  CHECK(send_datagram(server->get(), base::as_bytes("back"), way).kind == Kind::done);
  std::byte room[8];
  REQUIRE(test::wait_for(client->get(), POLLIN));
  CHECK(receive_datagram(client->get(), room).bytes == 4);
  CHECK(receive_datagram(client->get(), room).kind == Kind::would_block);
}

TEST_CASE("an answer comes from the address that was asked") {
  const auto server = bind_datagrams(*SocketAddress::from_numeric("0.0.0.0", 0));
  REQUIRE(server.ok());
  const std::uint16_t port = local_address(server->get()).port();
  const auto client = connect_datagrams(*SocketAddress::from_numeric("127.0.0.2", port));
  REQUIRE(client.ok());
  CHECK(send_datagram(client->get(), base::as_bytes("x")).kind == Kind::done);
  Way way;
  CHECK(received(server->get(), way) == "x");
#ifdef __linux__
  CHECK(way.to.host_text() == "127.0.0.2");
  CHECK(send_datagram(server->get(), base::as_bytes("y"), way).kind == Kind::done);
  CHECK(test::wait_for(client->get(), POLLIN));  // it hears of nobody else
#endif
}

TEST_CASE("that nobody is there is told to who sends again or listens") {
  std::optional<SocketAddress> nobody;
  {
    const auto server = bind_datagrams(SocketAddress::loopback(AddressFamily::ipv4, 0));
    REQUIRE(server.ok());
    nobody = local_address(server->get());
  }
  const auto client = connect_datagrams(*nobody);
  REQUIRE(client.ok());
  CHECK(send_datagram(client->get(), base::as_bytes("x")).kind == Kind::done);
  std::byte room[8];
  REQUIRE(test::wait_for(client->get(), POLLIN));
  const IoResult result = receive_datagram(client->get(), room);
  CHECK(result.kind == Kind::failed);
  CHECK(result.error == ECONNREFUSED);
}

TEST_CASE("a port that somebody has is an error that names it") {
  const auto server = bind_datagrams(SocketAddress::loopback(AddressFamily::ipv4, 0));
  REQUIRE(server.ok());
  const auto second = bind_datagrams(local_address(server->get()));
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message.find(local_address(server->get()).text()) == 0);
  CHECK(send_datagram(server->get(), {}).kind == Kind::failed);  // to nobody
}
