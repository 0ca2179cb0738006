#include "net/address.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/un.h>

using namespace wscope;
using net::SocketAddress;

TEST_CASE("a numeric IPv4 address is written as in a URL") {
  const auto address = SocketAddress::from_numeric("127.0.0.1", 80);
  REQUIRE(address.ok());
  CHECK(address->family() == AF_INET);
  CHECK(address->port() == 80);
  CHECK(address->host_text() == "127.0.0.1");
  CHECK(address->text() == "127.0.0.1:80");
  CHECK(address->size() == sizeof(sockaddr_in));
}

TEST_CASE("a numeric IPv6 address is written in brackets before its port") {
  const auto address = SocketAddress::from_numeric("0:0::0:1", 65535);
  REQUIRE(address.ok());
  CHECK(address->family() == AF_INET6);
  CHECK(address->port() == 65535);
  CHECK(address->host_text() == "::1");
  CHECK(address->text() == "[::1]:65535");
  CHECK(address->size() == sizeof(sockaddr_in6));
}

TEST_CASE("this machine's own addresses are those that the system makes of their numbers") {
  const auto same = [](const SocketAddress& a, const SocketAddress& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
  };
  const SocketAddress four = SocketAddress::loopback(net::AddressFamily::ipv4, 8080);
  const SocketAddress six = SocketAddress::loopback(net::AddressFamily::ipv6, 65535);
  CHECK(four.text() == "127.0.0.1:8080");
  CHECK(six.text() == "[::1]:65535");
  CHECK(same(four, SocketAddress::from_numeric("127.0.0.1", 8080).value()));
  CHECK(same(six, SocketAddress::from_numeric("::1", 65535).value()));
}

TEST_CASE("an address fits its own family and any") {
  using net::AddressFamily;
  const SocketAddress four = SocketAddress::from_numeric("127.0.0.1", 80).value();
  const SocketAddress six = SocketAddress::from_numeric("::1", 80).value();
  CHECK(four.fits(AddressFamily::any));
  CHECK(four.fits(AddressFamily::ipv4));
  CHECK_FALSE(four.fits(AddressFamily::ipv6));
  CHECK(six.fits(AddressFamily::any));
  CHECK(six.fits(AddressFamily::ipv6));
  CHECK_FALSE(six.fits(AddressFamily::ipv4));
}

TEST_CASE("an address of the loopback interface is known") {
  for (const char* host : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:127.9.9.9"}) {
    CAPTURE(host);
    CHECK(SocketAddress::from_numeric(host, 80)->is_loopback());
  }
  for (const char* host : {"0.0.0.0", "128.0.0.1", "126.255.255.255", "10.127.0.1", "::", "::2", "2001:db8::1",
                           "::127.0.0.1", "::ffff:10.0.0.1", "fe80::1"}) {
    CAPTURE(host);
    CHECK_FALSE(SocketAddress::from_numeric(host, 80)->is_loopback());
  }
  CHECK_FALSE(SocketAddress().is_loopback());
  CHECK_FALSE(SocketAddress::from_unix_path("/tmp/x")->is_loopback());
}

TEST_CASE("a link-local address keeps its zone") {
  char name[IF_NAMESIZE];
  REQUIRE(::if_indextoname(1, name) != nullptr);
  const std::string host = std::string("fe80::1%") + name;
  const auto address = SocketAddress::from_numeric(host, 1);
  REQUIRE(address.ok());
  CHECK(address->host_text() == host);
  CHECK(address->text() == "[" + host + "]:1");
}

TEST_CASE("any IPv6 address may have a zone, by its name or number, if there is such an interface") {
  char name[IF_NAMESIZE];
  REQUIRE(::if_indextoname(1, name) != nullptr);
  for (const std::string& zone : {std::string(name), std::string("1")}) {
    const auto address = SocketAddress::from_numeric("::1%" + zone, 80);
    REQUIRE(address.ok());
    CHECK(address->family() == AF_INET6);
    CHECK(reinterpret_cast<const sockaddr_in6*>(address->data())->sin6_scope_id == 1);
  }
  CHECK(SocketAddress::from_numeric("fe80::1%nothere", 80).error().message ==
        "fe80::1%nothere: there is no interface nothere");
  CHECK(SocketAddress::from_numeric("127.0.0.1%1", 80).error().message == "127.0.0.1%1: not an IP address");
  CHECK_FALSE(SocketAddress::from_numeric("::1%", 80).ok());
}

TEST_CASE("a name is not numeric") {
  for (const char* host : {"", "localhost", "example.com", "1.2.3.4.5", "[::1]", "::1::", "127.0.0.1 "}) {
    CAPTURE(host);
    const auto address = SocketAddress::from_numeric(host, 80);
    REQUIRE_FALSE(address.ok());
    CHECK(address.error().kind == base::ErrorKind::usage);
    CHECK(address.error().message == std::string(host) + ": not an IP address");
  }
  CHECK_FALSE(SocketAddress::from_numeric(std::string_view("127.0.0.1\0.evil", 15), 80).ok());
}

TEST_CASE("an address is copied from what the system gave") {
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(8080);
  raw.sin_addr.s_addr = htonl(0x0a000001);
  const auto address = SocketAddress::from(reinterpret_cast<const sockaddr*>(&raw), sizeof raw);
  CHECK(address.text() == "10.0.0.1:8080");
  CHECK(reinterpret_cast<const sockaddr_in*>(address.data())->sin_port == htons(8080));
}

TEST_CASE("no address, and one of another family, have no text") {
  CHECK(SocketAddress().family() == AF_UNSPEC);
  CHECK(SocketAddress().text().empty());
  CHECK(SocketAddress().size() == 0);
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  const auto address = SocketAddress::from(reinterpret_cast<const sockaddr*>(&raw), sizeof raw);
  CHECK(address.family() == AF_UNIX);
  CHECK(address.port() == 0);
  CHECK(address.host_text().empty());
  CHECK(address.text() == "unix:");
}

TEST_CASE("a path is the address of a Unix domain socket") {
  const auto address = SocketAddress::from_unix_path("/tmp/a socket");
  REQUIRE(address.ok());
  CHECK(address->family() == AF_UNIX);
  CHECK(address->text() == "/tmp/a socket");
  CHECK(address->port() == 0);
  CHECK(address->host_text().empty());
  const std::string longest(sizeof(sockaddr_un::sun_path) - 1, 'x');
  CHECK(SocketAddress::from_unix_path(longest)->text() == longest);
}

TEST_CASE("a path that no socket can have is refused") {
  constexpr std::size_t most = sizeof(sockaddr_un::sun_path) - 1;
  const std::string limits = "the path of a socket has 1 to " + std::to_string(most) + " bytes";
  for (const std::string& path : {std::string(), std::string(most + 1, 'x')}) {
    const auto address = SocketAddress::from_unix_path(path);
    REQUIRE_FALSE(address.ok());
    CHECK(address.error().kind == base::ErrorKind::usage);
    CHECK(address.error().message == limits);
  }
  const auto cut = SocketAddress::from_unix_path(std::string_view("a\0b", 3));
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().message == "the path of a socket has no NUL");
}
