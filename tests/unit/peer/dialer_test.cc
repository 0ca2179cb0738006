#include "peer/dialer.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addresses.h"
#include "secure.h"
#include "support/turns.h"

using namespace wscope;
using namespace std::chrono_literals;
using base::ErrorKind;
using Kind = net::IoResult::Kind;
using test::port_of;

namespace {

struct Caller final : peer::DialerOwner {
  void handle_attempt(const net::SocketAddress& address) override {
    CHECK(!answer);
    attempts.push_back(address.text());
  }
  void handle_dialed(base::Result<peer::Dialed> dialed) override {
    CHECK(!answer);
    answer.emplace(std::move(dialed));
    if (destroys) dialer.reset();
  }

  base::Result<peer::Dialed>& wait() {
    REQUIRE(test::run_until(poller, [&] { return answer.has_value(); }));
    return *answer;
  }
  base::Result<peer::Dialed>& dial(peer::Destination destination, base::Duration timeout = 0s) {
    dialer->start(std::move(destination), timeout);
    CHECK(!answer);
    return wait();
  }

  net::Poller poller;
  peer::ReadBlocks blocks;
  std::unique_ptr<peer::Dialer> dialer = std::make_unique<peer::Dialer>(poller, blocks, *this);
  std::optional<base::Result<peer::Dialed>> answer;
  std::vector<std::string> attempts;
  bool destroys = true;
};

using Attempts = std::vector<std::string>;

peer::Destination to(std::string host, std::uint16_t port) {
  peer::Destination destination;
  destination.host = std::move(host);
  destination.port = port;
  return destination;
}

peer::Destination through_proxy(std::uint16_t port, peer::ProxyHop::Kind kind = peer::ProxyHop::Kind::http) {
  peer::Destination destination = to("a.example", 443);
  destination.proxy.emplace();
  destination.proxy->kind = kind;
  destination.proxy->host = "127.0.0.1";
  destination.proxy->port = port;
  return destination;
}

/// A proxy, or a server, by hand: it takes one client and answers what it has read.
struct Proxy final : private net::Pollable {
  using Answer = std::function<std::string(const std::string& read)>;  // or "" to read on

  Proxy(net::Poller& loop, Answer what) : poller(loop), answer(std::move(what)) {
    id = poller.add(listener.get(), {.readable = true}, *this);
  }
  ~Proxy() { poller.remove(id); }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] std::string name() const { return "proxy " + test::address_of(listener).text() + ": "; }

  net::Poller& poller;
  net::Poller::Id id{};
  net::UniqueFd listener = test::listen_anywhere();
  const tls::Context* context = nullptr;  ///< to itself
  const tls::Context* inside = nullptr;   ///< behind its first answer
  peer::ReadBlocks blocks{};
  peer::Transport client{};
  Answer answer;
  std::string read{};
  std::string all{};
  std::function<void(net::UniqueFd&)> on_accepted{};  ///< does everything, if there is one

 private:
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  void handle_ready(net::Poller::Id, net::Readiness) override {
    if (client.fd() < 0) return accept();
    const test::Heard heard = test::hear_all(client);
    if (heard.kind != Kind::would_block) poller.remove(id);
    read += heard.text;
    all += heard.text;
    const std::string said = heard.text.empty() ? "" : answer(read);
    if (said.empty()) return;
    read.clear();
    test::say_all(client, said);
    if (inside != nullptr) client.add_tls(tls::Engine::server(*inside).value(), blocks);
  }
  void accept() {
    net::AcceptResult accepted = net::accept_connection(listener.get());
    REQUIRE(accepted.kind == net::AcceptResult::Kind::accepted);
    poller.remove(id);
    if (on_accepted) {
      held_ = std::move(accepted.fd);
      on_accepted(held_);
      return;
    }
    client = peer::Transport(std::move(accepted.fd));
    if (context != nullptr) client.add_tls(tls::Engine::server(*context).value(), blocks);
    id = poller.add(client.fd(), {.readable = true}, *this);
  }

  net::UniqueFd held_{};
};

std::string established(const std::string& read) {
  return read.ends_with("\r\n\r\n") ? "HTTP/1.1 200 Connection established\r\n\r\n" : "";
}

