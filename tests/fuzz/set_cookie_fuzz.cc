// Any text, as the value of a Set-Cookie field.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "http/cookie_jar.h"
#include "http/field_syntax.h"
#include "require.h"

using namespace wscope;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const http::CalendarTime now{std::chrono::seconds(1'800'000'000)};
  static_cast<void>(http::parse_cookie_date(text));
  for (const char* from : {"ws://h/", "wss://www.example.com/a/b?c", "ws://127.0.0.1:81/x"}) {
    const http::Url url = http::parse_url(from).value();
    const auto cookie = http::parse_set_cookie(text, url, now);
    http::CookieJar jar;
    jar.receive({{"Set-Cookie", text}}, url, now);
    require(jar.empty() == !cookie.has_value());
    const std::string value = jar.value_for(url, "", now);
    if (!cookie) {
      require(value.empty());
      continue;
    }
    require(!cookie->name.empty() && cookie->path.starts_with('/') && url.host.ends_with(cookie->domain));
    require(http::is_field_value(http::cookie_pair(*cookie)));
    require(http::cookie_pair(*cookie).find(';') == std::string::npos);
    require(!cookie->secure || url.secure);
    require(value == (http::is_for(*cookie, url, now) ? http::cookie_pair(*cookie) : ""));
    require(jar.value_for(http::parse_url("wss://other/").value(), "", now).empty());
  }
  return 0;
}
