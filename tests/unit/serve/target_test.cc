#include "serve/target.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace wscope;
using serve::Target;

namespace {

std::string error_of(std::string_view text) {
  const auto target = serve::parse_target(text);
  REQUIRE_FALSE(target);
  CHECK(target.error().kind == base::ErrorKind::usage);
  return target.error().message;
}

}  // namespace

TEST_CASE("a target is a scheme and what it takes") {
  constexpr struct {
    std::string_view text, shown;
    Target::Kind kind;
    std::string_view host;
    std::uint16_t port;
    std::string_view path;
  } rows[] = {
      {"tcp:localhost:22", "tcp:localhost:22", Target::Kind::tcp, "localhost", 22, ""},
      {"TCP:10.0.0.1:65535", "tcp:10.0.0.1:65535", Target::Kind::tcp, "10.0.0.1", 65535, ""},
      {"tcp:[::1]:5900", "tcp:[::1]:5900", Target::Kind::tcp, "::1", 5900, ""},
      {"tcp:[fe80::1%eth0]:1", "tcp:[fe80::1%eth0]:1", Target::Kind::tcp, "fe80::1%eth0", 1, ""},
      {"udp:127.0.0.1:53", "udp:127.0.0.1:53", Target::Kind::udp, "127.0.0.1", 53, ""},
      {"unix:/run/a=b:c", "unix:/run/a=b:c", Target::Kind::unix_socket, "", 0, "/run/a=b:c"},
      {"unix:relative", "unix:relative", Target::Kind::unix_socket, "", 0, "relative"},
      {"echo:", "echo:", Target::Kind::echo, "", 0, ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto target = serve::parse_target(row.text);
    REQUIRE(target);
    CHECK(target->kind == row.kind);
    CHECK(target->host == row.host);
    CHECK(target->port == row.port);
    CHECK(target->path == row.path);
    CHECK(target->text() == row.shown);
  }
}

TEST_CASE("a target may be a WebSocket, whose credentials are not shown") {
  const auto target = serve::parse_target("wss://me:secret@example.com/a?b=c");
  REQUIRE(target);
  CHECK(target->kind == Target::Kind::websocket);
  CHECK(target->url.secure);
  CHECK(target->url.target == "/a?b=c");
  CHECK(target->text() == "wss://example.com/a?b=c");
}

TEST_CASE("what is no target is an error that quotes nothing of it") {
  constexpr std::string_view rows[] = {"",
                                       "22",
                                       "localhost:22",
                                       "tcp:",
                                       "tcp:22",
                                       "tcp::22",
                                       "tcp:host",
                                       "tcp:host:",
                                       "tcp:host:0",
                                       "tcp:host:65536",
                                       "tcp:host:-1",
                                       "tcp:host:22x",
                                       "tcp:::1:22",
                                       "tcp:[::1]",
                                       "tcp:[host]:22",
                                       "tcp:[:22",
                                       "tcp:a b:22",
                                       "tcp:me:secret@host:22",
                                       "tcp:secret@host:22",
                                       "tcp://host:22",
                                       "udp:host",
                                       "unix:",
                                       "echo:x",
                                       "http://me:secret@host/",
                                       "ftp://me:secret@host/",
                                       "ws://me:secret@/"};
  for (const std::string_view text : rows) {
    CAPTURE(text);
    CHECK(error_of(text).find("secret") == std::string::npos);
  }
  CHECK(error_of("unix:" + std::string(200, 'x')).find("bytes") != std::string::npos);
  CHECK(error_of(std::string_view("unix:a\0b", 8)).find("NUL") != std::string::npos);
}

TEST_CASE("where it is allowed, an address alone is one of TCP") {
  const auto target = serve::parse_target_or_address("10.1.2.3:5900");
  REQUIRE(target);
  CHECK(target->text() == "tcp:10.1.2.3:5900");
  CHECK(serve::parse_target_or_address("[::1]:1")->text() == "tcp:[::1]:1");
  CHECK(serve::parse_target_or_address("unix:/a")->text() == "unix:/a");
  CHECK_FALSE(serve::parse_target_or_address("host"));
  CHECK_FALSE(serve::parse_target_or_address("ftp://host:21"));
}
