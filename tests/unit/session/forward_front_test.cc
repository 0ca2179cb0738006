#include "session/forward_front.h"

#include <doctest/doctest.h>

#include "net/socket.h"
#include "unit/session/run_command.h"

using namespace wscope;

TEST_CASE("a forward that cannot listen ends with the reason") {
  const auto taken = net::listen_on(net::SocketAddress::loopback(net::AddressFamily::ipv4, 0), 1);
  REQUIRE(taken.ok());
  session::ForwardCommand command;
  command.endpoint.embedded = true;
  command.forward.address.host = "127.0.0.1";
  for (const auto from : {serve::ForwardPlan::From::connections, serve::ForwardPlan::From::datagrams}) {
    command.forward.from = from;
    command.forward.address.port = net::local_address(taken->get()).port();
    if (from == serve::ForwardPlan::From::datagrams) command.forward.address.host = "192.0.2.1";  // not ours
    const streams::Outcome outcome =
        test::run_command([&](auto& loop, auto& signals) { return session::forward(loop, signals, command); });
    CHECK(outcome.status() == 1);
    REQUIRE(outcome.error());
    CHECK(outcome.error()->kind == base::ErrorKind::io);
  }
}
