#include "http/url.h"

#include <doctest/doctest.h>

#include <string>

#include "http/idna.h"

using namespace wscope::http;
using wscope::base::ErrorKind;

namespace {

/// What a client makes of a URL: where it connects, what it asks for there, the Host field and the credentials.
std::string shown(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return url.error().kind == ErrorKind::usage ? "error: " + url.error().message : "wrong kind of error";
  std::string all = (url->secure ? "tls " : "tcp ") + url->host + " " + std::to_string(url->port) + " GET " +
                    url->target + " Host: " + url->authority();
  if (url->credentials) all += " " + write_basic_credentials(*url->credentials);
  return all;
}

bool fails(std::string_view text) { return shown(text).starts_with("error: "); }

std::string repeated(std::string_view part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("U01-U06 scheme, host, port, path and query") {
  CHECK(shown("ws://localhost") == "tcp localhost 80 GET / Host: localhost");
  CHECK(shown("wss://localhost/") == "tls localhost 443 GET / Host: localhost");
  CHECK(shown("WS://LOCALHOST/PATH?QUERY") == "tcp localhost 80 GET /PATH?QUERY Host: localhost");
  CHECK(shown("ws://h:443/") == "tcp h 443 GET / Host: h:443");
  CHECK(shown("wss://h:443/") == "tls h 443 GET / Host: h");
  CHECK(shown("wSs://h:80/") == "tls h 80 GET / Host: h:80");
  CHECK(shown("ws://h?q") == "tcp h 80 GET /?q Host: h");
  CHECK(shown("ws://h/?") == "tcp h 80 GET /? Host: h");
  CHECK(shown("ws://h/p;x?a=b") == "tcp h 80 GET /p;x?a=b Host: h");
  CHECK(shown("ws://h/a?b?c/d@e:f") == "tcp h 80 GET /a?b?c/d@e:f Host: h");
}

TEST_CASE("U07 U08 IPv6 addresses stand in brackets") {
  CHECK(shown("ws://[::1]:9001/x") == "tcp ::1 9001 GET /x Host: [::1]:9001");
  CHECK(shown("ws://[::1]/") == "tcp ::1 80 GET / Host: [::1]");
  CHECK(shown("wss://[2001:DB8::A]:") == "tls 2001:db8::a 443 GET / Host: [2001:db8::a]");
  CHECK(shown("ws://[::ffff:1.2.3.4]/") == "tcp ::ffff:1.2.3.4 80 GET / Host: [::ffff:1.2.3.4]");
  CHECK(shown("ws://u:p@[::1]/") == "tcp ::1 80 GET / Host: [::1] Basic dTpw");
}

TEST_CASE("U09-U14 userinfo becomes decoded credentials") {
  CHECK(shown("ws://user:pass@localhost/") == "tcp localhost 80 GET / Host: localhost Basic dXNlcjpwYXNz");
  CHECK(shown("ws://Aladdin:open%20sesame@h/") == "tcp h 80 GET / Host: h Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(shown("ws://us%40er:p%3Aw@h/") == "tcp h 80 GET / Host: h Basic dXNAZXI6cDp3");
  CHECK(shown("ws://user@h/") == "tcp h 80 GET / Host: h Basic dXNlcjo=");
  CHECK(shown("ws://user:@h/") == "tcp h 80 GET / Host: h Basic dXNlcjo=");
  CHECK(shown("ws://:pw@h/") == "tcp h 80 GET / Host: h Basic OnB3");
  CHECK(shown("ws://u:p@x@h/") == "tcp h 80 GET / Host: h Basic dTpwQHg=");
  CHECK(shown("ws://u:p:x@h/") == "tcp h 80 GET / Host: h Basic dTpwOng=");
  CHECK(shown("ws://test:123\xc2\xa3@h/") == "tcp h 80 GET / Host: h Basic dGVzdDoxMjPCow==");
  CHECK(shown("ws://@h/") == "tcp h 80 GET / Host: h");
}

TEST_CASE("userinfo that Basic authentication cannot carry is an error") {
  for (const char* userinfo : {"a%3Ab:c", "a%0d%0aX:c", "a:b%00", "a:b%7f"}) {
    CAPTURE(userinfo);
    CHECK(fails(std::string("ws://") + userinfo + "@h/"));
  }
  for (const char* userinfo : {"100%", "a:100%", "a:%zz", "a:%4", "a:%+1", "%-1:"}) {
    CAPTURE(userinfo);
    CHECK(shown(std::string("ws://") + userinfo + "@h/") ==
          "error: bad percent-encoding in the URL's user name or password");
  }
}

TEST_CASE("U15 an international URL becomes ASCII" * doctest::skip(!knows_idna())) {
  CHECK(shown("ws://h\xc3\xb8st/\xcf\x80"
              "ass?q\xc3\xb9\xc3\xa9ry") == "tcp xn--hst-0na 80 GET /%CF%80ass?q%C3%B9%C3%A9ry Host: xn--hst-0na");
  CHECK(shown("ws://H\xc3\x98ST.Example:81") == "tcp xn--hst-0na.example 81 GET / Host: xn--hst-0na.example:81");
  CHECK(shown("ws://stra\xc3\x9f"
              "e.de/") == "tcp xn--strae-oqa.de 80 GET / Host: xn--strae-oqa.de");
}

TEST_CASE("a host that IDNA refuses is an error" * doctest::skip(!knows_idna())) {
  CHECK(shown("ws://\xe2\x98\x83\xef\xbf\xbd/").starts_with("error: the URL's host is not a valid domain name: "));
  CHECK(fails("ws://\xc2\xad/"));  // a soft hyphen alone maps to nothing
  CHECK(
      fails("ws://a\xef\xbc\x8f"
            "b/"));  // a fullwidth solidus maps to a solidus
}

TEST_CASE("U16 another scheme is an error") {
  CHECK(shown("http://localhost/") == "error: not a WebSocket URL: its scheme is http");
  CHECK(parse_url("http://localhost/").error().hint == "use ws://");
  CHECK(parse_url("HTTPS://localhost/").error().hint == "use wss://");
  for (const char* text : {"", "//localhost/", "localhost:8080", "localhost", "ws:localhost", "ws:/localhost",
                           "wsx://h", "://h", "u:p@h/://", " ws://h"}) {
    CAPTURE(text);
    CHECK(fails(text));
  }
}

TEST_CASE("U17 a missing host is an error") {
  for (const char* text : {"ws:///path", "ws://", "ws://?q", "ws://:80/", "ws://u:p@/", "ws://@"}) {
    CAPTURE(text);
    CHECK(shown(text) == "error: the URL has no host");
  }
}

TEST_CASE("U18 a fragment is an error, an empty one too") {
  CHECK(fails("ws://localhost/p#f"));
  CHECK(fails("ws://localhost/p#"));
  CHECK(fails("ws://localhost#"));
}

TEST_CASE("U19 U20 U21 the port is 1 to 65535, or empty for the default") {
  CHECK(fails("ws://h:0/"));
  CHECK(shown("ws://h:/") == "tcp h 80 GET / Host: h");
  CHECK(shown("wss://h:") == "tls h 443 GET / Host: h");
  CHECK(shown("ws://h:65535/") == "tcp h 65535 GET / Host: h:65535");
  CHECK(shown("ws://h:08080/") == "tcp h 8080 GET / Host: h:8080");
  for (const char* port : {"99999", "65536", "x", "-1", "+1", "80x", "8 0", "99999999999999999999"}) {
    CAPTURE(port);
    CHECK(fails(std::string("ws://h:") + port + "/"));
  }
}

TEST_CASE("U21 a bad IPv6 address is an error") {
  for (const char* host : {"[::1", "[]", "[::1]x", "[::1]80", "[1.2.3.4]", "[:::]", "[v1.x]", "[12345::]", "a[::1]",
                           "::1", "::1]", "[::1]:x", "[[::1]]"}) {
    CAPTURE(host);
    CHECK(fails(std::string("ws://") + host + "/"));
  }
  CHECK(parse_url("ws://::1/").error().hint == "write an IPv6 address in brackets");
}

TEST_CASE("an IPv6 zone is for this machine alone") {
  for (const char* text : {"ws://[fe80::1%25Eth0]:81/a", "ws://[FE80::1%Eth0]:81/a"}) {
    const auto url = parse_url(text);
    REQUIRE(url.ok());
    CHECK(url->host == "fe80::1");
    CHECK(url->zone == "Eth0");
    CHECK(url->authority() == "[fe80::1]:81");
    CHECK(url->text() == "ws://[fe80::1%25Eth0]:81/a");
  }
  CHECK(parse_url("ws://[::1%25]/")->zone == "25");
  CHECK(parse_url("ws://[::1%2525]/")->zone == "25");
  CHECK(parse_url("ws://[::1]/")->zone.empty());
  for (const char* text : {"ws://[::1%]/", "ws://[::1%a%b]/", "ws://[::1%\xc3\xa4]/"}) {
    CHECK(shown(text) == "error: the URL has an IPv6 address with a bad zone");
  }
  CHECK(shown("ws://[::g%eth0]/") == "error: the URL has a bad IPv6 address");
  CHECK(fails("ws://host%eth0/"));
}

TEST_CASE("U22 spaces, control characters and bytes that are not UTF-8 are errors") {
  for (const char* text : {"ws://h/a b", "ws://h/a\r\nX: y", "ws://h /", "ws://h/\x7f", "ws://h/\t", "ws://h/\n"}) {
    CAPTURE(text);
    CHECK(shown(text) == "error: the URL holds a space or a control character");
  }
  CHECK(fails(std::string_view("ws://h/\0", 8)));
  CHECK(shown("ws://h/\xff") == "error: the URL is not UTF-8");
}

TEST_CASE("U23 percent-encoding in path and query is sent as is") {
  CHECK(shown("ws://h/%zz") == "tcp h 80 GET /%zz Host: h");
  CHECK(shown("ws://h/%2F%c3?%") == "tcp h 80 GET /%2F%c3?% Host: h");
}

TEST_CASE("a host is made of what a registered name may hold") {
  CHECK(shown("ws://a-b_c.1~2/") == "tcp a-b_c.1~2 80 GET / Host: a-b_c.1~2");
  CHECK(shown("ws://127.0.0.1:8080/") == "tcp 127.0.0.1 8080 GET / Host: 127.0.0.1:8080");
  for (const char* host : {"a<b", "a>b", "a\"b", "a%41b", "a\\b", "a^b", "a`b", "a{b}", "a|b", "a]b"}) {
    CAPTURE(host);
    CHECK(shown(std::string("ws://") + host + "/") ==
          "error: the URL's host holds a character that is not allowed there");
  }
}

TEST_CASE("the labels of a host are neither empty nor too long") {
  CHECK(shown("ws://example.com./") == "tcp example.com. 80 GET / Host: example.com.");
  for (const char* host : {".", "..", ".a", "a..b", "a.."}) {
    CAPTURE(host);
    CHECK(shown(std::string("ws://") + host + "/") == "error: the URL's host has an empty label");
  }
  const std::string label(63, 'a');
  CHECK_FALSE(fails("ws://" + label + "/"));
  CHECK(fails("ws://" + label + "a/"));
  CHECK_FALSE(fails("ws://" + repeated("a.", 126) + "a"));   // 253
  CHECK_FALSE(fails("ws://" + repeated("a.", 126) + "a."));  // 253 and the root
  CHECK(shown("ws://" + repeated("a.", 126) + "ab") == "error: the URL's host is longer than 253 characters");
}

TEST_CASE("the text of a URL holds no credentials and parses to the rest of it") {
  const char* international = knows_idna() ? "ws://h\xc3\xb8st/\xcf\x80" : "ws://h/\xcf\x80";
  for (const char* text : {"ws://u:secret@H:81/p?q", "wss://secret@[::1]", international, "wss://h:80?x"}) {
    CAPTURE(text);
    auto url = parse_url(text);
    REQUIRE(url.ok());
    CHECK(url->text().find("secret") == std::string::npos);
    CHECK(url->text().find('@') == std::string::npos);
    url->credentials.reset();
    CHECK(*parse_url(url->text()) == *url);
  }
  CHECK(parse_url("ws://u:p@H:81/p?q")->text() == "ws://h:81/p?q");
  CHECK(parse_url("WSS://[::1]:443")->text() == "wss://[::1]/");
}

TEST_CASE("an error never quotes the URL") {
  for (const char* text :
       {"ws://user:sec/ret@h/", "ws://user:sec#ret@h/", "ws://user:sec%ret@h/", "ws://user:sec?ret@h/",
        "ws://user:secret@/", "ws://user:secret@h:x/", "ws://user:secret@[h/", "user:secret@h://",
        "http://user:secret@h/", "ws://user:sec ret@h/", "ws://user:secret\xff@h/"}) {
    CAPTURE(text);
    const auto url = parse_url(text);
    REQUIRE_FALSE(url.ok());
    CHECK((url.error().message + url.error().hint).find("sec") == std::string::npos);
    CHECK((url.error().message + url.error().hint).find("ret") == std::string::npos);
  }
}

TEST_CASE("userinfo is taken out of what is no URL of ours either") {
  CHECK(without_userinfo("https://a:b@c@host/d?e@f") == "https://host/d?e@f");
  CHECK(without_userinfo("//a@host") == "//host");
  CHECK(without_userinfo("ws://host/a@b") == "ws://host/a@b");
  CHECK(without_userinfo("/a//b@c") == "/a//b@c");
  CHECK(without_userinfo("a@b") == "a@b");
  CHECK(without_userinfo("").empty());
}

TEST_CASE("an origin is scheme, host and port") {
  const auto same = [](std::string_view a, std::string_view b) {
    return same_origin(parse_url(a).value(), parse_url(b).value());
  };
  CHECK(same("ws://h/a", "ws://x:y@H:80/b?c"));
  CHECK_FALSE(same("ws://h/", "wss://h:80/"));
  CHECK_FALSE(same("ws://h/", "ws://h:81/"));
  CHECK_FALSE(same("ws://h/", "ws://g/"));
}
