#include "http/origin.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace wscope::http;

TEST_CASE("an origin of the web is read, and written as browsers do") {
  constexpr struct {
    std::string_view text, normal;
    bool secure;
    std::uint16_t port;
  } rows[] = {
      {"http://a.example", "http://a.example", false, 80},
      {"HTTP://A.example:80", "http://a.example", false, 80},
      {"https://a.example:443", "https://a.example", true, 443},
      {"https://a.example:80", "https://a.example:80", true, 80},
      {"http://a.example:443", "http://a.example:443", false, 443},
      {"https://a.example./", "https://a.example", true, 443},
      {"http://localhost:3000/", "http://localhost:3000", false, 3000},
      {"http://[::1]:8080", "http://[::1]:8080", false, 8080},
      {"http://[::FFFF:127.0.0.1]", "http://127.0.0.1", false, 80},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto origin = parse_origin(row.text);
    REQUIRE(origin.has_value());
    CHECK(origin->text() == row.normal);
    CHECK(origin->secure == row.secure);
    CHECK(origin->port == row.port);
    CHECK(normalized_origin(row.text) == row.normal);
  }
}

TEST_CASE("what is no origin of the web is its text") {
  for (const char* text : {"",
                           "null",
                           "NULL",
                           "file://",
                           "file:///",
                           "chrome-extension://abcdef",
                           "vscode-webview://x",
                           "ws://a.example",
                           "about:blank",
                           "http:",
                           "http://",
                           "http:///",
                           "https:/a",
                           "http:a",
                           "http://a.example//",
                           "http://a.example/x",
                           "http://a.example?",
                           "http://a.example#",
                           "http://u@a.example",
                           "http://u:p@a.example",
                           "http://a.example:",
                           "http://a.example:0",
                           "http://a.example:99999",
                           "http://a.example, http://b.example",
                           "http://a.example http://b.example",
                           "http://a.example,",
                           " http://a.example",
                           "http://a\xc3\xa4.example",
                           "http://*.example",
                           "httpss://a",
                           "xhttp://a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_origin(text).has_value());
    CHECK(normalized_origin(text) == text);
  }
}
