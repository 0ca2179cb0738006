#include "link/request_cookies.h"

#include <chrono>
#include <string>
#include <utility>

#include "http/field_syntax.h"

namespace wscope::link {

ws::ConnectOptions with_cookies(ws::ConnectOptions request, const http::CookieJar& jar, const http::Url& url) {
  if (jar.empty() || http::list_contains(request.left_out, "Cookie")) return request;
  const std::string* typed = request.headers.find("Cookie");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string value = jar.value_for(url, typed == nullptr ? "" : *typed, now);
  if (value.empty()) {
    request.headers.remove("Cookie");
  } else {
    request.headers.set("Cookie", std::move(value));
  }
  return request;
}

}  // namespace wscope::link
