#include "http/idna.h"

#include <doctest/doctest.h>

#include "http/url.h"

using namespace wscope;

TEST_CASE("an international host name gets its ASCII form from a build that knows them" *
          doctest::skip(!http::knows_idna())) {
  CHECK(http::domain_to_ascii("b\u00fccher.example").value() == "xn--bcher-kva.example");
  CHECK(http::domain_to_ascii("stra\u00dfe.de").value() == "xn--strae-oqa.de");
  const auto bad = http::domain_to_ascii("\u0378.example");  // nobody has been given this code point
  REQUIRE(!bad.ok());
  CHECK(bad.error().kind == base::ErrorKind::usage);
  CHECK(bad.error().message.starts_with("the URL's host is not a valid domain name: "));
}

TEST_CASE("an international host name is refused in these words by a build that knows none" *
          doctest::skip(http::knows_idna())) {
  const auto url = http::parse_url("ws://b\u00fccher.example/");
  REQUIRE(!url.ok());
  CHECK(url.error().kind == base::ErrorKind::usage);
  CHECK(url.error().message == "the URL's host is not ASCII, and this build knows no international domain names");
  CHECK(url.error().hint == "write it in its ASCII form, which begins with xn--");
  CHECK(http::parse_url("ws://xn--bcher-kva.example/").ok());
}
