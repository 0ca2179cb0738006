#include "app/refusal.h"

#include <string>
#include <string_view>

#include "app/redirect.h"
#include "base/utf8.h"

namespace wscope::app {
namespace {

// Bytes of the body of a refusal: enough to tell what it is.
constexpr std::size_t shown_body = 1024;

std::string hint_for(const http::ResponseHead& response, const http::Url& url) {
  const std::string status = std::to_string(response.status);
  const std::string* location = response.headers.find("Location");
  if (response.status >= 300 && response.status < 400 && location != nullptr) {
    return status + ": it has moved to " + http::without_userinfo(*location) +
           (is_redirection(response.status) ? ", -L follows it" : "");
  }
  const std::string* type = response.headers.find("Content-Type");
  const std::string* version = response.headers.find("Sec-WebSocket-Version");
  switch (response.status) {
    case 200:
      return status + (type != nullptr ? " " + *type : "") + ": not a WebSocket path?";
    case 401:
      return status + ": it wants credentials, try --auth USER:PASSWORD or --bearer TOKEN";
    case 403:
      return status + ": it may want an Origin, try -o";
    case 404:
      return status + ": is this the path of the WebSocket endpoint?";
    case 400:
      if (version == nullptr && !url.secure) return status + ": if it wants TLS, try wss://";
      [[fallthrough]];
    case 426:
      return version != nullptr ? status + ": server wants version " + *version : "";
    case 429:
      return status + ": too many requests, try later";
    default:
      return "";
  }
}

// What came is no HTTP.
std::string hint_for_bytes(std::string_view detail) {
  if (detail.find("TLS") != std::string_view::npos) return "got a TLS record: try wss://";
  if (detail.find("longer than") != std::string_view::npos) return "--max-header allows more";
  return "is a WebSocket server on this port?";
}

}  // namespace

base::Error explain_refusal(const http::ResponseHead& response, const http::Url& url) {
  std::string reason = response.reason.empty() ? std::string(http::reason_phrase(response.status)) : response.reason;
  if (!reason.empty()) reason.insert(0, " ");
  return {base::ErrorKind::http, "upgrade refused: HTTP " + std::to_string(response.status) + reason,
          hint_for(response, url)};
}

std::string_view beginning_of_body(std::string_view body) noexcept { return base::utf8_prefix(body, shown_body); }

base::Error explain_failure(const ws::HandshakeFailed& failure, const http::Url& url, const std::string& socket_error) {
  using Reason = ws::HandshakeFailed::Reason;
  const std::string where = url.text();
  const std::string detail(failure.detail);
  switch (failure.reason) {
    case Reason::timed_out:
      return {base::ErrorKind::connect, where + ": timed out: no answer to the upgrade request"};
    case Reason::stream_ended:
      return {base::ErrorKind::http, where + ": upgrade failed: " + (socket_error.empty() ? detail : socket_error),
              url.secure || socket_error.empty() ? "" : "if it wants TLS, try wss://"};
    case Reason::not_http:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail, hint_for_bytes(detail)};
    case Reason::bad_response:
      return {base::ErrorKind::http, where + ": invalid upgrade response: " + detail};
    default:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail};
  }
}

}  // namespace wscope::app
