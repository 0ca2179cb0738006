#include "serve/datagram_listener.h"

#include "unit/serve/relaying.h"

using namespace wscope;

namespace {

struct Owner final : serve::DatagramListenerOwner {
  void handle_datagram(int socket, const net::Way& way, base::Bytes datagram) override {
    came.emplace_back(base::as_text(datagram));
    static_cast<void>(net::send_datagram(socket, datagram, way));
  }
  std::vector<std::string> came;
};

}  // namespace

TEST_CASE("what comes to a UDP port is told, and can be answered") {
  link::Loop loop;
  Owner owner;
  serve::DatagramListener listener(loop, owner);
  REQUIRE(listener.listen({.port = 0}).ok());
  CHECK(listener.address().is_loopback());
  const auto client = net::connect_datagrams(listener.address());
  REQUIRE(client.ok());
  CHECK(net::send_datagram(client->get(), base::as_bytes("x")).kind == net::IoResult::Kind::done);
  CHECK(test::run_until(loop.poller, [&] { return owner.came == std::vector<std::string>{"x"}; }));
  CHECK(test::run_until(loop.poller, [&] {
    std::byte byte{};
    return net::receive_datagram(client->get(), {&byte, 1}).kind == net::IoResult::Kind::done;
  }));
  listener.stop();
  CHECK(net::send_datagram(client->get(), base::as_bytes("y")).kind == net::IoResult::Kind::done);
  test::settle(loop.poller);
  CHECK(owner.came.size() == 1);
}

TEST_CASE("a UDP port that somebody has is an error") {
  link::Loop loop;
  Owner owner;
  serve::DatagramListener one(loop, owner);
  serve::DatagramListener two(loop, owner);
  REQUIRE(one.listen({.host = "127.0.0.1", .port = 0}).ok());
  CHECK(two.listen({.host = "127.0.0.1", .port = one.address().port()}).error().kind == base::ErrorKind::io);
  CHECK(two.listen({.host = "nobody", .port = 0}).error().kind == base::ErrorKind::usage);
}
