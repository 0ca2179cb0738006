#include "serve/echo_passage.h"

#include "unit/serve/relaying.h"

using namespace wscope;

TEST_CASE("an echo behind a relay keeps types, and answers a Close with the same") {
  test::Relayed relayed({"echo:"});
  test::Visitor visitor(*relayed.served);
  visitor.say("text");
  CHECK(visitor.next().type == ws::Opcode::text);
  CHECK(visitor.connection().send_binary(base::as_bytes("bytes")) == ws::Status::ok);
  const auto& message = visitor.next();
  CHECK(message.type == ws::Opcode::binary);
  CHECK(message.text == "bytes");
  const std::string much(3 << 20, 'x');
  visitor.say(much);
  CHECK(visitor.next().text == much);
  CHECK(visitor.close(ws::CloseCode{4001}));
  CHECK(visitor.controls == std::vector<std::string>{"close 4001 "});
  CHECK(test::run_until(relayed.loop.poller, [&] { return relayed.relay->idle(); }));
}