void check_error(const base::Result<peer::Dialed>& answer, ErrorKind kind, const std::string& message) {
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == kind);
  CHECK(answer.error().message == message);
}

}  // namespace

// --- names and addresses

TEST_CASE("a dialer connects to an address") {
  const net::UniqueFd listener = test::listen_anywhere();
  Caller caller;
  const auto& answer = caller.dial(to("127.0.0.1", port_of(listener)), 30s);
  REQUIRE(answer.ok());
  CHECK(answer.value().transport.address().port() == port_of(listener));
  CHECK(answer.value().transport.tls() == nullptr);
  CHECK(test::is_private(answer.value().transport.fd()));
  CHECK(caller.attempts == Attempts{test::address_of(listener).text()});
  const peer::DialTimes& times = answer.value().times;
  CHECK(times.tcp >= base::Duration::zero());
  CHECK(!times.name);  // nobody was asked
  CHECK(!times.proxy);
  CHECK(!times.tls);
}

TEST_CASE("a dialer goes through the addresses of a name until one answers") {
  const net::UniqueFd listener = test::listen_anywhere("127.0.0.1");
  Caller caller;
  const auto& answer = caller.dial(to("localhost", port_of(listener)));  // ::1 comes first and refuses
  REQUIRE(answer.ok());
  CHECK(answer.value().transport.address().host_text() == "127.0.0.1");
  REQUIRE(!caller.attempts.empty());
  CHECK(caller.attempts.back() == test::address_of(listener).text());
}

TEST_CASE("a dialer asks nobody about a host whose addresses are known") {
  const net::UniqueFd listener = test::listen_anywhere();
  peer::Destination destination = to("does-not-exist.invalid", 1);
  destination.addresses = {test::address_of(test::refusing_socket()), test::address_of(listener)};
  Caller caller;
  const auto& answer = caller.dial(destination);
  REQUIRE(answer.ok());
  CHECK(answer.value().transport.address().port() == port_of(listener));
}

TEST_CASE("a dialer keeps to the family that is wanted, also among known addresses") {
  const net::UniqueFd listener = test::listen_anywhere();
  peer::Destination destination = to("a.example", 1);
  destination.addresses = {net::SocketAddress::from_numeric("::1", 1).value(), test::address_of(listener)};
  Caller caller;
  SUBCASE("some are of it") {
    destination.family = net::AddressFamily::ipv4;
    CHECK(caller.dial(destination).ok());
    CHECK(caller.attempts == Attempts{test::address_of(listener).text()});
  }
  SUBCASE("none is") {
    destination.family = net::AddressFamily::ipv6;
    destination.addresses.erase(destination.addresses.begin());
    check_error(caller.dial(destination), ErrorKind::dns, "a.example: no IPv6 address");
    CHECK(caller.attempts.empty());
  }
  SUBCASE("none is, and a proxy is not to blame") {
    destination.family = net::AddressFamily::ipv4;
    destination.addresses.pop_back();
    destination.proxy = through_proxy(1, peer::ProxyHop::Kind::socks).proxy;
    destination.proxy->looks_up_names = false;
    check_error(caller.dial(destination), ErrorKind::dns, "a.example: no IPv4 address");
  }
}

TEST_CASE("a dialer tells that it was refused") {
  const net::UniqueFd socket = test::refusing_socket();
  Caller caller;
  std::string host;
  SUBCASE("by an address") { host = "127.0.0.1"; }
  SUBCASE("by all addresses") { host = "localhost"; }
  check_error(caller.dial(to(host, port_of(socket))), ErrorKind::connect, "connection refused");
  CHECK(std::count(caller.attempts.begin(), caller.attempts.end(), test::address_of(socket).text()) == 1);
}

TEST_CASE("a dialer tells that a name is unknown") {
  Caller caller;
  const std::string name(64, 'x');  // too long for a label: nobody has to be asked
  const auto& answer = caller.dial(to(name, 80));
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == ErrorKind::dns);
  CHECK(answer.error().message.starts_with(name + ": name not resolved: "));
  CHECK(caller.attempts.empty());
}

void check_slow_lookup(const peer::Destination& destination, ErrorKind kind, const std::string& message) {
  for (int left = 1000; left > 0; --left) {  // most are over before any timeout
    Caller caller;
    const auto& answer = caller.dial(destination, 1ns);
    if (left == 1 || answer.error().message == message) return check_error(answer, kind, message);
  }
}

