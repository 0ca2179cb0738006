#include "cli/route_arguments.h"

#include <string>

#include "arguments.h"
#include "environment.h"

using namespace wscope;
using namespace wscope::test;
using link::IpVersion;
using session::ConnectCommand;

namespace {

link::Route route(const Arguments& options) { return with<ConnectCommand>(options).route; }

/// host:port:address,address of one --resolve.
std::string resolution(const char* typed) {
  const auto resolutions = route({"--resolve", typed}).resolutions;
  REQUIRE(resolutions.size() == 1);
  std::string text = resolutions[0].host + " " + std::to_string(resolutions[0].port);
  for (const std::string& address : resolutions[0].addresses) text += " " + address;
  return text;
}

std::string connect_to(const char* typed) {
  const auto rules = route({"--connect-to", typed}).connect_to;
  REQUIRE(rules.size() == 1);
  return rules[0].host + " " + std::to_string(rules[0].port) + " " + rules[0].to_host + " " +
         std::to_string(rules[0].to_port);
}

}  // namespace

TEST_CASE("the usual way is straight") {
  const Environment environment(only({}));
  const link::Route usual = route({});
  CHECK(!usual.proxy);
  CHECK(!usual.proxy_given);
  CHECK(usual.unix_socket.empty());
  CHECK(usual.ip_version == IpVersion::any);
  CHECK(usual.resolutions.empty());
  CHECK(usual.connect_to.empty());
}

TEST_CASE("one version of IP may be asked for") {
  for (const char* option : {"-4", "--ipv4"}) CHECK(route({option}).ip_version == IpVersion::v4);
  for (const char* option : {"-6", "--ipv6"}) CHECK(route({option}).ip_version == IpVersion::v6);
  complaint_with<ConnectCommand>({"-4", "-6"});
}

TEST_CASE("a proxy is that of the option, or that of the environment for the URL") {
  const Environment environment(only({{"http_proxy", "plain"}, {"https_proxy", "secure"}}));
  CHECK(connect({"ws://host"}).route.proxy->host == "plain");
  CHECK(connect({"wss://host"}).route.proxy->host == "secure");
  CHECK(!connect({"wss://host"}).route.proxy_given);
  CHECK(!connect({"ws://localhost"}).route.proxy);
  const link::Route given = route({"--proxy", "socks5h://me:secret@given:1"});
  REQUIRE(given.proxy.has_value());
  CHECK(given.proxy->kind == link::Proxy::Kind::socks5h);
  CHECK(given.proxy->host == "given");
  CHECK(given.proxy->credentials == http::Credentials{"me", "secret"});
  CHECK(given.proxy_given);
  CHECK(connect({"--proxy", "given", "ws://localhost"}).route.proxy->host == "given");
}

TEST_CASE("an empty proxy is none") {
  const Environment environment(only({{"http_proxy", "plain"}}));
  for (const Arguments& options : {Arguments{"--proxy", ""}, Arguments{"--proxy="}}) {
    CHECK(!route(options).proxy);
    CHECK(route(options).proxy_given);
  }
}

TEST_CASE("what is on this machine needs no proxy") {
  const Environment environment(only({{"http_proxy", "plain"}, {"all_proxy", "ftp://wrong"}}));
  CHECK(!connect({"echo:"}).route.proxy);
  CHECK(!connect({"ws+unix:/a.sock"}).route.proxy);
  CHECK(!connect({"--unix-socket", "/a.sock", "host"}).route.proxy);
  const std::string useless = "--proxy has no use: what is connected to is on this machine";
  CHECK(complaint({"--proxy", "a", "echo:"}) == useless);
  CHECK(complaint({"--proxy", "a", "ws+unix:/a.sock"}) == useless);
  CHECK(complaint({"--proxy", "a", "--unix-socket", "/a.sock", "host"}) == useless);
  CHECK(!connect({"--proxy", "", "echo:"}).route.proxy);
}

TEST_CASE("a proxy that is none is a usage error") {
  const Environment environment(only({{"http_proxy", "ftp://me:secret@plain"}}));
  CHECK(complaint({"host"}) == "http_proxy: a proxy is one of http, https, socks5, socks5h");
  CHECK(complaint({"host", "--proxy", "a:0"}) ==
        "--proxy: a proxy has a host and perhaps a port, as in socks5://proxy:1080");
  CHECK(!connect({"host", "--proxy="}).route.proxy);
}

