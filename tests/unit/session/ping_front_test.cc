#include "session/ping_front.h"

#include <doctest/doctest.h>

#include "net/socket.h"
#include "unit/session/run_command.h"

using namespace wscope;

// What it prints is for tests/e2e/ping_test.py: here is how it ends.
TEST_CASE("who cannot connect ends with the reason, with one connection or many") {
  auto bound = net::listen_on(net::SocketAddress::loopback(net::AddressFamily::ipv4, 0), 1);
  REQUIRE(bound.ok());
  const std::uint16_t port = net::local_address(bound->get()).port();
  bound->reset();  // so that it refuses
  for (const bool opens : {false, true}) {
    session::PingCommand command;
    command.endpoint.url.host = "127.0.0.1";
    command.endpoint.url.port = port;
    command.endpoint.url.target = "/";
    command.ping.count = 2;
    command.ping.interval = {};
    command.ping.opens = opens;
    command.reporting.format = streams::OutputFormat::json;
    const streams::Outcome outcome =
        test::run_command([&](auto& loop, auto& signals) { return session::ping(loop, signals, command); });
    CHECK(outcome.status() == 4);
    REQUIRE(outcome.error());
    CHECK(outcome.error()->kind == base::ErrorKind::connect);
  }
}
