#include "link/redirect.h"

#include <algorithm>
#include <string_view>

#include "http/headers.h"

namespace wscope::link {
namespace {

std::string origin_of(const http::Url& url) { return (url.secure ? "wss://" : "ws://") + url.authority(); }

// RFC 3986 section 5.2.4, for a path without its query.
std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);  // with its slash
    path.remove_prefix(end);
    if (segment == "/.." || segment == "/.") {
      if (segment == "/..") out.erase(std::min(out.rfind('/'), out.size()));
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

// The path and query that a relative reference means.
std::string target_of(const http::Url& from, std::string_view reference) {
  const std::string_view base = std::string_view(from.target).substr(0, from.target.find('?'));
  if (reference.empty()) return from.target;
  if (reference.front() == '?') return std::string(base) + std::string(reference);
  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (path.front() != '/') path.insert(0, base.substr(0, base.rfind('/') + 1));
  return without_dots(path) + std::string(reference.substr(query));
}

// `reference` in the words of RFC 6455, absolute and without a fragment.
std::string absolute(const http::Url& from, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  if (http::begins_ignoring_case(reference, "http://")) return "ws://" + std::string(reference.substr(7));
  if (http::begins_ignoring_case(reference, "https://")) return "wss://" + std::string(reference.substr(8));
  if (http::begins_ignoring_case(reference, "//")) return (from.secure ? "wss:" : "ws:") + std::string(reference);
  const std::size_t scheme = reference.find("://");
  if (scheme != std::string_view::npos && scheme < reference.find_first_of("/?")) return std::string(reference);
  return origin_of(from) + target_of(from, reference);
}

}  // namespace

bool is_redirection(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

base::Result<std::optional<http::Url>> redirection(const http::Url& from, const http::ResponseHead& response) {
  const std::string* location = response.headers.find("Location");
  if (!is_redirection(response.status) || location == nullptr) return std::optional<http::Url>();
  auto url = http::parse_url(absolute(from, *location));
  if (!url) return base::Error{base::ErrorKind::http, "the redirection leads nowhere: " + url.error().message};
  if (from.secure && !url->secure) {
    return base::Error{base::ErrorKind::http, "the redirection leads from wss to ws: not followed"};
  }
  if (url->host == from.host && url->zone.empty()) url->zone = from.zone;  // which no server can know
  if (same_origin(from, *url) && !url->credentials) url->credentials = from.credentials;
  return std::optional(std::move(url).value());
}

ws::ConnectOptions without_secrets(ws::ConnectOptions request) {
  for (const char* name : {"Authorization", "Proxy-Authorization", "Cookie", "Host"}) request.headers.remove(name);
  request.host.clear();
  return request;
}

}  // namespace wscope::link
