#include "peer/race.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "addresses.h"
#include "support/turns.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::numeric;
using Texts = std::vector<std::string>;

namespace {

struct Caller final : peer::RaceOwner {
  void handle_attempt(const net::SocketAddress& address) override {
    CHECK(!outcome);
    attempts.push_back(address.text());
  }
  void handle_winner(base::Result<net::UniqueFd> socket) override {
    CHECK(!outcome);
    outcome.emplace(std::move(socket));
    if (destroys) race.reset();
  }

  const base::Result<net::UniqueFd>& run(const std::vector<net::SocketAddress>& addresses) {
    race->start(addresses);
    REQUIRE(test::run_until(poller, [&] { return outcome.has_value(); }));
    return *outcome;
  }

  net::Poller poller;
  std::unique_ptr<peer::Race> race = std::make_unique<peer::Race>(poller, *this);
  std::optional<base::Result<net::UniqueFd>> outcome;
  Texts attempts;
  bool destroys = false;
};

Texts in_turns(const Texts& hosts) {
  std::vector<net::SocketAddress> addresses;
  for (const std::string& host : hosts) addresses.push_back(numeric(host, 1));
  Texts texts;
  for (const net::SocketAddress& address : peer::interleave(addresses)) texts.push_back(address.host_text());
  return texts;
}

std::string peer_of(const net::UniqueFd& socket) { return net::peer_address(socket.get()).text(); }

}  // namespace

TEST_CASE("families take turns, beginning with that of the first address") {
  CHECK(in_turns({}).empty());
  CHECK(in_turns({"1.1.1.1"}) == Texts{"1.1.1.1"});
  CHECK(in_turns({"::1", "::2", "::3", "1.1.1.1"}) == Texts{"::1", "1.1.1.1", "::2", "::3"});
  CHECK(in_turns({"1.1.1.1", "2.2.2.2", "::1", "::2", "::3"}) == Texts{"1.1.1.1", "::1", "2.2.2.2", "::2", "::3"});
}

TEST_CASE("the first address wins if it answers, and no other is tried") {
  const net::UniqueFd first = test::listen_anywhere();
  const net::UniqueFd second = test::listen_anywhere();
  Caller caller;
  const auto& winner = caller.run({test::address_of(first), test::address_of(second)});
  REQUIRE(winner.ok());
  CHECK(peer_of(*winner) == test::address_of(first).text());
  CHECK(caller.attempts == Texts{test::address_of(first).text()});
  CHECK(test::comes_to_rest(caller.poller));
}

TEST_CASE("the next address is tried at once if one fails") {
  const net::UniqueFd refusing = test::refusing_socket();
  const net::UniqueFd listener = test::listen_anywhere();
  const auto before = base::Clock::now();
  Caller caller;
  const auto& winner = caller.run({test::address_of(refusing), test::impossible_address(), test::address_of(listener)});
  REQUIRE(winner.ok());
  CHECK(peer_of(*winner) == test::address_of(listener).text());
  CHECK(caller.attempts.size() == 3);
  CHECK(base::Clock::now() - before < 240ms);
}

TEST_CASE("one that does not answer is not waited for, and is let go when another does") {
  const test::SilentListener silent;
  const net::UniqueFd listener = test::listen_anywhere();
  const auto before = base::Clock::now();
  Caller caller;
  SUBCASE("and the race is kept") {}
  SUBCASE("and the race goes") { caller.destroys = true; }
  const auto& winner = caller.run({silent.address(), test::address_of(listener)});
  REQUIRE(winner.ok());
  CHECK(peer_of(*winner) == test::address_of(listener).text());
  CHECK(caller.attempts == Texts{silent.address().text(), test::address_of(listener).text()});
  CHECK(base::Clock::now() - before >= 250ms);
  CHECK(test::comes_to_rest(caller.poller));
}

TEST_CASE("a slow one may still win") {
  // It answers once its queue has room, after the other has been tried, and refused.
  auto listener = net::listen_on(numeric("127.0.0.1"), 0);
  REQUIRE(listener.ok());
  std::vector<base::Result<net::UniqueFd>> queue;
  for (int i = 0; i < 4; ++i) queue.push_back(net::start_connect(test::address_of(*listener)));
  const net::UniqueFd refusing = test::refusing_socket();
  Caller caller;
  caller.race->start({test::address_of(*listener), test::address_of(refusing)});
  REQUIRE(test::run_until(caller.poller, [&] { return caller.attempts.size() == 2; }));
  queue.clear();
  std::vector<net::AcceptResult> accepted;
  REQUIRE(test::run_until(caller.poller, [&] {
    accepted.push_back(net::accept_connection(listener->get()));
    return caller.outcome.has_value();
  }));
  REQUIRE(caller.outcome->ok());
  CHECK(peer_of(**caller.outcome) == test::address_of(*listener).text());
}

TEST_CASE("when all have failed, what an address answered stands for the whole") {
  const net::UniqueFd refusing = test::refusing_socket();
  const auto missing = test::impossible_address();
  std::vector<net::SocketAddress> addresses;
  std::string words = "connection refused";
  SUBCASE("one alone") { addresses = {test::address_of(refusing)}; }
  SUBCASE("behind one that could not be tried") { addresses = {missing, test::address_of(refusing)}; }
  SUBCASE("before one that could not be tried") { addresses = {test::address_of(refusing), missing}; }
  SUBCASE("none could be tried") {
    addresses = {missing, missing};
    words = "no such file or directory";
  }
  Caller caller;
  const auto& winner = caller.run(addresses);
  REQUIRE(!winner.ok());
  CHECK(winner.error().kind == base::ErrorKind::connect);
  CHECK(winner.error().message == words);
}

TEST_CASE("that all have failed is told once, also if the time for a next one was near") {
  const net::UniqueFd refusing = test::refusing_socket();
  Caller caller;
  CHECK(!caller.run({test::address_of(refusing), test::address_of(refusing)}).ok());
  const test::Alarm alarm(caller.poller, 260ms);
  CHECK(test::run_until(caller.poller, [&] { return alarm.rang(); }));
}

TEST_CASE("a race may go when it is told that all have failed") {
  const net::UniqueFd refusing = test::refusing_socket();
  Caller caller;
  caller.destroys = true;
  SUBCASE("from the loop") { CHECK(!caller.run({test::address_of(refusing)}).ok()); }
  SUBCASE("at once") { CHECK(!caller.run({test::impossible_address()}).ok()); }
  CHECK(test::comes_to_rest(caller.poller));
}

TEST_CASE("a race begun again forgets the one before") {
  const test::SilentListener silent;
  const net::UniqueFd refusing = test::refusing_socket();
  Caller caller;
  caller.race->start({silent.address(), silent.address()});
  CHECK(caller.run({test::address_of(refusing)}).error().message == "connection refused");
}
