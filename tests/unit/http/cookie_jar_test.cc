#include "http/cookie_jar.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope::http;

namespace {

constexpr CalendarTime now{std::chrono::seconds(1'800'000'000)};
const std::string magic = "# Netscape HTTP Cookie File\n";

Url url(std::string_view text) { return parse_url(text).value(); }

std::string line(const std::string& name_and_value, const std::string& domain = "h", const std::string& path = "/") {
  return domain + "\tFALSE\t" + path + "\tFALSE\t0\t" + name_and_value + "\n";
}

CookieJar jar_of(const std::string& text) {
  CookieJar jar;
  CHECK(jar.add_file(text).empty());
  return jar;
}

std::string cookies(const CookieJar& jar, std::string_view to = "ws://h/", std::string_view typed = "") {
  return jar.value_for(url(to), typed, now);
}

}  // namespace

TEST_CASE("a cookie file is told by its first line or by a cookie in it") {
  CHECK(is_cookie_file(magic));
  CHECK(is_cookie_file("# netscape http cookie file\r\n# https://curl.se/docs/http-cookies.html\r\n"));
  CHECK(is_cookie_file("# HTTP Cookie File\n"));
  CHECK(is_cookie_file("\xef\xbb\xbf" + magic));
  CHECK(is_cookie_file("# no magic\n\n" + line("a\tb")));
  CHECK(is_cookie_file("#HttpOnly_" + line("a\tb")));
  CHECK(is_cookie_file("a=b\r\n" + line("a\tb")));
  for (const char* text : {"", "\n", "a=b\n", "# a comment\na=b\n", "h FALSE / FALSE 0 a b\n", "a=b\tc"}) {
    CHECK_MESSAGE(!is_cookie_file(text), text);
  }
}

TEST_CASE("the cookies of a file go where their lines say, in their order, longer paths first") {
  const CookieJar jar = jar_of(magic + "\n" + line("a\t1") + line("b\t2", "other") + line("c\t3", "h", "/x") +
                               "# comment\r\n#HttpOnly_h\tFALSE\t/\tFALSE\t0\td\t4\r\n" + line("e\t5", "h", "/x/y"));
  CHECK(cookies(jar) == "a=1; d=4");
  CHECK(cookies(jar, "ws://other/x") == "b=2");
  CHECK(cookies(jar, "ws://h/x/y/z") == "e=5; c=3; a=1; d=4");
  CHECK(cookies(jar, "ws://nobody/") == "");
  CHECK(cookies(CookieJar()) == "");
}

TEST_CASE("a file may end without a line end, and a cookie in it may come twice") {
  CHECK(cookies(jar_of(magic + "h\tFALSE\t/\tFALSE\t0\ta\tb")) == "a=b");
  CHECK(cookies(jar_of(line("a\t1") + line("b\t2") + line("a\t3"))) == "a=3; b=2");
  CookieJar jar = jar_of(line("a\t1") + line("b\t2"));
  CHECK(jar.add_file(line("b\t3") + line("c\t4")).empty());
  CHECK(cookies(jar) == "a=1; b=3; c=4");
}

TEST_CASE("lines that are no cookies are told by their numbers") {
  CookieJar jar;
  CHECK(jar.add_file(magic + "h FALSE / FALSE 0 a b\n\n" + line("a\t1") + "a=b\n" + line("b\t2\n3")) ==
        std::vector<std::size_t>{2, 5, 7});
  CHECK(cookies(jar) == "a=1; b=2");
}

TEST_CASE("a long file takes no longer for each of its lines") {
  std::string text = magic;
  for (int i = 0; i < 20000; ++i) text += line("n" + std::to_string(i) + "\tv");
  const CookieJar jar = jar_of(text + text);
  const std::string all = cookies(jar);
  CHECK(all.starts_with("n0=v; n1=v; "));
  CHECK(all.ends_with("; n19999=v"));
}

TEST_CASE("what was typed comes first, as it is, in place of the file's cookie of that name") {
  const CookieJar jar = jar_of(line("a\t1") + line("b\t2"));
  CHECK(cookies(jar, "ws://h/", "c=3;d=4 ") == "c=3;d=4 ; a=1; b=2");
  CHECK(cookies(jar, "ws://h/", "a=9") == "a=9; b=2");
  CHECK(cookies(jar, "ws://other/", "a=9") == "a=9");
  CHECK(cookies(CookieJar(), "ws://h/", "odd") == "odd");
}

TEST_CASE("what an answer sets goes along from then on, to its origin alone") {
  CookieJar jar = jar_of(line("a\t1") + line("b\t2"));
  jar.receive({{"Set-Cookie", "a=9; Path=/"}, {"set-cookie", "c=3; Path=/"}, {"Set-Cookie", "nonsense"}},
              url("ws://h/login"), now);
  CHECK(cookies(jar) == "a=9; b=2; c=3");
  CHECK(cookies(jar, "ws://h:81/") == "b=2");
  CHECK(cookies(jar, "wss://h/") == "b=2");
}

TEST_CASE("what an answer sets or deletes takes the place of what was typed") {
  CookieJar jar;
  jar.receive({{"Set-Cookie", "a=9; Path=/"}, {"Set-Cookie", "b=x; Path=/; Max-Age=0"}, {"Set-Cookie", "c=1; Path=/x"}},
              url("ws://h/"), now);
  CHECK(cookies(jar, "ws://h/", "a=1; b=2;c=3") == "c=3; a=9");
  CHECK(cookies(jar, "ws://other/", "a=1; b=2;c=3") == "a=1; b=2;c=3");
  CHECK(cookies(jar, "ws://h/", "b=2") == "a=9");
  jar.receive({{"Set-Cookie", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}}, url("ws://h/"), now);
  CHECK(cookies(jar, "ws://h/", "a=1") == "");
}

TEST_CASE("an answer can delete a cookie of the file") {
  CookieJar jar = jar_of(line("a\t1") + line("b\t2"));
  jar.receive({{"Set-Cookie", "a=; Path=/; Max-Age=0"}}, url("ws://h/"), now);
  CHECK(cookies(jar) == "b=2");
}

TEST_CASE("a server that sets ever more cookies makes us forget its first ones") {
  CookieJar jar = jar_of(line("a\t1"));
  for (int i = 0; i < 1000; ++i) {
    jar.receive({{"Set-Cookie", "n" + std::to_string(i) + "=v; Path=/"}}, url("ws://h/"), now);
  }
  const std::string all = cookies(jar);
  CHECK(all.starts_with("a=1; n800=v; n801=v; "));
  CHECK(all.ends_with("; n999=v"));
}
