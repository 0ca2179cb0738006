#include "peer/listener.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/fake_time.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;
using namespace std::chrono_literals;

namespace {

struct Host final : peer::ListenerOwner {
  explicit Host(const base::TimeSource* time = nullptr) : poller(time) {}

  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override {
    sockets.push_back(std::move(socket));
    clients.push_back(client);
    if (on_accepted) on_accepted();
  }

  void handle_exhausted(int error) override { told.push_back(error); }
  void handle_recovered() override { told.push_back(0); }

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
  std::vector<int> told;  // errors, and 0 that they are over
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
  test::FakeTime time;
  Host host(&time);
  host.listen();
  const net::UniqueFd first = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 1; }));
  const net::UniqueFd second = host.connect();
  {
    const test::DescriptorLimit none(3);
    for (int i = 0; i < 3; ++i) {
      time.pass(1h);
      test::settle(host.poller);
      CHECK(host.told == std::vector<int>{EMFILE});
    }
  }
  test::settle(host.poller);
  CHECK(host.sockets.size() == 1);
  time.pass(100ms);
  test::settle(host.poller);
  CHECK(host.sockets.size() == 2);
  CHECK(host.told == std::vector<int>{EMFILE, 0});
  const net::UniqueFd third = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 3; }));
  CHECK(host.told.size() == 2);
}

TEST_CASE("a listener hears that there are descriptors again though nobody waits any more") {
  test::FakeTime time;
  Host host(&time);
  host.listen();
  net::UniqueFd client = host.connect();
  {
    const test::DescriptorLimit none(3);
    test::settle(host.poller);
  }
  net::abort_connection(std::move(client));
  CHECK(host.told == std::vector<int>{EMFILE});
  time.pass(100ms);
  test::settle(host.poller);
  CHECK(host.told == std::vector<int>{EMFILE, 0});
}

TEST_CASE("a listener at the limit does not say with every client that comes and goes that it is over") {
  test::FakeTime time;
  Host host(&time);
  host.listen();
  const net::UniqueFd first = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 1; }));
  std::vector<net::UniqueFd> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(host.connect());
  const auto next = static_cast<rlim_t>(host.sockets[0].get()) + 1;
  for (int i = 0; i < 2; ++i) {
    host.sockets.pop_back();  // and whoever waits takes its place
    const test::DescriptorLimit full(next);
    time.pass(100ms);
    test::settle(host.poller);
    CHECK(host.sockets.size() == 1);
    CHECK(host.told == std::vector<int>{EMFILE});
  }
}

TEST_CASE("a listener on a Unix domain socket has its file as long as it listens") {
  std::string folder = (std::filesystem::temp_directory_path() / "wscope-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/socket";
  Host host;
  REQUIRE(host.listener.listen(path, 0600).ok());
  CHECK(host.listener.address().text() == path);
  const net::UniqueFd client = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 1; }));
  CHECK(host.clients[0].text() == "unix:");
  CHECK(test::is_private(host.sockets[0].get()));
  Host other;
  CHECK_FALSE(other.listener.listen(path, 0600).ok());
  host.listener.stop();
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(other.listener.listen(path, 0600).ok());
  other.listener.stop();
  CHECK(std::filesystem::remove(folder));
}

TEST_CASE("a listener takes over a socket that listens") {
  Host host;
  net::UniqueFd socket = test::listen_anywhere();
  const std::string address = net::local_address(socket.get()).text();
  REQUIRE(host.listener.listen(std::move(socket)).ok());
  CHECK(host.listener.address().text() == address);
  const net::UniqueFd client = host.connect();
  CHECK(test::run_until(host.poller, [&] { return host.sockets.size() == 1; }));
}
