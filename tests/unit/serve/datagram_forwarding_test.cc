#include "serve/datagram_forwarding.h"

#include "unit/serve/forwards.h"

using namespace wscope;

TEST_CASE("datagrams wait for a connection, go through it, and answers go back") {
  test::EchoBehind on;
  const auto here = net::bind_datagrams(net::SocketAddress::loopback(net::AddressFamily::ipv4, 0));
  REQUIRE(here.ok());
  const auto source = net::connect_datagrams(net::local_address(here->get()));
  REQUIRE(source.ok());
  serve::DatagramForwarding forwarding(on.loop, on.plan, 1, on.report, here->get(),
                                       {.from = net::local_address(source->get())}, base::Duration::zero(), on.owner);
  for (int i = 0; i < 70; ++i) forwarding.receive(base::as_bytes("x"));
  forwarding.start(on.plan.endpoint.url, true);
  std::size_t came = 0;
  CHECK(test::run_until(on.loop.poller, [&] {
    std::byte room[8];
    while (net::receive_datagram(source->get(), room).kind == net::IoResult::Kind::done) ++came;
    return came == 64;
  }));
  forwarding.receive(base::as_bytes("y"));
  CHECK(test::run_until(on.loop.poller, [&] {
    std::byte room[8];
    return net::receive_datagram(source->get(), room).kind == net::IoResult::Kind::done;
  }));
  CHECK_FALSE(forwarding.local_failed());
  forwarding.close(ws::close_code::going_away);
  CHECK(test::run_until(on.loop.poller, [&] { return on.owner.over == 1; }));
  CHECK(on.owner.opened == 1);
}