TEST_CASE("credentials for a proxy are those of the option, whichever proxy it is") {
  const Environment environment(only({}));
  CHECK(!route({}).proxy_credentials);
  CHECK(route({"--proxy-user", "me:a:b"}).proxy_credentials == http::Credentials{"me", "a:b"});
  CHECK(!route({"--proxy-user", "me:a"}).asks_proxy_password);
  CHECK(route({"--proxy-user", "me"}).asks_proxy_password);
  CHECK(route({"--proxy-user", "me"}).proxy_credentials == http::Credentials{"me", ""});
  const link::Route copied = connect({"curl", "-U", "me:x", "--socks5-hostname", "p:1", "ws://host"}).route;
  CHECK(copied.proxy_credentials == http::Credentials{"me", "x"});
  REQUIRE(copied.proxy.has_value());
  CHECK(copied.proxy->kind == link::Proxy::Kind::socks5h);
  CHECK(copied.proxy->host == "p");
  CHECK(complaint({"host", "--proxy-user", "me:secret\n"}) == "--proxy-user: a control character");
}

TEST_CASE("a Unix domain socket stands in for the host") {
  const ConnectCommand command = connect({"--unix-socket", "/a.sock", "ws://host/x"});
  CHECK(command.route.unix_socket == "/a.sock");
  CHECK(command.endpoint.url.text() == "ws://host/x");
  const std::string useless = "--unix-socket has no use: the URL says where to connect";
  CHECK(complaint({"--unix-socket", "/a.sock", "echo:"}) == useless);
  CHECK(complaint({"--unix-socket", "/a.sock", "ws+unix:/b.sock"}) == useless);
}

TEST_CASE("addresses of a name may be given") {
  CHECK(resolution("Example.com:443:10.0.0.1") == "example.com 443 10.0.0.1");
  CHECK(resolution("a:80:10.0.0.1,[::1],fd00::2") == "a 80 10.0.0.1 ::1 fd00::2");
  CHECK(resolution("*:80:::1") == "* 80 ::1");
  CHECK(resolution("a:80:fe80::1%eth0,[fe80::2%25eth1]") == "a 80 fe80::1%eth0 fe80::2%eth1");
  CHECK(resolution("[::1]:80:127.0.0.1") == "::1 80 127.0.0.1");
  CHECK(route({"--resolve", "a:1:::1", "--resolve=b:2:::2"}).resolutions.size() == 2);
  for (const char* text : {"a", "a:80", "a:80:", "a::10.0.0.1", ":80:10.0.0.1", "a:0:10.0.0.1", "a:http:10.0.0.1",
                           "a:80:host", "a:80:10.0.0.1,", "a:80:10.0.0.256", "[::1]", "[::1", "[::1]:80", ":", "::"}) {
    CHECK(complaint({"--resolve", text, "host"}) == "--resolve wants HOST:PORT:ADDRESS[,ADDRESS...]");
  }
}

TEST_CASE("another host and port may be connected to") {
  CHECK(connect_to("A:80:B:81") == "a 80 b 81");
  CHECK(connect_to("::b:") == " 0 b 0");
  CHECK(connect_to(":::81") == " 0  81");
  CHECK(connect_to("[::1]:80:[::2]:81") == "::1 80 ::2 81");
  CHECK(connect_to("a::[FE80::2%25Eth0]:") == "a 0 fe80::2%Eth0 0");
  for (const char* text : {"a", "a:80:b", "a:80:b:81:", "a:x:b:81", "a:80:b:0", "a:80:b:65536", "::1:80:b:81"}) {
    CHECK(complaint({"--connect-to", text, "host"}) ==
          "--connect-to wants HOST1:PORT1:HOST2:PORT2, each of which may be empty");
  }
}

TEST_CASE("redirections are followed if asked for, up to a number") {
  CHECK(!connect({"host"}).redirects);
  CHECK(!connect({"--max-redirects", "3", "host"}).redirects);
  for (const char* option : {"-L", "--location"}) CHECK(connect({option, "host"}).redirects == 10);
  CHECK(connect({"-L", "--max-redirects=3", "host"}).redirects == 3);
  CHECK(connect({"-L", "--max-redirects=99999999999", "host"}).redirects == 4294967295);
  for (const char* text : {"", "0", "-1", "x"}) {
    CHECK(complaint({"--max-redirects", text, "host"}) ==
          std::string("--max-redirects wants a whole number of at least 1, not \"") + text + "\"");
  }
}

TEST_CASE("connecting again is for ever, or up to a number of failures") {
  CHECK(!connect({"host"}).reconnect);
  REQUIRE(connect({"--reconnect", "host"}).reconnect.has_value());
  CHECK(!connect({"--reconnect", "host"}).reconnect->attempts);
  CHECK(connect({"--reconnect=3", "host"}).reconnect->attempts == 3);
  for (const char* text : {"0", "-1", "x", "true"}) {
    CHECK(complaint({std::string("--reconnect=") + text, "host"}) ==
          std::string("--reconnect wants a whole number of at least 1, not \"") + text + "\"");
  }
}
