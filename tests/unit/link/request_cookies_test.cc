#include "link/request_cookies.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

std::string cookie_of(const ws::ConnectOptions& request) {
  const std::string* const value = request.headers.find("Cookie");
  return value == nullptr ? "" : *value;
}

}  // namespace

TEST_CASE("without a jar a request stays as it is") {
  ws::ConnectOptions request;
  request.headers.add("Cookie", "a=b");
  CHECK(cookie_of(link::with_cookies(request, {}, *http::parse_url("ws://server/"))) == "a=b");
}

TEST_CASE("cookies of a jar go to their host, behind what was typed, unless there are to be none") {
  const auto url = *http::parse_url("ws://server/");
  http::CookieJar jar;
  http::Headers set;
  set.add("Set-Cookie", "c=d");
  jar.receive(set, url, {});
  ws::ConnectOptions request;
  CHECK(cookie_of(link::with_cookies(request, jar, url)) == "c=d");
  request.headers.add("Cookie", "a=b");
  CHECK(cookie_of(link::with_cookies(request, jar, url)) == "a=b; c=d");
  CHECK(cookie_of(link::with_cookies(request, jar, *http::parse_url("ws://other/"))) == "a=b");
  request.left_out = {"Cookie"};
  request.headers = {};
  CHECK(cookie_of(link::with_cookies(request, jar, url)).empty());
}
