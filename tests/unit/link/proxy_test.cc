#include "link/proxy.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "unit/cli/environment.h"

using namespace wscope;
using link::Proxy;
using test::Environment;

namespace {

Proxy proxy(std::string_view text) {
  auto parsed = link::parse_proxy(text);
  if (!parsed) FAIL(parsed.error().message);
  return std::move(*parsed);
}

std::string complaint(std::string_view text) {
  const auto parsed = link::parse_proxy(text);
  REQUIRE(!parsed.ok());
  CHECK(parsed.error().kind == base::ErrorKind::usage);
  return parsed.error().message;
}

/// The host of the proxy that `variables` mean for a URL; empty: none.
std::string chosen(const char* url, const std::vector<Environment::Variable>& variables) {
  const Environment environment(test::only(variables));
  auto proxy = link::proxy_of_environment(*http::parse_url(url));
  if (!proxy) return proxy.error().message;
  return *proxy ? (*proxy)->host : "";
}

}  // namespace

TEST_CASE("a proxy has a kind, a host and a port") {
  CHECK(proxy("http://a:3128").kind == Proxy::Kind::http);
  CHECK(proxy("HTTPS://a:3128").kind == Proxy::Kind::https);
  CHECK(proxy("socks5://a:3128").kind == Proxy::Kind::socks5);
  CHECK(proxy("Socks5h://a:3128").kind == Proxy::Kind::socks5h);
  CHECK(proxy("a:3128").kind == Proxy::Kind::http);
  for (const char* text : {"http://A:3128", "socks5://a:3128/", "a:3128"}) {
    CHECK(proxy(text).host == "a");
    CHECK(proxy(text).port == 3128);
    CHECK(!proxy(text).credentials);
  }
  CHECK(proxy("[::1]:80").host == "::1");
  CHECK(proxy("http://[::1]:80").port == 80);
}

TEST_CASE("without a port a proxy has the usual one") {
  for (const char* text : {"a", "http://a", "socks5://a/", "socks5h://a", "[::1]", "me:secret@a", "me:3128@[::1]"}) {
    CHECK(proxy(text).port == 1080);
  }
  CHECK(proxy("https://a").port == 443);
}

TEST_CASE("credentials of a proxy are percent-decoded") {
  CHECK(proxy("http://me:p%40ss%3a@a").credentials == http::Credentials{"me", "p@ss:"});
  CHECK(proxy("me@a").credentials == http::Credentials{"me", ""});
  CHECK(proxy("socks5://a@b:c@d").credentials == http::Credentials{"a@b", "c"});
}

TEST_CASE("what is no proxy is a usage error that quotes nothing") {
  for (const char* text : {"ftp://me:secret@a", "socks4://me:secret@a", "ws://secret", "http://http://secret"}) {
    CHECK(complaint(text) == "a proxy is one of http, https, socks5, socks5h");
  }
  for (const char* text : {"", "http://", ":80", "me:secret@", "secret:", "secret:0", "secret:x", "secret:65536",
                           "a/secret", "a?secret", "a#secret", "se cret", "me:secret\n@a", "me:%0asecret@a", "::1"}) {
    CHECK(complaint(text) == "a proxy has a host and perhaps a port, as in socks5://proxy:1080");
  }
}

TEST_CASE("the environment has a proxy for each scheme") {
  const std::vector<Environment::Variable> variables = {{"http_proxy", "plain"}, {"https_proxy", "secure"}};
  CHECK(chosen("ws://host", variables) == "plain");
  CHECK(chosen("wss://host", variables) == "secure");
  CHECK(chosen("wss://host", {{"HTTPS_PROXY", "secure"}}) == "secure");
  CHECK(chosen("wss://host", {{"HTTPS_PROXY", "upper"}, {"https_proxy", "lower"}}) == "lower");
  CHECK(chosen("wss://host", {{"http_proxy", "plain"}}).empty());
  CHECK(chosen("ws://host", {{"https_proxy", "secure"}}).empty());
  CHECK(chosen("ws://host", {}).empty());
}

TEST_CASE("HTTP_PROXY may be a header of somebody's request, and is not read") {
  CHECK(chosen("ws://host", {{"HTTP_PROXY", "theirs"}}).empty());
}

