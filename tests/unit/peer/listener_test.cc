#include "peer/listener.h"

#include <functional>
#include <vector>

#include <sys/resource.h>

#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;

namespace {

struct Host final : peer::ListenerOwner {
  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override {
    sockets.push_back(std::move(socket));
    clients.push_back(client);
    if (on_accepted) on_accepted();
  }

  /// Listens on any free port.
  void listen() {
    const auto anywhere = net::SocketAddress::from_numeric("127.0.0.1", 0).value();
    REQUIRE(listener.listen(anywhere).ok());
  }
  [[nodiscard]] net::UniqueFd connect() const {
    auto socket = net::start_connect(listener.address());
    REQUIRE(socket.ok());
    REQUIRE(test::wait_for(socket->get(), POLLOUT));
    return std::move(*socket);
  }

  net::Poller poller;
  peer::Listener listener{poller, *this};
  std::vector<net::UniqueFd> sockets;
  std::vector<net::SocketAddress> clients;
  std::function<void()> on_accepted;
};

}  // namespace

TEST_CASE("a listener accepts whoever comes") {
  Host host;
  host.listen();
  CHECK(host.listener.address().port() != 0);
  CHECK(test::comes_to_rest(host.poller));
  std::vector<net::UniqueFd> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(host.connect());
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 5; }));
  CHECK(host.clients[0].text() == net::local_address(clients[0].get()).text());
  CHECK(test::is_private(host.sockets[0].get()));
  CHECK(test::comes_to_rest(host.poller));
}

TEST_CASE("a listener may be stopped when a client has come") {
  Host host;
  host.on_accepted = [&] { host.listener.stop(); };
  host.listen();
  const net::UniqueFd first = host.connect();
  const net::UniqueFd second = host.connect();
  CHECK(test::run_until(host.poller, [&] { return !host.sockets.empty(); }));
  CHECK(test::comes_to_rest(host.poller));
  CHECK(host.sockets.size() == 1);
  auto late = net::start_connect(host.listener.address());
  CHECK((!late || (test::wait_for(late->get(), POLLOUT) && !net::connect_result(late->get()))));
}

TEST_CASE("a listener tells why it cannot listen") {
  Host host;
  const net::UniqueFd taken = test::listen_anywhere();
  const auto outcome = host.listener.listen(net::local_address(taken.get()));
  REQUIRE(!outcome.ok());
  CHECK(outcome.error().kind == base::ErrorKind::io);
  CHECK(outcome.error().message == net::local_address(taken.get()).text() + ": address already in use");
}

TEST_CASE("a listener rests while descriptors have run out, and then goes on") {
  Host host;
  host.listen();
  const net::UniqueFd first = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 1; }));
  const net::UniqueFd second = host.connect();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto turn = host.poller.run_once();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(turn.ok());
  CHECK(test::comes_to_rest(host.poller));
  CHECK(host.sockets.size() == 1);
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 2; }));
}
