#include "link/listeners.h"

#include <doctest/doctest.h>

#include "net/socket.h"
#include "support/turns.h"

using namespace wscope;

namespace {

struct Owner final : peer::ListenerOwner {
  void handle_accepted(net::UniqueFd, const net::SocketAddress&) override { ++accepted; }
  void handle_exhausted(int) override {}
  void handle_recovered() override {}
  int accepted = 0;
};

}  // namespace

TEST_CASE("without an address both of loopback are listened on, at one port") {
  net::Poller poller;
  Owner owner;
  link::Listeners listeners(poller, owner);
  CHECK(listeners.empty());
  REQUIRE(listeners.listen({.port = 0}).ok());
  const auto addresses = listeners.addresses();
  REQUIRE_FALSE(addresses.empty());
  for (const net::SocketAddress& address : addresses) {
    CHECK(address.is_loopback());
    CHECK(address.port() == listeners.first_address().port());
    const auto socket = net::start_connect(address);
    CHECK(socket.ok());
    const int before = owner.accepted;
    CHECK(test::run_until(poller, [&] { return owner.accepted > before; }));
  }
  listeners.clear();
  CHECK(listeners.empty());
}

TEST_CASE("what is no address, or is taken, is an error") {
  net::Poller poller;
  Owner owner;
  link::Listeners listeners(poller, owner);
  CHECK(listeners.listen({.host = "nobody", .port = 0}).error().kind == base::ErrorKind::usage);
  REQUIRE(listeners.listen({.host = "127.0.0.1", .port = 0}).ok());
  link::Listeners second(poller, owner);
  CHECK(second.listen({.host = "127.0.0.1", .port = listeners.first_address().port()}).error().kind ==
        base::ErrorKind::io);
  CHECK(second.empty());
}
