#include "cli/endpoint.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using cli::parse_endpoint;
using cli::parse_listen_address;

namespace {

/// The URL meant by what was typed, or "kind: message".
std::string url_of(std::string_view typed) {
  const auto endpoint = parse_endpoint(typed);
  if (endpoint) return endpoint->embedded ? "embedded" : endpoint->url.text();
  return (endpoint.error().kind == base::ErrorKind::usage ? "usage: " : "other: ") + endpoint.error().message;
}

/// "host port", or the message.
std::string address_of(std::string_view typed) {
  const auto address = parse_listen_address(typed);
  if (address) return address->host + " " + std::to_string(address->port);
  CHECK(address.error().kind == base::ErrorKind::usage);
  return address.error().message;
}

}  // namespace

TEST_CASE("an endpoint is a URL") {
  CHECK(url_of("ws://example.com") == "ws://example.com/");
  CHECK(url_of("ws://example.com:8080/chat?room=1") == "ws://example.com:8080/chat?room=1");
  CHECK(url_of("WS://EXAMPLE.com/A") == "ws://example.com/A");
  CHECK(url_of("ws://[::1]:9000/") == "ws://[::1]:9000/");
}

TEST_CASE("http means the same as ws") {
  CHECK(url_of("http://example.com/x") == "ws://example.com/x");
  CHECK(url_of("HTTP://example.com:81") == "ws://example.com:81/");
}

TEST_CASE("the scheme may be left out") {
  CHECK(url_of("example.com") == "ws://example.com/");
  CHECK(url_of("example.com:8080") == "ws://example.com:8080/");
  CHECK(url_of("localhost:8080/path?q") == "ws://localhost:8080/path?q");
  CHECK(url_of("127.0.0.1:80") == "ws://127.0.0.1/");
  CHECK(url_of("[::1]:8080") == "ws://[::1]:8080/");
  CHECK(url_of("host/?to=http://other/") == "ws://host/?to=http://other/");
  CHECK(url_of("user:pass@host") == "ws://host/");
}

TEST_CASE("a port alone is on this machine") {
  CHECK(url_of(":8080") == "ws://localhost:8080/");
  CHECK(url_of(":8080/path") == "ws://localhost:8080/path");
}

TEST_CASE("the embedded endpoint has a name") {
  CHECK(url_of("echo:") == "embedded");
  CHECK(url_of("ECHO:") == "embedded");
  CHECK(url_of("echo:8080") == "ws://echo:8080/");  // a host of that name
}

TEST_CASE("credentials are kept and never shown") {
  const auto endpoint = parse_endpoint("ws://me:p%40ss@host/");
  REQUIRE(endpoint.ok());
  REQUIRE(endpoint->url.credentials.has_value());
  CHECK(endpoint->url.credentials->user == "me");
  CHECK(endpoint->url.credentials->password == "p@ss");
  for (const char* typed :
       {"ws://me:secret@host:bad", "me:secret@", "wss://me:secret@host", "ws://me:secret@host/#f"}) {
    CHECK(url_of(typed).find("secret") == std::string::npos);
  }
}

TEST_CASE("what is no endpoint is a usage error that says why") {
  CHECK(url_of("") == "usage: the URL is empty");
  CHECK(url_of("ftp://example.com") == "usage: not a WebSocket URL: it does not begin with ws:// or wss://");
  CHECK(url_of("ws://host/#part").substr(0, 6) == "usage:");
  CHECK(url_of("host:0").substr(0, 6) == "usage:");
  CHECK(url_of("host:65536").substr(0, 6) == "usage:");
  CHECK(url_of("ho st").substr(0, 6) == "usage:");
  CHECK(url_of("ws://").substr(0, 6) == "usage:");
  CHECK(url_of("::1").substr(0, 6) == "usage:");
  CHECK(url_of("[::1").substr(0, 6) == "usage:");
}

TEST_CASE("a secure scheme is wss or https") {
  CHECK(url_of("wss://example.com") == "wss://example.com/");
  CHECK(url_of("https://example.com:444/x") == "wss://example.com:444/x");
  CHECK(url_of("WSS://me:secret@example.com") == "wss://example.com/");
  CHECK(parse_endpoint("HTTPS://host")->url.port == 443);
}

TEST_CASE("a Unix domain socket has a path, and may have a request path") {
  const auto socket_of = [](std::string_view typed) {
    const auto endpoint = parse_endpoint(typed);
    if (!endpoint) FAIL(endpoint.error().message);
    return endpoint->unix_socket + " " + endpoint->url.text();
  };
  CHECK(socket_of("ws+unix:/run/a.sock") == "/run/a.sock ws://localhost/");
  CHECK(socket_of("ws+unix:/run/a.sock:") == "/run/a.sock ws://localhost/");
  CHECK(socket_of("ws+unix:/run/a.sock:/") == "/run/a.sock ws://localhost/");
  CHECK(socket_of("ws+unix:/run/a.sock:/chat?to=http://b/") == "/run/a.sock ws://localhost/chat?to=http://b/");
  CHECK(socket_of("ws+unix:///run/a.sock:/chat") == "/run/a.sock ws://localhost/chat");
  CHECK(socket_of("WS+UNIX:./a:b c.sock:/chat") == "./a:b c.sock ws://localhost/chat");
  CHECK(socket_of("ws+unix:a.sock") == "a.sock ws://localhost/");
  CHECK(parse_endpoint("ws://host")->unix_socket.empty());
}

TEST_CASE("what is no Unix domain socket is a usage error that says how one is written") {
  for (const char* typed : {"ws+unix:", "ws+unix::", "ws+unix::/chat", "ws+unix://", "ws+unix://host/a.sock"}) {
    CHECK(url_of(typed).find("usage: a socket is written ws+unix:/path/to.sock or") == 0);
  }
  CHECK(url_of("ws+unix:/a.sock:/chat#part").find("fragment") != std::string::npos);
  CHECK(url_of("wss+unix:/a.sock").find("--unix-socket") != std::string::npos);
}

TEST_CASE("a server listens on a port of this machine, or on an address") {
  CHECK(address_of("0") == " 0");
  CHECK(address_of("8080") == " 8080");
  CHECK(address_of(":8080") == " 8080");
  CHECK(address_of("localhost:65535") == " 65535");
  CHECK(address_of("LocalHost:1") == " 1");
  CHECK(address_of("0.0.0.0:80") == "0.0.0.0 80");
  CHECK(address_of("[::]:80") == ":: 80");
  CHECK(address_of("[fe80::1%eth0]:80") == "fe80::1%eth0 80");
  CHECK(address_of("[FE80::1%25Eth0]:80") == "fe80::1%Eth0 80");
}

TEST_CASE("what is no port is an error that says so") {
  CHECK(address_of("") == "not a port: ");
  CHECK(address_of("http") == "not a port: http");
  CHECK(address_of("65536") == "not a port: 65536");
  CHECK(address_of("-1") == "not a port: -1");
  CHECK(address_of("+1") == "not a port: +1");
  CHECK(address_of("80 ") == "not a port: 80 ");
  CHECK(address_of("127.0.0.1") == "not a port: 127.0.0.1");
  CHECK(address_of("127.0.0.1:") == "not a port: ");
  CHECK(address_of("[::1]") == "no port behind [::1]");
  CHECK(address_of("::1:80") == "an IPv6 address needs brackets: ::1:80");
}
