#include "net/resolver.h"

#include <array>
#include <string>
#include <vector>

#include <netdb.h>
#include <unistd.h>

#include "descriptors.h"

using namespace wscope;
using net::AddressFamily;
using net::Resolver;

namespace {

std::vector<std::string> texts(const base::Result<Resolver::Addresses>& addresses) {
  REQUIRE(addresses.ok());
  std::vector<std::string> all;
  for (const net::SocketAddress& address : *addresses) all.push_back(address.text());
  return all;
}

/// The IPv4 addresses of `host` with port 8080, straight from the system.
std::vector<std::string> ask_system(const char* host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host, "8080", &hints, &found) != 0) return {};
  std::vector<std::string> all;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    all.push_back(net::SocketAddress::from(info->ai_addr, info->ai_addrlen).text());
  }
  ::freeaddrinfo(found);
  return all;
}

}  // namespace

TEST_CASE("a number is its own answer, at once") {
  Resolver resolver;
  CHECK_FALSE(resolver.ready());
  resolver.start("127.0.0.1", 80);
  REQUIRE(resolver.ready());
  CHECK(resolver.fd() == -1);
  CHECK(texts(resolver.take()) == std::vector<std::string>{"127.0.0.1:80"});
  CHECK_FALSE(resolver.ready());
  resolver.start("::1", 443, AddressFamily::ipv6);
  CHECK(texts(resolver.take()) == std::vector<std::string>{"[::1]:443"});
}

TEST_CASE("a number of the family that is not wanted is an error") {
  Resolver resolver;
  resolver.start("127.0.0.1", 80, AddressFamily::ipv6);
  auto answer = resolver.take();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(answer.error().message == "127.0.0.1: not an IPv6 address");
  resolver.start("::1", 80, AddressFamily::ipv4);
  CHECK(resolver.take().error().message == "::1: not an IPv4 address");
}

TEST_CASE("an address whose zone there is not is no name to be asked for") {
  Resolver resolver;
  resolver.start("fe80::1%nothere", 80);
  REQUIRE(resolver.ready());
  auto answer = resolver.take();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(answer.error().message == "fe80::1%nothere: there is no interface nothere");
}

TEST_CASE("localhost and the names under it are this machine, without asking") {
  Resolver resolver;
  for (const char* host : {"localhost", "LocalHost.", "chat.localhost"}) {
    CAPTURE(host);
    resolver.start(host, 8080);
    REQUIRE(resolver.ready());
    CHECK(texts(resolver.take()) == std::vector<std::string>{"[::1]:8080", "127.0.0.1:8080"});
  }
  resolver.start("localhost", 1, AddressFamily::ipv4);
  CHECK(texts(resolver.take()) == std::vector<std::string>{"127.0.0.1:1"});
  resolver.start("localhost", 1, AddressFamily::ipv6);
  CHECK(texts(resolver.take()) == std::vector<std::string>{"[::1]:1"});
}

TEST_CASE("numbers and localhost need no descriptors") {
  const test::DescriptorLimit none(3);
  Resolver resolver;
  for (const char* host : {"localhost", "127.0.0.1", "::1"}) {
    CAPTURE(host);
    resolver.start(host, 80);
    CHECK(resolver.ready());
    CHECK(resolver.take().ok());
  }
}

TEST_CASE("a name that does not exist is explained") {
  Resolver resolver;
  // No name server needs to be asked about these.
  for (const std::string host : {"two words", "two words.notlocalhost"}) {
    resolver.start(host, 80);
    REQUIRE(resolver.fd() >= 0);
    REQUIRE(test::wait_for(resolver.fd(), POLLIN));
    REQUIRE(resolver.ready());
    const auto answer = resolver.take();
    CHECK(resolver.fd() == -1);
    CHECK_FALSE(resolver.ready());
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().kind == base::ErrorKind::dns);
    const std::string begin = host + ": name not resolved: ";
    CHECK(answer.error().message.substr(0, begin.size()) == begin);
    CHECK(answer.error().message.size() > begin.size());
  }
}

TEST_CASE("any other name is what the system says") {
  std::array<char, 256> host{};
  REQUIRE(::gethostname(host.data(), host.size() - 1) == 0);
  const std::vector<std::string> expected = ask_system(host.data());
  Resolver resolver;
  resolver.start(host.data(), 8080, AddressFamily::ipv4);
  if (!resolver.ready()) REQUIRE(test::wait_for(resolver.fd(), POLLIN));
  const auto answer = resolver.take();
  CHECK(answer.ok() == !expected.empty());
  if (answer) CHECK(texts(answer) == expected);
}

TEST_CASE("a resolver that goes while the lookup runs waits for nobody") {
  for (int i = 0; i < 50; ++i) {
    Resolver resolver;
    resolver.start("two words", 80);
    if (i % 2 == 0) resolver.start("two words", 81);
    if (i % 3 == 0) CHECK(test::wait_for(resolver.fd(), POLLIN));
  }
  Resolver resolver;
  resolver.start("nonexistent.invalid", 80);
}

TEST_CASE("without descriptors there is no lookup, but an explanation") {
  Resolver resolver;
  {
    const test::DescriptorLimit none(3);
    resolver.start("nonexistent.invalid", 80);
  }
  REQUIRE(resolver.ready());
  CHECK(resolver.take().error().message == "nonexistent.invalid: name not resolved: pipe: too many open files");
}
