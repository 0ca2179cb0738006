#include "http/authority.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace wscope::http;
using Kind = Host::Kind;

namespace {

Host host_of(std::string_view text) {
  const auto authority = parse_authority(text);
  REQUIRE(authority.has_value());
  return authority->host;
}

}  // namespace

TEST_CASE("an authority is read into its one form") {
  constexpr struct {
    std::string_view text;
    Kind kind;
    std::string_view host;
    std::uint16_t port;  // 0: none
  } rows[] = {
      {"example.com", Kind::name, "example.com", 0},
      {"EXAMPLE.com:80", Kind::name, "example.com", 80},
      {"example.com.:65535", Kind::name, "example.com", 65535},
      {"a_b-c.d", Kind::name, "a_b-c.d", 0},
      {"localhost", Kind::name, "localhost", 0},
      {"a", Kind::name, "a", 0},
      {"7", Kind::name, "7", 0},
      {"127.0.0.1", Kind::ipv4, "127.0.0.1", 0},
      {"0.0.0.0:1", Kind::ipv4, "0.0.0.0", 1},
      {"255.255.255.255", Kind::ipv4, "255.255.255.255", 0},
      {"127.0.0.1.:8080", Kind::ipv4, "127.0.0.1", 8080},
      // What inet_aton() takes for an address, and we for a name.
      {"127.1", Kind::name, "127.1", 0},
      {"0x7f.1", Kind::name, "0x7f.1", 0},
      {"0177.0.0.1", Kind::name, "0177.0.0.1", 0},
      {"127.0.0.01", Kind::name, "127.0.0.01", 0},
      {"127.0.0.256", Kind::name, "127.0.0.256", 0},
      {"127.0.0.1.2", Kind::name, "127.0.0.1.2", 0},
      {"127.0.0", Kind::name, "127.0.0", 0},
      {"2130706433", Kind::name, "2130706433", 0},
      {"[::1]", Kind::ipv6, "::1", 0},
      {"[::1]:8080", Kind::ipv6, "::1", 8080},
      {"[0:0:0:0:0:0:0:1]", Kind::ipv6, "::1", 0},
      {"[2001:DB8::A]", Kind::ipv6, "2001:db8::a", 0},
      {"[::ffff:127.0.0.1]:9", Kind::ipv4, "127.0.0.1", 9},
      {"[::ffff:7f00:1]", Kind::ipv4, "127.0.0.1", 0},
      {"[::fffe:127.0.0.1]", Kind::ipv6, "::fffe:7f00:1", 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto authority = parse_authority(row.text);
    REQUIRE(authority.has_value());
    CHECK(authority->host == Host{row.kind, std::string(row.host)});
    CHECK(authority->port.value_or(0) == row.port);
  }
}

TEST_CASE("what is not a host and a port is nothing") {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv,        "."sv,          ":80"sv,          "a:"sv,        "a:0"sv,         "a:080"sv,  "a:65536"sv,
        "a:+1"sv,    "a:-1"sv,       "a:8 0"sv,        "a: 80"sv,     "a:80:80"sv,     "::1"sv,    "a b"sv,
        " a"sv,      "a "sv,         "a\0b"sv,         "a,b"sv,       "a/b"sv,         "a?"sv,     "a#"sv,
        "u@a"sv,     "u:p@a"sv,      "a%2eb"sv,        "b\xc3\xbc"sv, "a*"sv,          "*"sv,      "!"sv,
        "a\\b"sv,    "[::1"sv,       "::1]"sv,         "[]"sv,        "[::1]80"sv,     "[::1]."sv, "[::1]:"sv,
        "[::1]:0"sv, "[::1%eth0]"sv, "[::1%25eth0]"sv, "[::1\0]"sv,   "[127.0.0.1]"sv, "[a]"sv,    "[[::1]]"sv,
        "[v1.a]"sv,  "a[::1]"sv}) {
    CAPTURE(text);
    CHECK_FALSE(parse_authority(text).has_value());
  }
}

TEST_CASE("hosts of this machine's loopback interface are known") {
  for (const char* text : {"localhost", "LOCALHOST.", "a.localhost", "a.b.localhost", "127.0.0.1", "127.255.0.9",
                           "[::1]", "[::ffff:127.9.9.9]"}) {
    CAPTURE(text);
    CHECK(host_of(text).is_loopback());
  }
  for (const char* text : {"local", "notlocalhost", "localhost.com", "localhost.evil.example", "127.1", "127.0.0.1.com",
                           "128.0.0.1", "0.0.0.0", "12.7.0.0", "[::]", "[::2]", "[::ffff:10.0.0.1]"}) {
    CAPTURE(text);
    CHECK_FALSE(host_of(text).is_loopback());
  }
}

TEST_CASE("an IPv6 address has brackets in a URL") {
  CHECK(host_of("[::1]").in_url() == "[::1]");
  CHECK(host_of("127.0.0.1").in_url() == "127.0.0.1");
  CHECK(host_of("A.b").in_url() == "a.b");
}
