// Any text, as a Netscape cookie file: what is sent of it is one value of a header, and no more than the file has.
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
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const http::CalendarTime now{std::chrono::seconds(1'800'000'000)};
  http::CookieJar jar;
  const auto bad_lines = jar.add_file(text);
  if (!http::is_cookie_file(text)) require(jar.empty());
  http::CookieJar twice = jar;
  require(twice.add_file(text) == bad_lines);
  for (const char* to : {"ws://h/", "wss://www.example.com/a/b?c", "ws://127.0.0.1:81/x"}) {
    const http::Url url = http::parse_url(to).value();
    const std::string value = jar.value_for(url, "", now);
    require(http::is_field_value(value) && value.size() <= text.size() + 2);
    require(twice.value_for(url, "", now) == value);
    const std::string with_typed = jar.value_for(url, "typed=1", now);
    require(with_typed.starts_with("typed=1"));
  }
  return 0;
}
