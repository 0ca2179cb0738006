// Messages that a peer hands on at once.
#include "http/url.h"
#include "owner.h"
#include "peer/peer.h"

using namespace wscope;
using test::run_until;
using test::ServerByHand;
using test::text_frame;

TEST_CASE("messages that have come at once are handed on so to who wants that, in order") {
  for (const bool runs : {false, true}) {
    ServerByHand server(test::tcp_pair());
    server.open();
    server.peer->deliver_runs(runs);
    std::string bytes;
    std::vector<std::string> sent;
    for (std::size_t size = 0; size < 300; size += 7) {
      sent.emplace_back(size, static_cast<char>('a' + size % 26));
      bytes += text_frame(sent.back());
    }
    server.say(bytes);
    CHECK(run_until(server.poller, [&] { return server.owner.received.size() == sent.size(); }));
    CHECK(server.owner.received == sent);
    CHECK((server.owner.longest_run > 1) == runs);
  }
}
