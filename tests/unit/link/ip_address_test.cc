#include "link/ip_address.h"

#include <doctest/doctest.h>

using namespace wscope;
using link::parse_ip_address;

namespace {

bool in(std::string_view address, std::string_view network) {
  const auto bytes = parse_ip_address(address);
  REQUIRE(!bytes.empty());
  return link::is_in_network(bytes, network);
}

}  // namespace

TEST_CASE("an address has 4 or 16 bytes") {
  CHECK(parse_ip_address("10.1.2.255") ==
        std::vector<std::byte>{std::byte{10}, std::byte{1}, std::byte{2}, std::byte{255}});
  CHECK(parse_ip_address("::1").size() == 16);
  CHECK(parse_ip_address("::1").back() == std::byte{1});
  CHECK(parse_ip_address("::1") == parse_ip_address("0:0::0001"));
  for (const char* text : {"", "a", "10.1.2", "10.1.2.256", "10.1.2.3 ", "[::1]", "::1%lo", "1.2.3.4:80", "::g"}) {
    CHECK(parse_ip_address(text).empty());
  }
}

TEST_CASE("an address is in its own network") {
  CHECK(in("10.1.2.3", "10.1.2.3"));
  CHECK(!in("10.1.2.3", "10.1.2.4"));
  CHECK(in("fe80::1", "FE80:0::1"));
  CHECK(in("::1", "[::1]"));
  CHECK(!in("10.1.2.3", "::ffff:10.1.2.3"));
}

TEST_CASE("a network is as many bits as are said") {
  CHECK(in("10.1.2.3", "10.0.0.0/8"));
  CHECK(!in("11.1.2.3", "10.0.0.0/8"));
  CHECK(in("10.127.2.3", "10.0.0.0/9"));
  CHECK(!in("10.128.2.3", "10.0.0.0/9"));
  CHECK(in("10.1.2.3", "10.1.2.2/31"));
  CHECK(!in("10.1.2.3", "10.1.2.2/32"));
  CHECK(in("1.2.3.4", "10.0.0.0/0"));
  CHECK(in("fd00::5", "fd00::/8"));
  CHECK(in("fd00::5", "[fd00::]/8"));
  CHECK(in("::5", "::4/127"));
  CHECK(!in("::5", "::4/128"));
}

TEST_CASE("nothing is in what is no network") {
  for (const char* network : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
                              "10/8", "*", "a/8", "::/129"}) {
    CHECK(!in("10.0.0.1", network));
    CHECK(!in("::a", network));
  }
}

TEST_CASE("a zone may be written as in a URL, and keeps its case") {
  CHECK(link::with_plain_zone("FE80::1%Eth0") == "fe80::1%Eth0");
  CHECK(link::with_plain_zone("fe80::1%25Eth0") == "fe80::1%Eth0");
  CHECK(link::with_plain_zone("fe80::1%25") == "fe80::1%25");  // the interface of that number
  CHECK(link::with_plain_zone("Name") == "name");
  CHECK(link::with_plain_zone("").empty());
}