TEST_CASE("a dialer gives up in time, and says what it was waiting for") {
  const test::SilentListener silent;
  const net::UniqueFd listener = test::listen_anywhere();
  const test::Trust trust;
  Caller caller;
  const std::string port = std::to_string(silent.address().port());
  SUBCASE("a name") {
    check_slow_lookup(to("no-name.invalid", 80), ErrorKind::dns, "no-name.invalid: name lookup timed out");
  }
  SUBCASE("an address") {
    check_error(caller.dial(to("127.0.0.1", silent.address().port()), 20ms), ErrorKind::connect, "timed out");
  }
  SUBCASE("TLS") {
    peer::Destination destination = to("127.0.0.1", port_of(listener));
    destination.tls = &trust.client;
    destination.server_name = "a.example";
    check_error(caller.dial(destination, 20ms), ErrorKind::connect, "timed out");
  }
  SUBCASE("a proxy") {
    check_error(caller.dial(through_proxy(silent.address().port()), 20ms), ErrorKind::connect,
                "proxy 127.0.0.1:" + port + ": timed out");
  }
  SUBCASE("a proxy's name") {
    auto destination = through_proxy(80);
    destination.proxy->host = "does-not-exist.invalid";
    check_slow_lookup(destination, ErrorKind::connect, "proxy does-not-exist.invalid:80: name lookup timed out");
  }
  SUBCASE("a proxy's answer") {
    check_error(caller.dial(through_proxy(port_of(listener)), 20ms), ErrorKind::connect,
                "proxy 127.0.0.1:" + std::to_string(port_of(listener)) + ": timed out");
  }
  CHECK(test::comes_to_rest(caller.poller));
}

TEST_CASE("a dialer may go while it dials") {
  Caller caller;
  SUBCASE("a name") { caller.dialer->start(to("does-not-exist.invalid", 80), 0s); }
  SUBCASE("an address") { caller.dialer->start(to("127.0.0.1", port_of(test::listen_anywhere())), 0s); }
  caller.dialer.reset();
  CHECK(test::comes_to_rest(caller.poller));
  CHECK(!caller.answer);
}

TEST_CASE("a dialer may dial again, also in the middle") {
  const test::SilentListener silent;
  const net::UniqueFd listener = test::listen_anywhere();
  Caller caller;
  caller.destroys = false;
  caller.dialer->start(to("127.0.0.1", silent.address().port()), 30s);
  REQUIRE(test::run_until(caller.poller, [&] { return !caller.attempts.empty(); }));
  for (int i = 0; i < 2; ++i) {
    CHECK(caller.dial(to("127.0.0.1", port_of(listener)), 30s).ok());
    CHECK(test::comes_to_rest(caller.poller));
    caller.answer.reset();
  }
  check_error(caller.dial(to("127.0.0.1", port_of(test::refusing_socket()))), ErrorKind::connect, "connection refused");
}

TEST_CASE("a dialer connects to a path, and to nothing else") {
  const test::TemporaryFolder folder;
  peer::Destination destination = through_proxy(1);
  destination.unix_socket = folder.at("socket");
  Caller caller;
  SUBCASE("where somebody listens") {
    const auto listener = net::listen_on(net::SocketAddress::from_unix_path(folder.at("socket")).value(), 1);
    REQUIRE(listener.ok());
    const auto& answer = caller.dial(destination);
    REQUIRE(answer.ok());
    CHECK(answer.value().transport.address().text() == folder.at("socket"));
    CHECK(!answer.value().times.proxy);
  }
  SUBCASE("that is not there") {
    check_error(caller.dial(destination), ErrorKind::connect, "no such file or directory");
  }
  SUBCASE("that is none") {
    destination.unix_socket = std::string(200, 'x');
    CHECK(caller.dial(destination).error().kind == ErrorKind::usage);
  }
}

// --- TLS

