#include "app/refusal.h"

#include <doctest/doctest.h>

using namespace wscope;
using Reason = ws::HandshakeFailed::Reason;

namespace {

base::Error refused(int status, std::string reason,
                    const std::vector<std::pair<std::string, std::string>>& fields = {}) {
  http::ResponseHead response;
  response.status = status;
  response.reason = std::move(reason);
  for (const auto& [name, value] : fields) response.headers.add(name, value);
  return app::explain_refusal(response, http::Url{});
}

base::Error failed(Reason reason) {
  ws::HandshakeFailed failure;
  failure.reason = reason;
  failure.detail = "the detail";
  return app::explain_failure(failure, http::parse_url("ws://h/").value(), "");
}

}  // namespace

TEST_CASE("a refusal tells the status in the server's words, else in those of the standard") {
  CHECK(refused(503, "Busy").message == "upgrade refused: HTTP 503 Busy");
  CHECK(refused(503, "").message == "upgrade refused: HTTP 503 Service Unavailable");
  CHECK(refused(599, "").message == "upgrade refused: HTTP 599");
  CHECK(refused(503, "").kind == base::ErrorKind::http);
  CHECK(refused(503, "").hint.empty());
}

TEST_CASE("a refusal comes with what may help") {
  CHECK(refused(200, "OK", {{"Content-Type", "text/html"}}).hint == "200 text/html: not a WebSocket path?");
  CHECK(refused(200, "OK").hint == "200: not a WebSocket path?");
  CHECK(refused(302, "Found", {{"Location", "ws://other/"}}).hint == "302: it has moved to ws://other/, -L follows it");
  CHECK(refused(302, "Found", {{"Location", "//a:b@other/?c@d"}}).hint ==
        "302: it has moved to //other/?c@d, -L follows it");
  CHECK(refused(302, "Found").hint.empty());
  CHECK(refused(401, "").hint == "401: it wants credentials, try --auth USER:PASSWORD or --bearer TOKEN");
  CHECK(refused(403, "").hint == "403: it may want an Origin, try -o");
  CHECK(refused(404, "").hint == "404: is this the path of the WebSocket endpoint?");
  CHECK(refused(400, "", {{"Sec-WebSocket-Version", "13"}}).hint == "400: server wants version 13");
  CHECK(refused(400, "").hint == "400: if it wants TLS, try wss://");
  CHECK(refused(426, "", {{"Sec-WebSocket-Version", "8"}}).hint == "426: server wants version 8");
  CHECK(refused(426, "").hint.empty());
  CHECK(refused(429, "").hint == "429: too many requests, try later");
}

TEST_CASE("a handshake that breaks off is a failure to connect only if nobody answered") {
  CHECK(failed(Reason::timed_out).kind == base::ErrorKind::connect);
  CHECK(failed(Reason::timed_out).message == "ws://h/: timed out: no answer to the upgrade request");
  for (const Reason reason : {Reason::not_http, Reason::bad_response, Reason::bad_body, Reason::stream_ended}) {
    CHECK(failed(reason).kind == base::ErrorKind::http);
    CHECK(failed(reason).message.find("ws://h/: ") == 0);
    CHECK(failed(reason).message.find(": the detail") != std::string::npos);
  }
  CHECK(failed(Reason::not_http).hint == "is a WebSocket server on this port?");
}

TEST_CASE("of a body the beginning is shown, in whole characters") {
  CHECK(app::beginning_of_body("short\n") == "short\n");
  CHECK(app::beginning_of_body(std::string(5000, 'x')) == std::string(1024, 'x'));
  CHECK(app::beginning_of_body(std::string(1023, 'x') + "\xc3\xa4") == std::string(1023, 'x'));
}
