#include "serve/datagram_passage.h"

#include "unit/serve/relaying.h"

using namespace wscope;

TEST_CASE("a client is joined with a UDP socket") {
  auto target = net::bind_datagrams(net::SocketAddress::loopback(net::AddressFamily::ipv4, 0));
  REQUIRE(target.ok());
  test::Relayed relayed({"udp:127.0.0.1:" + std::to_string(net::local_address(target->get()).port())});
  test::Visitor visitor(*relayed.served);
  visitor.say("one");
  visitor.say("");
  visitor.say("three");
  std::vector<std::string> came;
  net::Way way;
  CHECK(test::run_until(relayed.loop.poller, [&] {
    std::byte room[16];
    const net::IoResult result = net::receive_datagram(target->get(), room, way);
    if (result.kind == net::IoResult::Kind::done)
      came.emplace_back(base::as_text(base::Bytes(room).first(result.bytes)));
    return came.size() == 3;
  }));
  CHECK(came == std::vector<std::string>{"one", "", "three"});
  CHECK(net::send_datagram(target->get(), base::as_bytes("answer"), way).kind == net::IoResult::Kind::done);
  const auto& message = visitor.next();
  CHECK(message.type == ws::Opcode::binary);
  CHECK(message.text == "answer");
  CHECK(visitor.close());
  CHECK(visitor.controls == std::vector<std::string>{"close 1000 "});
  CHECK(test::run_until(relayed.loop.poller, [&] { return relayed.relay->idle(); }));
}
