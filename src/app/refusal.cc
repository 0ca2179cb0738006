#include "app/refusal.h"

#include <string>

namespace wscope::app {
namespace {

std::string hint_for(const http::ResponseHead& response) {
  const std::string* type = response.headers.find("Content-Type");
  const std::string* location = response.headers.find("Location");
  const std::string* version = response.headers.find("Sec-WebSocket-Version");
  if (response.status == 200) return (type != nullptr ? *type + ": " : "") + "not a WebSocket path?";
  if (response.status >= 300 && response.status < 400 && location != nullptr) return "it has moved to " + *location;
  if (response.status == 401) return "it wants credentials: ws://USER:PASSWORD@HOST/";
  if (response.status == 404) return "is this the path of the WebSocket endpoint?";
  if (response.status == 426 && version != nullptr) return "the server wants version " + *version;
  return "";
}

}  // namespace

base::Error explain_refusal(const http::ResponseHead& response) {
  std::string reason = response.reason.empty() ? std::string(http::reason_phrase(response.status)) : response.reason;
  if (!reason.empty()) reason.insert(0, " ");
  return {base::ErrorKind::http, "upgrade refused: HTTP " + std::to_string(response.status) + reason,
          hint_for(response)};
}

base::Error explain_failure(const ws::HandshakeFailed& failure, const std::string& where,
                            const std::string& socket_error) {
  using Reason = ws::HandshakeFailed::Reason;
  const std::string detail(failure.detail);
  switch (failure.reason) {
    case Reason::timed_out:
      return {base::ErrorKind::connect, where + ": timed out: no answer to the upgrade request"};
    case Reason::stream_ended:
      return {base::ErrorKind::http, where + ": upgrade failed: " + (socket_error.empty() ? detail : socket_error)};
    case Reason::not_http:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail,
              detail.find("TLS") == std::string::npos ? "is a WebSocket server on this port?" : "try wss://"};
    case Reason::bad_response:
      return {base::ErrorKind::http, where + ": invalid upgrade response: " + detail};
    default:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail};
  }
}

}  // namespace wscope::app
