#include "serve/websocket_passage.h"

#include "unit/serve/relaying.h"

using namespace wscope;

namespace {

// A relay to an echo behind another relay, in one loop.
struct Chain {
  test::Relayed second{{"/path=echo:"}};
  serve::RelayPlan plan{};
  serve::Relay relay{second.loop, plan, second.timeouts, false};
  std::optional<test::Served> served;

  explicit Chain(const std::string& path) {
    plan.routes.push_back(
        serve::parse_route("ws://127.0.0.1:" + std::to_string(second.served->url.port) + path).value());
    link::Server::Options options;
    served.emplace(second.loop, options, relay);
  }
};

}  // namespace

TEST_CASE("messages keep their types on the way to another WebSocket, and Closes their codes") {
  Chain chain("/path");
  test::Visitor visitor(*chain.served);
  visitor.say("text");
  CHECK(visitor.next().type == ws::Opcode::text);
  CHECK(visitor.connection().send_binary(base::as_bytes("bytes")) == ws::Status::ok);
  const auto& message = visitor.next();
  CHECK(message.type == ws::Opcode::binary);
  CHECK(message.text == "bytes");
  const std::string much(2 << 20, 'x');
  visitor.say(much);
  CHECK(visitor.next().text == much);
  CHECK(visitor.close(ws::CloseCode{4001}));
  CHECK(visitor.controls == std::vector<std::string>{"close 4001 "});
  CHECK(test::run_until(chain.second.loop.poller, [&] { return chain.relay.idle(); }));
  CHECK(chain.second.served->run_until_empty());
}

TEST_CASE("a WebSocket that refuses is a target that cannot be reached") {
  Chain chain("/elsewhere");
  const std::string answer = chain.served->answer_to(test::upgrade_request);
  CHECK(answer.substr(9, 3) == "502");
  CHECK(chain.relay.idle());
}
