#include "serve/forwarding.h"

#include "serve/byte_stream.h"
#include "unit/serve/forwards.h"

using namespace wscope;

TEST_CASE("bytes go through a connection of our own, and come back") {
  test::EchoBehind on;
  auto [ours, theirs] = test::socket_pair();
  serve::Forwarding forwarding(on.loop, on.plan, 7, on.report,
                               std::make_unique<serve::SocketStream>(on.loop.poller, std::move(ours)),
                               {.relay = false, .after_end = serve::AfterEnd::close}, on.owner);
  forwarding.start(on.plan.endpoint.url, true);
  test::say(theirs, "there and back");
  CHECK(test::read_from(theirs, 14, on.loop) == "there and back");
  CHECK(on.owner.opened == 1);
  CHECK(forwarding.number() == 7);
  net::half_close(theirs.get());
  CHECK(test::end_of(theirs, on.loop) == "end");
  CHECK(test::run_until(on.loop.poller, [&] { return on.owner.over == 1; }));
  CHECK_FALSE(forwarding.failure());
  CHECK_FALSE(forwarding.local_failed());
}

TEST_CASE("one that cannot be made is over with its reason, and resets the stream") {
  test::EchoBehind on;
  on.relayed.served->server.shut_down();
  auto [ours, theirs] = test::socket_pair();
  serve::Forwarding forwarding(on.loop, on.plan, 1, on.report,
                               std::make_unique<serve::SocketStream>(on.loop.poller, std::move(ours)), {.relay = false},
                               on.owner);
  forwarding.start(on.plan.endpoint.url, true);
  CHECK(test::run_until(on.loop.poller, [&] { return on.owner.over == 1; }));
  REQUIRE(forwarding.failure());
  CHECK(forwarding.failure()->kind == base::ErrorKind::connect);
  CHECK(on.owner.opened == 0);
  CHECK(test::end_of(theirs, on.loop) == "end");  // a Unix domain socket knows no reset
}

TEST_CASE("one may be closed, or dropped") {
  for (const bool drops : {false, true}) {
    test::EchoBehind on;
    auto [ours, theirs] = test::socket_pair();
    serve::Forwarding forwarding(on.loop, on.plan, 1, on.report,
                                 std::make_unique<serve::SocketStream>(on.loop.poller, std::move(ours)),
                                 {.relay = false}, on.owner);
    forwarding.start(on.plan.endpoint.url, true);
    CHECK(test::run_until(on.loop.poller, [&] { return on.owner.opened == 1; }));
    drops ? forwarding.drop() : forwarding.close(ws::close_code::going_away);
    CHECK(test::run_until(on.loop.poller, [&] { return on.owner.over == 1; }));
  }
}
