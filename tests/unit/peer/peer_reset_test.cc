// Whose program or target waits for nothing but the other side notices that this has gone.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "addresses.h"
#include "owner.h"

using namespace wscope;

namespace {

struct Server : test::LoopOfPeers {
  explicit Server(std::pair<net::UniqueFd, net::UniqueFd> ends) {
    ws::Options options;
    options.role = ws::Role::server;
    hand = std::move(ends.second);
    peer = std::make_unique<peer::Peer>(context(), std::move(ends.first), std::move(options), owner);
    test::say(hand, test::upgrade_request);
    REQUIRE(test::run_until(poller, [&] { return owner.opened; }));
    CHECK(test::hear(hand).substr(0, 12) == "HTTP/1.1 101");
    peer->heed_reset();
    peer->pause(true);
  }

  test::Owner owner;
  net::UniqueFd hand;
  std::unique_ptr<peer::Peer> peer;
};

}  // namespace

TEST_CASE("a paused peer that heeds it hears of a reset at once") {
  Server server(test::tcp_pair());
  test::say(server.hand, test::text_frame("not read any more"));
  net::abort_connection(std::move(server.hand));
  CHECK(test::run_until(server.poller, [&] { return server.owner.ends > 0; }));
  CHECK(server.peer->socket_error() == "connection reset by peer");
}

TEST_CASE("what has only ended is read when the peer goes on") {
  Server server(test::socket_pair());  // of which an end is seen as a hang-up
  test::say(server.hand, test::text_frame("last words"));
  server.hand.reset();
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 0);
  server.peer->pause(false);
  CHECK(test::run_until(server.poller, [&] { return server.owner.ends > 0; }));
  CHECK(server.owner.received == std::vector<std::string>{"last words"});
}