TEST_CASE("a dialer shakes hands") {
  const test::Trust trust;
  Caller caller;
  Proxy server(caller.poller, [](const std::string& read) { return read; });
  server.context = &trust.server;
  peer::Destination destination = to("127.0.0.1", port_of(server.listener));
  destination.tls = &trust.client;
  destination.server_name = "a.example";
  SUBCASE("with the right server") {
    caller.dialer->start(destination, 30s);
    auto& answer = caller.wait();
    REQUIRE(answer.ok());
    CHECK(answer.value().transport.tls()->session().version == "TLSv1.3");
    CHECK(answer.value().times.tls);
    test::say_all(answer.value().transport, "hello");
    CHECK(test::run_until(caller.poller, [&] { return server.all == "hello"; }));
  }
  SUBCASE("with another") {
    destination.server_name = "b.example";
    caller.dialer->start(destination, 30s);
    check_error(caller.wait(), ErrorKind::tls, "certificate is for a.example, 127.0.0.1, not b.example");
  }
  SUBCASE("with a name that cannot be") {
    destination.server_name = "";
    caller.dialer->start(destination, 30s);
    CHECK(caller.wait().error().kind == ErrorKind::usage);
  }
  CHECK(test::comes_to_rest(caller.poller));
}

// --- proxies

