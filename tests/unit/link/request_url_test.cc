#include "link/request_url.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a request has the URL that its client was given") {
  const auto url = [](const char* target, bool secure) {
    return link::url_of_request({"GET", target, {}, {{"Host", "a.example:81"}}}, secure);
  };
  CHECK(url("/p?q", false) == "ws://a.example:81/p?q");
  CHECK(url("/", true) == "wss://a.example:81/");
  CHECK(url("http://b.example/p", false) == "ws://b.example/p");
  CHECK(link::url_of_request({"GET", "/p", {}, {}}, false) == "ws:///p");
}
