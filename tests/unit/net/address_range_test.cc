#include "net/address_range.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using net::AddressRange;

namespace {

bool holds(const char* range, const char* address) {
  const auto parsed = AddressRange::parse(range);
  const auto numeric = net::SocketAddress::from_numeric(address, 80);
  REQUIRE(parsed.ok());
  REQUIRE(numeric.ok());
  return parsed->contains(*numeric);
}

}  // namespace

TEST_CASE("a range holds the addresses that begin as it does") {
  const struct {
    const char* range;
    const char* address;
    bool held;
  } rows[] = {
      {"10.0.0.0/8", "10.255.0.1", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.6", false},
      {"192.0.2.7/31", "192.0.2.6", true},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "::1", false},
      {"0.0.0.0/0", "::ffff:203.0.113.1", true},
      {"::/0", "fd00::1", true},
      {"::/0", "10.0.0.1", false},
      {"::1", "::1", true},
      {"::1", "::2", false},
      {"fd00::/7", "fe00::", false},
      {"fd00::/7", "fc12::1", true},
      {"2001:db8::/33", "2001:db8:7fff::", true},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"127.0.0.0/8", "::ffff:127.0.0.1", true},
      {"::ffff:10.0.0.0/104", "10.3.4.5", true},
      {"::ffff:10.0.0.0/104", "11.3.4.5", false},
      {"::ffff:192.0.2.7", "192.0.2.7", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.range);
    CAPTURE(row.address);
    CHECK(holds(row.range, row.address) == row.held);
  }
}

TEST_CASE("what has no address is in no range") {
  const auto all = AddressRange::parse("::/0");
  REQUIRE(all.ok());
  CHECK_FALSE(all->contains(net::SocketAddress()));
  CHECK_FALSE(all->contains(net::SocketAddress::from_unix_path("/a").value()));
}

TEST_CASE("what is no range is a usage error") {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8",
                           "localhost", "10.0.0.0/8/8", "fe80::1%lo/64", "[::1]/128", "10.0.0.0:80"}) {
    CAPTURE(text);
    const auto range = AddressRange::parse(text);
    REQUIRE(!range.ok());
    CHECK(range.error().kind == base::ErrorKind::usage);
  }
}