TEST_CASE("a dialer goes through an HTTP proxy, with TLS to it, through it, or both") {
  const test::Trust trust;
  for (const bool outside : {false, true}) {
    for (const bool inside : {false, true}) {
      CAPTURE(outside);
      CAPTURE(inside);
      Caller caller;
      Proxy proxy(caller.poller, established);
      peer::Destination destination = through_proxy(port_of(proxy.listener));
      if (outside) proxy.context = &trust.server;
      if (outside) destination.proxy->tls = &trust.client;
      if (inside) proxy.inside = &trust.server;
      if (inside) destination.tls = &trust.client;
      destination.server_name = "a.example";
      caller.dialer->start(destination, 30s);
      auto& answer = caller.wait();
      REQUIRE(answer.ok());
      CHECK(proxy.all == "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
      CHECK(answer.value().times.proxy);
      CHECK(answer.value().times.tls.has_value() == inside);
      peer::Transport& transport = answer.value().transport;
      CHECK((transport.tls() != nullptr) == (outside || inside));
      proxy.all.clear();
      test::say_all(transport, "to");
      CHECK(test::run_until(caller.poller, [&] { return proxy.all == "to"; }));
    }
  }
}

TEST_CASE("what comes right behind a proxy's answer belongs to the tunnel") {
  const test::Trust trust;
  for (const bool outside : {false, true}) {
    CAPTURE(outside);
    Caller caller;
    Proxy proxy(caller.poller, [](const std::string& read) {
      const std::string answer = established(read);
      return answer.empty() ? "" : answer + "tunnel";
    });
    peer::Destination destination = through_proxy(port_of(proxy.listener));
    if (outside) proxy.context = &trust.server;
    if (outside) destination.proxy->tls = &trust.client;
    caller.dialer->start(destination, 30s);
    auto& answer = caller.wait();
    REQUIRE(answer.ok());
    CHECK(answer.value().transport.holds_input() == outside);
    CHECK(test::hear_all(answer.value().transport).text == "tunnel");
  }
}

TEST_CASE("a dialer goes through a SOCKS proxy, which looks the name up or gets the address") {
  using namespace std::string_literals;
  std::string asked = "\5\1\0\5\1\0"s;
  Caller caller;
  Proxy proxy(caller.poller,
              [](const std::string& read) { return read.size() == 3 ? "\5\0"s : "\5\0\0\1\1\2\3\4\5\6"s; });
  peer::Destination destination = through_proxy(port_of(proxy.listener), peer::ProxyHop::Kind::socks);
  SUBCASE("the name") { asked += "\3\x09"s + "a.example"; }
  SUBCASE("an address found by us") {
    destination.proxy->looks_up_names = false;
    destination.host = "127.0.0.9";
    asked += "\1\x7f\0\0\x09"s;
  }
  SUBCASE("an address known to us") {
    destination.proxy->looks_up_names = false;
    destination.addresses = {test::numeric("127.0.0.8", 443)};
    asked += "\1\x7f\0\0\x08"s;
  }
  caller.dialer->start(destination, 30s);
  CHECK(caller.wait().ok());
  CHECK(proxy.all == asked + "\1\xbb");
}

TEST_CASE("a name that we are to look up for a SOCKS proxy, and that is unknown, is no fault of the proxy's") {
  peer::Destination destination = through_proxy(1, peer::ProxyHop::Kind::socks);
  destination.proxy->looks_up_names = false;
  destination.host = std::string(64, 'x');
  Caller caller;
  const auto& answer = caller.dial(destination);
  CHECK(answer.error().kind == ErrorKind::dns);
  CHECK(answer.error().message.starts_with(destination.host + ": name not resolved: "));
}

TEST_CASE("what is the matter with a proxy is said with its name") {
  const test::Trust trust;
  Caller caller;
  SUBCASE("it cannot be found") {
    peer::Destination destination = through_proxy(80);
    destination.proxy->host = std::string(64, 'x');
    const auto& answer = caller.dial(destination);
    CHECK(answer.error().kind == ErrorKind::connect);
    CHECK(answer.error().message.starts_with("proxy " + destination.proxy->host + ":80: name not resolved: "));
  }
  SUBCASE("it refuses") {
    const net::UniqueFd socket = test::refusing_socket();
    check_error(caller.dial(through_proxy(port_of(socket))), ErrorKind::connect,
                "proxy " + test::address_of(socket).text() + ": connection refused");
  }
  SUBCASE("its certificate is not trusted") {
    const auto stranger = tls::Context::client({}).value();
    Proxy proxy(caller.poller, established);
    proxy.context = &trust.server;
    peer::Destination destination = through_proxy(port_of(proxy.listener));
    destination.proxy->tls = &stranger;
    caller.dialer->start(destination, 30s);
    check_error(caller.wait(), ErrorKind::tls, proxy.name() + "unknown issuer: CN=Test Authority");
  }
  SUBCASE("it wants credentials") {
    Proxy proxy(caller.poller, [](const std::string&) { return "HTTP/1.1 407 Who are you\r\n\r\n"; });
    caller.dialer->start(through_proxy(port_of(proxy.listener)), 30s);
    const auto& answer = caller.wait();
    check_error(answer, ErrorKind::connect, proxy.name() + "HTTP 407 Who are you");
    CHECK(answer.error().hint == "it wants credentials: --proxy http://USER:PASSWORD@HOST:PORT gives it credentials");
  }
  SUBCASE("it goes without an answer") {
    Proxy proxy(caller.poller, established);
    proxy.on_accepted = [](const net::UniqueFd& client) { net::half_close(client.get()); };
    caller.dialer->start(through_proxy(port_of(proxy.listener)), 30s);
    check_error(caller.wait(), ErrorKind::connect, proxy.name() + "it closed the connection without an answer");
  }
  CHECK(test::comes_to_rest(caller.poller));
}

TEST_CASE("a proxy that answers before it has read all of what was said is heard") {
  Caller caller;
  Proxy proxy(caller.poller, established);
  bool goes = false;
  SUBCASE("and waits") {}
  SUBCASE("and goes") { goes = true; }
  proxy.on_accepted = [&](net::UniqueFd& client) {
    CHECK(net::send(client.get(), base::as_bytes("HTTP/1.1 431 Too long\r\n\r\n")).bytes > 0);
    if (goes) client.reset();
  };
  peer::Destination destination = through_proxy(port_of(proxy.listener));
  destination.proxy->credentials = http::Credentials{"me", std::string(10'000'000, 'x')};  // no socket takes all of it
  caller.dialer->start(destination, 30s);
  check_error(caller.wait(), ErrorKind::connect, proxy.name() + "HTTP 431 Too long");
}

TEST_CASE("a proxy that talks without end does not hold the loop") {
  Caller caller;
  Proxy proxy(caller.poller, established);
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string flood;
  while (flood.size() < 100'000) flood += interim;
  proxy.on_accepted = [&](net::UniqueFd& client) {
    CHECK(net::send(client.get(), base::as_bytes(flood)).bytes > 70'000);
  };
  caller.dialer->start(through_proxy(port_of(proxy.listener)), 30s);
  int turns = 0;
  REQUIRE(test::run_until(caller.poller, [&] {
    ++turns;
    return caller.answer.has_value();
  }));
  check_error(*caller.answer, ErrorKind::connect, proxy.name() + "its interim responses (1xx) have no end");
  CHECK(turns > 10);
  CHECK(test::comes_to_rest(caller.poller));
}
