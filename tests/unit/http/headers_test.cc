#include "http/headers.h"

#include <doctest/doctest.h>

using namespace wscope::http;

TEST_CASE("keywords compare without regard to ASCII case only") {
  CHECK(equals_ignoring_case("Upgrade", "uPGRADE"));
  CHECK(equals_ignoring_case("", ""));
  CHECK_FALSE(equals_ignoring_case("upgrade", "upgrad"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));
  CHECK_FALSE(equals_ignoring_case("@", "`"));
  CHECK_FALSE(equals_ignoring_case("\xc3\x84", "\xc3\xa4"));
}

TEST_CASE("so does the beginning of a text") {
  CHECK(begins_ignoring_case("HTTP://h", "http://"));
  CHECK(begins_ignoring_case("x", ""));
  CHECK_FALSE(begins_ignoring_case("http:/", "http://"));
  CHECK_FALSE(begins_ignoring_case("ws://h", "http://"));
}

TEST_CASE("headers keep order, spelling and repeats") {
  Headers headers{{"Host", "h"}, {"X", "1"}};
  headers.add("x", "2");
  headers.add("Y", "");
  CHECK(headers == Headers{{"Host", "h"}, {"X", "1"}, {"x", "2"}, {"Y", ""}});
  CHECK(headers.size() == 4);
  CHECK(headers.count("X") == 2);
  CHECK(headers.count("Z") == 0);
}

TEST_CASE("a header is found under any spelling, the first one first") {
  const Headers headers{{"Accept", "a"}, {"ACCEPT", "b"}};
  REQUIRE(headers.find("accept") != nullptr);
  CHECK(*headers.find("accept") == "a");
  CHECK(headers.find("accep") == nullptr);
  CHECK(headers.contains("aCCEPT"));
  CHECK_FALSE(headers.contains(""));
}

TEST_CASE("values of one name are joined like one list") {
  const Headers headers{{"A", "1"}, {"B", "x"}, {"a", ""}, {"A", "2, 3"}};
  CHECK(headers.joined("a") == "1, , 2, 3");
  CHECK(headers.joined("B") == "x");
  CHECK_FALSE(headers.joined("C").has_value());
}

TEST_CASE("removing a name drops every field of it") {
  Headers headers{{"A", "1"}, {"B", "x"}, {"a", "2"}};
  headers.remove("A");
  CHECK(headers == Headers{{"B", "x"}});
  headers.remove("b");
  CHECK(headers.empty());
}

TEST_CASE("a field that is set is there once, in its place") {
  Headers headers{{"A", "1"}, {"b", "x"}, {"a", "2"}, {"B", "y"}};
  headers.set("a", "3");
  CHECK(headers == Headers{{"A", "3"}, {"b", "x"}, {"B", "y"}});
  headers.set("C", "4");
  CHECK(headers == Headers{{"A", "3"}, {"b", "x"}, {"B", "y"}, {"C", "4"}});
}

TEST_CASE("a value goes on behind a space") {
  Headers headers{{"A", "1"}, {"B", ""}};
  headers.continue_last("");
  headers.continue_last("2");
  headers.continue_last("");
  headers.continue_last("3 4");
  CHECK(headers == Headers{{"A", "1"}, {"B", "2 3 4"}});
}

TEST_CASE("secrets are told by the names of their fields") {
  for (const char* name : {"Authorization", "proxy-authorization", "COOKIE", "Set-Cookie", "Cookie2", "X-Api-Key",
                           "X-Auth-Token", "Client-Secret", "X-Password", "apikey"}) {
    CHECK_MESSAGE(is_secret_field(name), name);
  }
  for (const char* name : {"", "Host", "Origin", "X-Trace", "Location", "Sec-WebSocket-Key", "sec-websocket-accept",
                           "WWW-Authenticate", "Proxy-Authenticate"}) {
    CHECK_MESSAGE(!is_secret_field(name), name);
  }
}

TEST_CASE("lower case is a matter of ASCII letters") { CHECK(in_lower_case("Ab\xc3\x84Z@[") == "ab\xc3\x84z@["); }
