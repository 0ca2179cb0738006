#include "serve/stream_passage.h"

#include "unit/serve/relaying.h"

using namespace wscope;

TEST_CASE("a client is joined with a TCP socket") {
  const test::RawTarget target;
  test::Relayed relayed({target.name()});
  test::Visitor visitor(*relayed.served);
  const net::UniqueFd socket = target.accept(relayed.loop);
  test::say(socket, "hello");
  CHECK(visitor.next().text == "hello");
  visitor.say("bye");
  CHECK(test::read_from(socket, 3, relayed.loop) == "bye");
  CHECK(visitor.close(ws::close_code::going_away));
  CHECK(test::end_of(socket, relayed.loop) == "end");
  CHECK(test::run_until(relayed.loop.poller, [&] { return relayed.relay->idle(); }));
}

TEST_CASE("a target that refuses is an answer, and leaves nothing") {
  std::string name;
  {
    const test::RawTarget target;
    name = target.name();
  }
  test::Relayed relayed({name, "/socket=unix:/nowhere/to.sock"});
  CHECK(relayed.status_of("/") == 502);
  CHECK(relayed.relay->idle());
}
