#include "link/connector.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "unit/net/descriptors.h"
#include "unit/peer/owner.h"

using namespace wscope;
using test::run_until;

namespace {

/// What comes of a command.
struct Caller final : peer::DialerOwner {
  void handle_attempt(const net::SocketAddress& address) override { tried.push_back(address.text()); }
  void handle_dialed(base::Result<peer::Dialed> result) override { dialed.emplace(std::move(result)); }

  /// The port that it got to, or what is wrong.
  std::string call(const http::Url& url, bool directly = false) {
    dialed.reset();
    tried.clear();
    link::Connector connector(loop, command, *this);
    if (auto started = connector.start(url, directly); !started) return started.error().message;
    REQUIRE(run_until(loop.poller, [&] { return dialed.has_value(); }));
    return *dialed ? std::to_string(dialed->value().transport.address().port()) : dialed->error().message;
  }

  link::Loop loop;
  link::ConnectPlan command;
  std::vector<std::string> tried;
  std::optional<base::Result<peer::Dialed>> dialed;
};

struct Target {
  net::UniqueFd listener = test::listen_anywhere();
  std::uint16_t port = net::local_address(listener.get()).port();
  std::string text = std::to_string(port);
};

http::Url url(const std::string& host, std::uint16_t port) {
  return http::parse_url("ws://" + host + ":" + std::to_string(port) + "/").value();
}

}  // namespace

TEST_CASE("without a word of the command line it goes where the URL says") {
  const Target target;
  Caller caller;
  CHECK(caller.call(url("127.0.0.1", target.port)) == target.text);
  CHECK(caller.tried == std::vector<std::string>{"127.0.0.1:" + target.text});
}

TEST_CASE("--resolve gives a name its addresses") {
  const Target target;
  Caller caller;
  caller.command.route.resolutions = {{"other", target.port, {"192.0.2.1"}},
                                      {"name.example", 1, {"192.0.2.1"}},
                                      {"name.example", target.port, {"127.0.0.1"}}};
  CHECK(caller.call(url("name.example", target.port)) == target.text);
  caller.command.route.resolutions = {{"*", target.port, {"127.0.0.1"}}};
  CHECK(caller.call(url("anything.example", target.port)) == target.text);
}

TEST_CASE("--resolve to a zone that there is not is a usage error that says so") {
  Caller caller;
  caller.command.route.resolutions = {{"name.example", 80, {"fe80::1%nothere"}}};
  CHECK(caller.call(url("name.example", 80)) == "--resolve: fe80::1%nothere: there is no interface nothere");
}

TEST_CASE("--connect-to leads elsewhere, the first rule that fits counts") {
  const Target target;
  Caller caller;
  caller.command.route.connect_to = {{"other", 0, "192.0.2.1", 0}, {"name.example", 80, "127.0.0.1", target.port}};
  CHECK(caller.call(url("name.example", 80)) == target.text);
  caller.command.route.connect_to = {{"", 0, "", target.port}};
  CHECK(caller.call(url("127.0.0.1", 80)) == target.text);
}

TEST_CASE("a server in this process is gone to directly") {
  const Target target;
  Caller caller;
  caller.command.route.connect_to = {{"", 0, "192.0.2.1", 1}};
  caller.command.route.unix_socket = "/nowhere";
  CHECK(caller.call(url("127.0.0.1", target.port), true) == target.text);
}

TEST_CASE("a Unix domain socket is in place of everything else") {
  Caller caller;
  caller.command.route.unix_socket = "/nowhere/socket";
  caller.command.route.proxy_given = true;
  caller.command.route.proxy = link::Proxy{link::Proxy::Kind::http, "192.0.2.1", 1};
  CHECK(caller.call(url("localhost", 80)).find("no such file or directory") != std::string::npos);
}

TEST_CASE("a proxy is the option's, or else that of the environment for the URL") {
  const Target target;  // speaks no HTTP, but that is enough to see who was asked
  Caller caller;
  caller.command.timeouts.connect = std::chrono::milliseconds(50);
  caller.command.route.proxy_given = true;
  caller.command.route.proxy = link::Proxy{link::Proxy::Kind::http, "127.0.0.1", target.port};
  CHECK(caller.call(url("name.example", 80)).starts_with("proxy 127.0.0.1:" + target.text + ": "));
  caller.command.route = {};
  REQUIRE(::setenv("http_proxy", ("127.0.0.1:" + target.text).c_str(), 1) == 0);
  CHECK(caller.call(url("name.example", 80)).starts_with("proxy 127.0.0.1:" + target.text + ": "));
  REQUIRE(::setenv("http_proxy", "ftp://x", 1) == 0);
  CHECK(caller.call(url("name.example", 80)).find("http_proxy") != std::string::npos);
  REQUIRE(::unsetenv("http_proxy") == 0);
}

TEST_CASE("what TLS takes is made when it is needed, and named if it is not there") {
  const Target target;
  Caller caller;
  caller.command.tls.ca_file = "/nowhere/ca.pem";
  CHECK(caller.call(url("127.0.0.1", target.port)) == target.text);
  http::Url secure = url("127.0.0.1", target.port);
  secure.secure = true;
  CHECK(caller.call(secure).find("/nowhere/ca.pem") != std::string::npos);
}
