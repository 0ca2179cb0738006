#include "link/refusal.h"

#include <doctest/doctest.h>

using namespace wscope;
using Reason = ws::HandshakeFailed::Reason;

namespace {

base::Error refused(int status, std::string reason, const std::vector<std::pair<std::string, std::string>>& fields = {},
                    const link::Given& given = {}, const std::string& body = "") {
  http::ResponseHead response;
  response.status = status;
  response.reason = std::move(reason);
  for (const auto& [name, value] : fields) response.headers.add(name, value);
  return link::explain_refusal(response, body, http::Url{}, given);
}

base::Error failed(Reason reason) {
  ws::HandshakeFailed failure;
  failure.reason = reason;
  failure.detail = "the detail";
  return link::explain_failure(failure, http::parse_url("ws://h/").value(), "ws://h/", {}, "");
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
  CHECK(refused(426, "", {{"Sec-WebSocket-Version", "8"}}).hint == "426: server wants version 8, try -p 8");
  CHECK(refused(426, "", {{"Sec-WebSocket-Version", "8, 7"}}).hint == "426: server wants version 8, 7");
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
}

TEST_CASE("what is wrong with a head tells what to try, whatever the words") {
  using Code = http::HeadError::Code;
  const http::Url url = http::parse_url("ws://h/").value();
  const auto explain = [&](Code code, std::size_t came = 0, const link::Given& given = {}) {
    http::HeadError head;
    head.code = code;
    head.came = came;
    ws::HandshakeFailed failure;
    failure.detail = "TLS frame longer than";
    failure.error = &head;
    const base::Error error = link::explain_failure(failure, url, "h", given, "");
    return error.message + " | " + error.hint;
  };
  const std::string words = "h: upgrade failed: TLS frame longer than";
  CHECK(explain(Code::syntax) == words + " | is a WebSocket server on this port?");
  CHECK(explain(Code::tls_record) == words + " | got a TLS record: try wss://");
  CHECK(explain(Code::websocket_frame) == words + " | something on the way ate the answer to the upgrade?");
  for (const Code code : {Code::start_line_long, Code::head_too_long}) {
    CHECK(explain(code) == words + " (--max-header) | --max-header allows more");
    CHECK(explain(code, 123) == words + " (--max-header; 123 had come) | --max-header allows more");
    CHECK(explain(code, 0, {.head_limit = true}) == words + " (--max-header) | ");
  }
}

TEST_CASE("of a body the beginning is shown, in whole characters") {
  CHECK(link::beginning_of_body("short\n") == "short\n");
  CHECK(link::beginning_of_body(std::string(5000, 'x')) == std::string(1024, 'x'));
  CHECK(link::beginning_of_body(std::string(1023, 'x') + "\xc3\xa4") == std::string(1023, 'x'));
}

TEST_CASE("a refusal that wants credentials names the schemes, and what gives them") {
  const auto hint = [](const std::string& challenge, const link::Given& given = {}) {
    return refused(401, "", {{"WWW-Authenticate", challenge}}, given).hint;
  };
  CHECK(hint("Basic realm=\"x\"") == "401: it wants Basic, try --auth USER:PASSWORD");
  CHECK(hint("Bearer") == "401: it wants Bearer, try --bearer TOKEN");
  CHECK(hint("Basic, Bearer") == "401: it wants Basic or Bearer, try --auth USER:PASSWORD or --bearer TOKEN");
  CHECK(hint("Negotiate, NTLM") == "401: it wants Negotiate or NTLM, which only -H 'Authorization: ...' can give");
  CHECK(hint("Digest a=b, Basic", {.credentials = true}) ==
        "401: it wants Digest or Basic, and does not take what was given");
  CHECK(hint("Basic", {.credentials = true, .credentials_sent = false}) ==
        "401: it wants Basic; a redirection to another origin takes none along");
}

TEST_CASE("no hint says what was said") {
  CHECK(refused(403, "", {}, {.origin = true}).hint.empty());
  CHECK(refused(426, "", {{"Sec-WebSocket-Version", "8"}}, {.version = true}).hint == "426: server wants version 8");
}

TEST_CASE("a subprotocol that was not offered can be") {
  ws::HandshakeFailed failure;
  failure.reason = Reason::bad_response;
  failure.detail = "the server chose the subprotocol \"xmpp\", which was not offered";
  http::ResponseHead response;
  response.headers.add("Sec-WebSocket-Protocol", "xmpp");
  failure.response = &response;
  CHECK(link::explain_failure(failure, http::Url{}, "ws://h/", {}, "").hint == "-s xmpp offers it");
}

TEST_CASE("a short text or JSON is part of the words") {
  const auto words = [](const std::string& type, const std::string& body) {
    return refused(403, "Forbidden", {{"Content-Type", type}}, {}, body).message;
  };
  const std::string refusal = "upgrade refused: HTTP 403 Forbidden";
  CHECK(words("application/json", "{\"error\":\"token expired\"}\n") == refusal + ": {\"error\":\"token expired\"}");
  CHECK(words("Application/Problem+JSON; charset=utf-8", "{\n  \"a\": \"b  c\"\n}") ==
        refusal + ": { \"a\": \"b  c\" }");
  CHECK(words("text/plain; charset=utf-8", " go away \r\n") == refusal + ": go away");
  CHECK(words("text/html", "<p>go away") == refusal);
  CHECK(words("text/plain", "") == refusal);
  CHECK(words("text/plain", "\n \n") == refusal);
  CHECK(words("text/plain", "\xff\xfe") == refusal);
  CHECK(refused(403, "Forbidden", {}, {}, "no").message == refusal + ": no");
  CHECK(refused(403, "Forbidden", {}, {}, " <html>").message == refusal);
  CHECK(words("text/plain", std::string(500, 'x')) == refusal + ": " + std::string(200, 'x') + "…");
}

TEST_CASE("a body is made readable") {
  const auto readable = [](const std::vector<http::Field>& fields, const std::string& body, std::size_t limit = 100) {
    http::ResponseHead response;
    for (const auto& field : fields) response.headers.add(field.name, field.value);
    return link::readable_body(response, body, limit);
  };
  CHECK(readable({}, "gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  CHECK(readable({{"Content-Type", "text/plain; charset=ISO-8859-1"}}, "gr\xfc\xdf") == "gr\xc3\xbc\xc3\x9f");
  CHECK(readable({{"Content-Type", "text/plain; charset=\"latin1\""}}, "\xfc") == "\xc3\xbc");
  CHECK(readable({{"Content-Encoding", "deflate"}}, "\x4b\x4c\x4a\x06\x00").size() <= 100);
  CHECK(readable({{"Content-Encoding", "br"}}, "\x0b\xff") == "\x0b\xff");
  CHECK(readable({}, std::string(200, 'x')).size() < 100);
}

TEST_CASE("a hint is left without what was given") {
  const std::string hint = "--servername NAME asks for another name, --insecure skips the check";
  CHECK(link::without_given(hint, {}) == hint);
  CHECK(link::without_given(hint, {"--servername", "--pin"}) == "--insecure skips the check");
  CHECK(link::without_given(hint, {"--insecure"}) == "--servername NAME asks for another name");
  CHECK(link::without_given(hint, {"--insecure", "--servername"}).empty());
  CHECK(link::without_given("if the clock is wrong, set it; --insecure skips", {"--pin"}) ==
        "if the clock is wrong, set it; --insecure skips");
}
