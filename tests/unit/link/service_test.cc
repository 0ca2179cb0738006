#include "link/service.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serving.h"

using namespace wscope;
using test::run_until;
using test::Served;
using test::Visitor;
using Kind = link::Entry::Kind;

namespace {

// Decides about each client as the test wants, and notes.
struct Doorkeeper final : link::Service {
  void begin(link::Server&) override {}
  link::Entry handle_request(link::Client& client, const http::RequestHead& request) override {
    lines.push_back("request " + std::to_string(client.number()) + " " + request.target);
    if (entry.kind == Kind::wait) waiting.push_back(client.number());
    return entry;
  }
  void handle_open(link::Client& client) override { note("open", client); }
  void handle_message(link::Client&, const ws::Message&) override {}
  void handle_progress(link::Client&) override {}
  void handle_gone(link::Client& client) override { note("gone", client); }
  void note(const std::string& what, const link::Client& client) {
    lines.push_back(what + " " + std::to_string(client.number()));
  }

  link::Entry entry{};
  std::vector<link::ConnectionNumber> waiting;
  std::vector<std::string> lines;
};

struct Fixture {
  explicit Fixture(Kind kind, link::Server::Options options = {}) : served(loop, std::move(options), doorkeeper) {
    doorkeeper.entry.kind = kind;
  }
  // The answer to a client that waits, in the turn after it has come.
  template <typename Answer>
  void answer_waiting(Answer answer) {
    served.each_turn = [this, answer] {
      for (const link::ConnectionNumber number : std::exchange(doorkeeper.waiting, {})) {
        if (link::Client* const client = served.server.find(number)) answer(*client);
      }
    };
  }

  link::Loop loop;
  Doorkeeper doorkeeper;
  Served served;
};

}  // namespace

TEST_CASE("a client that a service refuses gets its answer, and is never open") {
  Fixture fixture(Kind::refuse);
  fixture.doorkeeper.entry.answer = link::plain_answer(503, "busy", {{"Retry-After", "1"}});
  const Visitor visitor(fixture.served, "/there");
  CHECK(visitor.answer.status == 503);
  CHECK(*visitor.answer.headers.find("Retry-After") == "1");
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.doorkeeper.lines == std::vector<std::string>{"request 1 /there"});
}

TEST_CASE("a client waits for its service, and is let in with a subprotocol of it") {
  Fixture fixture(Kind::wait);
  fixture.answer_waiting([&](link::Client& client) {
    CHECK_FALSE(client.admitted());
    fixture.served.server.let_in(client, std::vector<std::string>{"binary"});
    fixture.served.server.let_in(client);  // once is enough
  });
  ws::ConnectOptions request;
  request.subprotocols = {"other", "binary"};
  Visitor visitor(fixture.served, "/", request);
  CHECK(visitor.answer.status == 101);
  CHECK(visitor.connection().subprotocol() == "binary");
  CHECK(visitor.close());
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.doorkeeper.lines == std::vector<std::string>{"request 1 /", "open 1", "gone 1"});
}

TEST_CASE("a service may speak other subprotocols at once") {
  link::Server::Options options;
  options.admission.subprotocols = {"mine"};
  Fixture fixture(Kind::let_in, std::move(options));
  fixture.doorkeeper.entry.subprotocols = std::vector<std::string>{"binary"};
  ws::ConnectOptions request;
  request.subprotocols = {"mine", "binary"};
  const Visitor visitor(fixture.served, "/", request);
  CHECK(visitor.connection().subprotocol() == "binary");
}

TEST_CASE("a client that waits is refused later") {
  Fixture fixture(Kind::wait);
  fixture.answer_waiting([&](link::Client& client) {
    fixture.served.server.refuse(client, link::plain_answer(502, "the target refuses"));
    fixture.served.server.let_in(client);  // too late
  });
  const Visitor visitor(fixture.served);
  CHECK(visitor.answer.status == 502);
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.doorkeeper.lines == std::vector<std::string>{"request 1 /"});
}

TEST_CASE("a service hears of a client that leaves while it waits, or is sent away by the end of the server") {
  Fixture fixture(Kind::wait);
  SUBCASE("it resets") {
    net::UniqueFd socket = fixture.served.connect_and_say(test::upgrade_request);
    REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.doorkeeper.waiting.empty(); }));
    fixture.served.server.find(1)->peer().abandon();
    socket.reset();
  }
  SUBCASE("the server ends") {
    const net::UniqueFd socket = fixture.served.connect_and_say(test::upgrade_request);
    REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.doorkeeper.waiting.empty(); }));
    fixture.served.server.shut_down();
  }
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.doorkeeper.lines.back() == "gone 1");
}

TEST_CASE("clients that wait for a service take the place of others") {
  link::Server::Options options;
  options.admission.max_clients = 1;
  Fixture fixture(Kind::wait, std::move(options));
  const net::UniqueFd first = fixture.served.connect_and_say(test::upgrade_request);
  REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.doorkeeper.waiting.empty(); }));
  const Visitor second(fixture.served);
  CHECK(second.answer.status == 503);
  CHECK(fixture.doorkeeper.waiting.size() == 1);
}

TEST_CASE("whom the service lets in may have to wait for a person, too") {
  Fixture fixture(Kind::wait, {.by_hand = true});
  fixture.answer_waiting([&](link::Client& client) { fixture.served.server.let_in(client); });
  const net::UniqueFd socket = fixture.served.connect_and_say(test::upgrade_request);
  REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.doorkeeper.waiting.empty(); }));
  CHECK_FALSE(fixture.served.server.let_in());
  fixture.served.each_turn();
  CHECK_FALSE(fixture.served.server.find(1)->admitted());
  CHECK(fixture.served.server.let_in() == link::ConnectionNumber(1));
}
