#include "link/redirect.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

http::Url url(std::string_view text) { return http::parse_url(text).value(); }

http::ResponseHead answer(int status, const std::string& location) {
  http::ResponseHead head;
  head.status = status;
  head.headers.add("Location", location);
  return head;
}

// Where it leads, "none", or what is wrong with it.
std::string lead(std::string_view from, const std::string& location, int status = 302) {
  const auto target = link::redirection(url(from), answer(status, location));
  if (!target) return target.error().message;
  return *target ? (*target)->text() : "none";
}

}  // namespace

TEST_CASE("the statuses that redirect a GET do, if they say where") {
  for (const int status : {301, 302, 303, 307, 308}) CHECK(lead("ws://h/a", "/b", status) == "ws://h/b");
  for (const int status : {200, 300, 304, 305, 400, 500}) CHECK(lead("ws://h/a", "/b", status) == "none");
  CHECK(link::is_redirection(308));
  CHECK_FALSE(link::is_redirection(304));
  http::ResponseHead nowhere;
  nowhere.status = 302;
  const auto target = link::redirection(url("ws://h/"), nowhere);
  REQUIRE(target.ok());
  CHECK_FALSE(target->has_value());
}

TEST_CASE("a zone, which no server can know, is kept with its address") {
  CHECK(lead("ws://[fe80::1%25eth0]:81/a", "/b") == "ws://[fe80::1%25eth0]:81/b");
  CHECK(lead("ws://[fe80::1%25eth0]:81/a", "http://[fe80::1]:82/b") == "ws://[fe80::1%25eth0]:82/b");
  CHECK(lead("ws://[fe80::1%25eth0]:81/a", "http://[fe80::2]/b") == "ws://[fe80::2]/b");
  CHECK_FALSE(http::same_origin(url("ws://[fe80::1%25eth0]/"), url("ws://[fe80::1%25eth1]/")));
}

TEST_CASE("a location may be relative (RFC 3986 section 5.4)") {
  const std::string_view base = "ws://a:81/b/c/d;p?q";
  CHECK(lead(base, "g") == "ws://a:81/b/c/g");
  CHECK(lead(base, "./g") == "ws://a:81/b/c/g");
  CHECK(lead(base, "g/") == "ws://a:81/b/c/g/");
  CHECK(lead(base, "/g") == "ws://a:81/g");
  CHECK(lead(base, "//g") == "ws://g/");
  CHECK(lead(base, "?y") == "ws://a:81/b/c/d;p?y");
  CHECK(lead(base, "g?y#s") == "ws://a:81/b/c/g?y");
  CHECK(lead(base, "") == "ws://a:81/b/c/d;p?q");
  CHECK(lead(base, "#s") == "ws://a:81/b/c/d;p?q");
  CHECK(lead(base, ".") == "ws://a:81/b/c/");
  CHECK(lead(base, "./") == "ws://a:81/b/c/");
  CHECK(lead(base, "..") == "ws://a:81/b/");
  CHECK(lead(base, "../g") == "ws://a:81/b/g");
  CHECK(lead(base, "../../..") == "ws://a:81/");
  CHECK(lead(base, "../../../g") == "ws://a:81/g");
  CHECK(lead(base, "/./g/../h") == "ws://a:81/h");
  CHECK(lead(base, "g?y/../x") == "ws://a:81/b/c/g?y/../x");
  CHECK(lead(base, "/x?u=http://other/") == "ws://a:81/x?u=http://other/");
}

TEST_CASE("an absolute one may be http or https") {
  CHECK(lead("ws://h/", "http://other:8080/x") == "ws://other:8080/x");
  CHECK(lead("ws://h/", "HTTPS://other/x#y") == "wss://other/x");
  CHECK(lead("ws://h/", "wss://other") == "wss://other/");
  CHECK(lead("wss://h/", "//other/y") == "wss://other/y");
  CHECK(lead("wss://h/a", "https://h/b") == "wss://h/b");
}

TEST_CASE("it never leads from wss to ws, nor to what is no URL") {
  const std::string insecure = "the redirection leads from wss to ws: not followed";
  CHECK(lead("wss://h/", "ws://h/") == insecure);
  CHECK(lead("wss://h/", "http://h/") == insecure);
  const auto broken = link::redirection(url("ws://h/"), answer(302, "ftp://user:s3cret@h/"));
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().kind == base::ErrorKind::http);
  CHECK(broken.error().message.find("s3cret") == std::string::npos);
  CHECK(lead("ws://h/", "http://h:99999/").find("leads nowhere") != std::string::npos);
}

TEST_CASE("credentials stay within their origin") {
  const http::Url from = url("ws://user:password@h/a");
  const auto credentials = [&](const std::string& location) {
    return link::redirection(from, answer(302, location)).value()->credentials;
  };
  CHECK(credentials("/b") == from.credentials);
  CHECK(credentials("http://h:80/b") == from.credentials);
  CHECK_FALSE(credentials("http://h:81/b").has_value());
  CHECK_FALSE(credentials("https://h:80/b").has_value());
  CHECK_FALSE(credentials("http://other/").has_value());
  CHECK(credentials("http://x:y@other/") == http::Credentials{"x", "y"});
}

TEST_CASE("what was meant for one origin is not sent to another") {
  ws::ConnectOptions request;
  request.host = "virtual";
  request.origin = "http://o";
  request.subprotocols = {"chat"};
  request.headers = {
      {"authorization", "Bearer x"}, {"X-A", "1"}, {"Cookie", "a=b"}, {"Host", "v"}, {"proxy-authorization", "y"}};
  const ws::ConnectOptions left = link::without_secrets(request);
  CHECK(left.headers == http::Headers{{"X-A", "1"}});
  CHECK(left.host.empty());
  CHECK(left.origin == "http://o");
  CHECK(left.subprotocols == request.subprotocols);
}
