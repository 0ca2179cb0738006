#include "http/cookie.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope::http;

namespace {

constexpr CalendarTime now{std::chrono::seconds(1'800'000'000)};

Url url(std::string_view text) { return parse_url(text).value(); }

std::string shown(const std::optional<Cookie>& cookie) {
  if (!cookie) return "none";
  std::string text = cookie_pair(*cookie) + " @" + (cookie->covers_subdomains ? "." : "") + cookie->domain +
                     cookie->path + (cookie->secure ? " secure" : "");
  if (cookie->expires) text += " until " + std::to_string(cookie->expires->time_since_epoch().count());
  return text;
}

std::string set(std::string_view value, std::string_view from = "ws://www.example.com/a/b?c/d") {
  return shown(parse_set_cookie(value, url(from), now));
}

std::string line(std::string_view text) { return shown(parse_cookie_line(text)); }

long long date(std::string_view text) {
  const auto time = parse_cookie_date(text);
  return time ? static_cast<long long>(time->time_since_epoch().count()) : -1;
}

Cookie cookie_of(std::string_view text) {
  const auto cookie = parse_cookie_line(text);
  REQUIRE(cookie.has_value());
  return *cookie;
}

}  // namespace

TEST_CASE("a cookie that is set has a name, a value, and the path that it was set from") {
  CHECK(set("a=b") == "a=b @www.example.com/a");
  CHECK(set(" a = b c\t; HttpOnly; SameSite=None; x") == "a=b c @www.example.com/a");
  CHECK(set("a=\"b,c\"=d") == "a=\"b,c\"=d @www.example.com/a");
  CHECK(set("a=") == "a= @www.example.com/a");
  CHECK(set("a=b", "ws://h") == "a=b @h/");
  CHECK(set("a=b", "ws://h/x?y/z") == "a=b @h/");
  CHECK(set("a=b", "ws://h/x/y/") == "a=b @h/x/y");
  CHECK(set("a=b; Path=/p; path=/q/") == "a=b @www.example.com/q/");
  CHECK(set("a=b; Path=/p; Path=q") == "a=b @www.example.com/a");
  CHECK(set("a=b; Path") == "a=b @www.example.com/a");
  for (const char* bad : {"", ";", "a", "=b", " =b; Path=/", "a\x01=b", "a=b\x7f", "a=b\r\nX: y"}) {
    CHECK_MESSAGE(set(bad) == "none", bad);
  }
}

TEST_CASE("a domain is that of the host, or above it but for the top") {
  CHECK(set("a=b; Domain=www.example.com") == "a=b @.www.example.com/a");
  CHECK(set("a=b; Domain=.Example.COM") == "a=b @.example.com/a");
  CHECK(set("a=b; domain=") == "a=b @www.example.com/a");
  for (const char* domain : {"com", ".com", "other.com", "ample.com", "w.www.example.com", "..example.com"}) {
    CHECK_MESSAGE(set(std::string("a=b; Domain=") + domain) == "none", domain);
  }
  CHECK(set("a=b; Domain=10.0.0.1", "ws://10.0.0.1/") == "a=b @.10.0.0.1/");
  CHECK(set("a=b; Domain=0.0.1", "ws://10.0.0.1/") == "none");
  CHECK(set("a=b; Domain=localhost", "ws://localhost/") == "a=b @.localhost/");
}

TEST_CASE("Secure is for wss, and some names say so") {
  CHECK(set("a=b; Secure", "wss://h/") == "a=b @h/ secure");
  CHECK(set("a=b; secure=false", "wss://h/") == "a=b @h/ secure");
  CHECK(set("a=b; Secure", "ws://h/") == "none");
  CHECK(set("__Secure-a=b", "wss://h/") == "none");
  CHECK(set("__Secure-a=b; Secure", "wss://h/") == "__Secure-a=b @h/ secure");
  CHECK(set("__Host-a=b; Secure; Path=/", "wss://h/x/y") == "__Host-a=b @h/ secure");
  CHECK(set("__Host-a=b; Secure", "wss://h/x/y") == "none");
  CHECK(set("__Host-a=b; Secure; Path=/; Domain=h", "wss://h/") == "none");
}

TEST_CASE("Max-Age goes before Expires, and nonsense is as if it were not there") {
  CHECK(set("a=b; Max-Age=10; Expires=Wed, 09 Jun 2021 10:18:14 GMT", "ws://h/") == "a=b @h/ until 1800000010");
  CHECK(set("a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT", "ws://h/") == "a=b @h/ until 1623233894");
  CHECK(set("a=b; Max-Age=0", "ws://h/") == "a=b @h/ until 0");
  CHECK(set("a=b; Max-Age=-1", "ws://h/") == "a=b @h/ until 0");
  for (const char* age : {"", "x", "1x", "+1", "-", "1.5"}) {
    CHECK_MESSAGE(set(std::string("a=b; Max-Age=") + age, "ws://h/") == "a=b @h/", age);
  }
  CHECK(set("a=b; Expires=soon", "ws://h/") == "a=b @h/");
  const std::string most = "a=b @h/ until " + std::to_string(1'800'000'000LL + 400LL * 86400);
  CHECK(set("a=b; Max-Age=99999999", "ws://h/") == most);
  CHECK(set("a=b; Max-Age=99999999999999999999999", "ws://h/") == most);
}

TEST_CASE("a cookie has at most 4096 bytes") {
  CHECK(set("a=" + std::string(4095, 'x'), "ws://h/") != "none");
  CHECK(set("a=" + std::string(4096, 'x'), "ws://h/") == "none");
}

TEST_CASE("dates come in many forms") {
  CHECK(date("Wed, 09 Jun 2021 10:18:14 GMT") == 1623233894);
  CHECK(date("Wednesday, 09-Jun-21 10:18:14 GMT") == 1623233894);
  CHECK(date("Wed Jun  9 10:18:14 2021") == 1623233894);
  CHECK(date("9-jUNE-2021 10:18:14") == 1623233894);
  CHECK(date("10:18:14 2021 09 Jun") == 1623233894);
  CHECK(date("Thu, 01 Jan 1970 0:0:0") == 0);
  CHECK(date("1 Jan 70 00:00:00") == 0);
  CHECK(date("1 Jan 69 00:00:00") == 3124224000);
  CHECK(date("29 Feb 2024 23:59:59 GMT") == 1709251199);
  for (const char* bad : {"", "x", "Wed, 09 Jun 2021", "32 Jan 2021 00:00:00", "0 Jan 2021 00:00:00",
                          "29 Feb 2023 00:00:00", "1 Jan 1600 00:00:00", "1 Jan 2021 24:00:00", "1 Jan 2021 00:60:00",
                          "1 Jan 2021 00:00:60", "1 Jan 2021 00:00", "1 Jan 12345 00:00:00", "1 Jux 2021 00:00:00"}) {
    CHECK_MESSAGE(date(bad) == -1, bad);
  }
}

TEST_CASE("a line of a cookie file has seven fields with tabs between them") {
  CHECK(line("example.com\tFALSE\t/\tFALSE\t0\ta\tb") == "a=b @example.com/");
  CHECK(line(".Example.com\tTRUE\t/x\tTRUE\t2000000000\ta\tb c") == "a=b c @.example.com/x secure until 2000000000");
  CHECK(line("#HttpOnly_example.com\ttrue\t/\tfalse\t0\ta\tb") == "a=b @.example.com/");
  CHECK(line("#HttpOnly_.example.com\tTRUE\t/\tFALSE\t0\ta\tb") == "a=b @.example.com/");
  CHECK(line("h\tFALSE\t/\tFALSE\t\ta\tb=c") == "a=b=c @h/");
  CHECK(line("h\tFALSE\tx\tFALSE\t0\ta\tb") == "a=b @h/");
  CHECK(line("h\tFALSE\t/\tFALSE\t0\ta") == "a= @h/");
  CHECK(line("h\tFALSE\t/\tFALSE\t0\ta\t") == "a= @h/");
  CHECK(line("h\tFALSE\t/\tFALSE\t0\t\tb") == "b @h/");
  CHECK(line("h\tFALSE\t/\tFALSE\t1700000000.25\ta\tb") == "a=b @h/ until 1700000000");
  CHECK(line("h\tFALSE\t/\tFALSE\t-1\ta\tb") == "a=b @h/ until -1");
  CHECK(line("h\tFALSE\t/\tFALSE\t99999999999999999999999\ta\tb") == "a=b @h/ until 253402300799");
  CHECK(line("h\tFALSE\t/\tFALSE\t-99999999999999999999999\ta\tb") == "a=b @h/ until -1");
}

TEST_CASE("what is no such line is none") {
  for (const char* bad : {"", "a=b", "h FALSE / FALSE 0 a b", "h\tFALSE\t/\tFALSE\t0", "h\tFALSE\t/\tFALSE\t0\ta\tb\tc",
                          "\tFALSE\t/\tFALSE\t0\ta\tb", ".\tFALSE\t/\tFALSE\t0\ta\tb", "h\tYES\t/\tFALSE\t0\ta\tb",
                          "h\tFALSE\t/\t\t0\ta\tb", "h\tFALSE\t/\tFALSE\tsoon\ta\tb", "h\tFALSE\t/\tFALSE\t1x\ta\tb",
                          "h\tFALSE\t/\tFALSE\t1.x\ta\tb", "h\tFALSE\t/\tFALSE\t0\ta;c\tb",
                          "h\tFALSE\t/\tFALSE\t0\ta\tb; c=d", "h\tFALSE\t/\tFALSE\t0\ta\tb\x01",
                          "h\tFALSE\t/\tFALSE\t0\ta\tb\r", "h\tFALSE\t/\tFALSE\t0\t\t", "# h\tFALSE\t/\tFALSE\t0\ta"}) {
    CHECK_MESSAGE(line(bad) != "a=b @h/", bad);
    if (bad[0] != '#') CHECK_MESSAGE(line(bad) == "none", bad);
  }
}

TEST_CASE("a cookie is for its host, and those under it if it says so") {
  const Cookie host = cookie_of("example.com\tFALSE\t/\tFALSE\t0\ta\tb");
  CHECK(is_for(host, url("ws://example.com/"), now));
  CHECK(is_for(host, url("wss://EXAMPLE.com:81/x"), now));
  CHECK_FALSE(is_for(host, url("ws://www.example.com/"), now));
  const Cookie domain = cookie_of(".example.com\tTRUE\t/\tFALSE\t0\ta\tb");
  CHECK(is_for(domain, url("ws://example.com/"), now));
  CHECK(is_for(domain, url("ws://a.b.example.com/"), now));
  for (const char* other : {"ws://notexample.com/", "ws://com/", "ws://example.com.evil/", "ws://ample.com/"}) {
    CHECK_MESSAGE(!is_for(domain, url(other), now), other);
  }
  const Cookie address = cookie_of("0.0.1\tTRUE\t/\tFALSE\t0\ta\tb");
  CHECK_FALSE(is_for(address, url("ws://127.0.0.1/"), now));
}

TEST_CASE("a cookie is for its path and what is below it") {
  const Cookie cookie = cookie_of("h\tFALSE\t/a\tFALSE\t0\ta\tb");
  for (const char* target : {"/a", "/a/", "/a/b", "/a?x", "/a/b?x"}) {
    CHECK_MESSAGE(is_for(cookie, url(std::string("ws://h") + target), now), target);
  }
  for (const char* target : {"/", "/ab", "/A", "/b/a", "/?/a"}) {
    CHECK_MESSAGE(!is_for(cookie, url(std::string("ws://h") + target), now), target);
  }
  CHECK(is_for(cookie_of("h\tFALSE\t/a/\tFALSE\t0\ta\tb"), url("ws://h/a/b"), now));
  CHECK_FALSE(is_for(cookie_of("h\tFALSE\t/a/\tFALSE\t0\ta\tb"), url("ws://h/a"), now));
}

TEST_CASE("a secure cookie is for wss, an expired one for nobody") {
  CHECK_FALSE(is_for(cookie_of("h\tFALSE\t/\tTRUE\t0\ta\tb"), url("ws://h/"), now));
  CHECK(is_for(cookie_of("h\tFALSE\t/\tTRUE\t0\ta\tb"), url("wss://h/"), now));
  CHECK_FALSE(is_for(cookie_of("h\tFALSE\t/\tFALSE\t1800000000\ta\tb"), url("ws://h/"), now));
  CHECK(is_for(cookie_of("h\tFALSE\t/\tFALSE\t1800000001\ta\tb"), url("ws://h/"), now));
}

TEST_CASE("a cookie that an answer has set is for that origin alone") {
  const auto cookie = parse_set_cookie("a=b; Domain=example.com", url("ws://x:y@www.example.com:81/"), now);
  REQUIRE(cookie.has_value());
  CHECK(is_for(*cookie, url("ws://www.example.com:81/z"), now));
  CHECK_FALSE(cookie->only_for->credentials.has_value());
  for (const char* other : {"ws://www.example.com/", "wss://www.example.com:81/", "ws://example.com:81/"}) {
    CHECK_MESSAGE(!is_for(*cookie, url(other), now), other);
  }
}