TEST_CASE("a proxy for all is for what has none of its own") {
  for (const char* name : {"all_proxy", "ALL_PROXY"}) {
    CHECK(chosen("ws://host", {{name, "all"}}) == "all");
    CHECK(chosen("wss://host", {{name, "all"}}) == "all");
    CHECK(chosen("ws://host", {{name, "all"}, {"http_proxy", "plain"}}) == "plain");
    CHECK(chosen("ws://host", {{name, "all"}, {"http_proxy", ""}}) == "all");
    CHECK(chosen("ws://host", {{name, ""}}).empty());
  }
}

TEST_CASE("there is no proxy on the way to this machine") {
  for (const char* url : {"ws://localhost", "ws://a.localhost", "ws://127.0.0.1", "ws://127.1.2.3", "ws://[::1]"}) {
    CHECK(chosen(url, {{"http_proxy", "plain"}}).empty());
  }
  for (const char* url : {"ws://127.example.com", "ws://localhost.com", "ws://128.0.0.1", "ws://[::2]"}) {
    CHECK(chosen(url, {{"http_proxy", "plain"}}) == "plain");
  }
}

TEST_CASE("there is no proxy for what is listed") {
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    CHECK(chosen("ws://a.example.com", {{"http_proxy", "plain"}, {name, "example.com"}}).empty());
    CHECK(chosen("ws://example.org", {{"http_proxy", "plain"}, {name, "example.com"}}) == "plain");
    // An entry that does not have to be understood cannot be wrong.
    CHECK(chosen("ws://example.com", {{"http_proxy", "ftp://wrong"}, {name, "*"}}).empty());
  }
}

TEST_CASE("a proxy of the environment that is none is an error that names the variable") {
  CHECK(chosen("ws://host", {{"http_proxy", "ftp://me:secret@a"}}) ==
        "http_proxy: a proxy is one of http, https, socks5, socks5h");
  CHECK(chosen("wss://host", {{"ALL_PROXY", "me:secret@"}}) ==
        "ALL_PROXY: a proxy has a host and perhaps a port, as in socks5://proxy:1080");
}

TEST_CASE("a listed name stands for what is under it") {
  for (const char* list :
       {"example.com", ".example.com", "a,example.com", "a, .EXAMPLE.com ,b", "a example.com", "*"}) {
    CHECK(link::is_listed("example.com", list));
    CHECK(link::is_listed("a.b.example.com", list));
  }
  for (const char* list : {"", ",", " , ", ".", "a.example.com", "ample.com", "com.", "e", "*.com", "example.com.a"}) {
    CHECK(!link::is_listed("example.com", list));
  }
  CHECK(link::is_listed("host", "host"));
  CHECK(!link::is_listed("otherhost", "host"));
}

TEST_CASE("a listed address or network is that of a host, and no end of a name") {
  CHECK(link::is_listed("10.1.2.3", "a,10.1.2.3"));
  CHECK(link::is_listed("10.1.2.3", "192.168.0.0/16,10.0.0.0/8"));
  CHECK(link::is_listed("fd00::1", "fd00::/8"));
  CHECK(link::is_listed("fd00::1", "[FD00:0::1]"));
  CHECK(link::is_listed("10.1.2.3", "*"));
  CHECK(!link::is_listed("10.1.2.3", "2.3,11.0.0.0/8,10.1.2"));
  CHECK(!link::is_listed("a.10.1.2.3", "10.0.0.0/8"));
}

TEST_CASE("a proxy of the environment that is passed by is known") {
  const auto passes_by = [](const char* url, const std::vector<Environment::Variable>& variables) {
    const Environment environment(test::only(variables));
    return link::passes_by_proxy_of_environment(*http::parse_url(url));
  };
  CHECK(passes_by("ws://localhost", {{"http_proxy", "a"}}));
  CHECK(passes_by("wss://127.0.0.1", {{"ALL_PROXY", "a"}}));
  CHECK_FALSE(passes_by("ws://localhost", {}));
  CHECK_FALSE(passes_by("ws://localhost", {{"https_proxy", "a"}}));
  CHECK_FALSE(passes_by("ws://localhost", {{"http_proxy", "a"}, {"no_proxy", "localhost"}}));
  CHECK_FALSE(passes_by("ws://example.com", {{"http_proxy", "a"}}));
}
