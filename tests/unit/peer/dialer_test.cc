#include "peer/dialer.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;
using namespace std::chrono_literals;

namespace {

struct Caller final : peer::DialerOwner {
  void handle_attempt(const net::SocketAddress& address) override {
    CHECK(!answer);
    attempts.push_back(address.text());
  }
  void handle_dialed(base::Result<net::UniqueFd> socket) override {
    CHECK(!answer);
    answer.emplace(std::move(socket));
    dialer.reset();
  }

  const base::Result<net::UniqueFd>& dial(const std::string& host, std::uint16_t port, base::Duration timeout = 0s) {
    dialer->start(host, port, timeout);
    CHECK(!answer);
    REQUIRE(test::run_until(poller, [&] { return answer.has_value(); }));
    return *answer;
  }

  net::Poller poller;
  std::unique_ptr<peer::Dialer> dialer = std::make_unique<peer::Dialer>(poller, *this);
  std::optional<base::Result<net::UniqueFd>> answer;
  std::vector<std::string> attempts;
};

using Attempts = std::vector<std::string>;

std::uint16_t port_of(const net::UniqueFd& socket) { return net::local_address(socket.get()).port(); }

/// A port that refuses as long as the socket lives, and that nobody else gets.
net::UniqueFd refusing_socket() {
  net::UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  const auto address = net::SocketAddress::from_numeric("127.0.0.1", 0).value();
  REQUIRE(::bind(socket.get(), address.data(), address.size()) == 0);
  return socket;
}

}  // namespace

TEST_CASE("a dialer connects to an address") {
  const net::UniqueFd listener = test::listen_anywhere();
  Caller caller;
  const auto& socket = caller.dial("127.0.0.1", port_of(listener), 30s);
  REQUIRE(socket.ok());
  CHECK(net::peer_address(socket->get()).port() == port_of(listener));
  CHECK(test::is_private(socket->get()));
  CHECK(caller.attempts == Attempts{"127.0.0.1:" + std::to_string(port_of(listener))});
}

TEST_CASE("a dialer goes through the addresses of a name until one answers") {
  const net::UniqueFd listener = test::listen_anywhere("127.0.0.1");
  Caller caller;
  const auto& socket = caller.dial("localhost", port_of(listener));  // ::1 comes first and refuses
  REQUIRE(socket.ok());
  CHECK(net::peer_address(socket->get()).host_text() == "127.0.0.1");
  REQUIRE(!caller.attempts.empty());
  CHECK(caller.attempts.back() == net::peer_address(socket->get()).text());
}

TEST_CASE("a dialer tells that it was refused") {
  const net::UniqueFd socket = refusing_socket();
  Caller caller;
  const auto& answer = caller.dial("127.0.0.1", port_of(socket));
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == base::ErrorKind::connect);
  CHECK(answer.error().message == "connection refused");
}

TEST_CASE("a dialer tells that no address answered") {
  const net::UniqueFd socket = refusing_socket();
  Caller caller;
  CHECK(caller.dial("localhost", port_of(socket)).error().kind == base::ErrorKind::connect);
  CHECK(std::count(caller.attempts.begin(), caller.attempts.end(), net::local_address(socket.get()).text()) == 1);
}

TEST_CASE("a dialer tells that a name is unknown") {
  Caller caller;
  const std::string name(64, 'x');  // too long for a label: nobody has to be asked
  const auto& answer = caller.dial(name, 80);
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(answer.error().message.find(name) == 0);
  CHECK(caller.attempts.empty());
}

TEST_CASE("a dialer gives a name up in time") {
  Caller caller;
  CHECK(caller.dial("does-not-exist.invalid", 80, 1ns).error().kind == base::ErrorKind::dns);
}

TEST_CASE("a dialer gives an address up in time") {
  // Who listens with a full queue does not answer.
  auto listener = net::listen_on(net::SocketAddress::from_numeric("127.0.0.1", 0).value(), 0);
  REQUIRE(listener.ok());
  std::vector<base::Result<net::UniqueFd>> queue;
  for (int i = 0; i < 4; ++i) queue.push_back(net::start_connect(net::local_address(listener->get())));
  Caller caller;
  const auto& answer = caller.dial("127.0.0.1", port_of(*listener), 20ms);
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == base::ErrorKind::connect);
  CHECK(answer.error().message == "timed out");
}

TEST_CASE("a dialer may go while it dials") {
  Caller caller;
  SUBCASE("a name") { caller.dialer->start("does-not-exist.invalid", 80, 0s); }
  SUBCASE("an address") { caller.dialer->start("127.0.0.1", port_of(test::listen_anywhere()), 0s); }
  caller.dialer.reset();
  CHECK(test::comes_to_rest(caller.poller));
  CHECK(!caller.answer);
}
