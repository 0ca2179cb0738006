#include "check/door.h"

#include <doctest/doctest.h>

#include "link/loop.h"
#include "net/socket.h"
#include "unit/peer/owner.h"

using namespace wscope;

namespace {

struct Owner final : check::DoorOwner {
  void handle_door(check::Door& door, net::UniqueFd socket) override {
    came = door.id();
    valid = socket.valid();
  }
  std::string came{};
  bool valid = false;
};

}  // namespace

TEST_CASE("who comes to a door is told with its case, at a port of its own") {
  link::Loop loop;
  Owner owner;
  tls::ServerOptions options;
  const auto context = tls::Context::server(options);
  REQUIRE(context.ok());
  check::Door door(loop.poller, "c.tls-name", *context, owner);
  REQUIRE(door.listen({.host = "127.0.0.1", .port = 9}).ok());
  CHECK(door.address().port() != 9);
  const auto connecting = net::start_connect(door.address());
  REQUIRE(connecting.ok());
  REQUIRE(test::run_until(loop.poller, [&] { return !owner.came.empty(); }));
  CHECK(owner.came == "c.tls-name");
  CHECK(owner.valid);
}
