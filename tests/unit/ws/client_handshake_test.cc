#include "ws/client_handshake.h"

#include <doctest/doctest.h>

#include "unit/ws/bytes.h"
#include "unit/ws/custom_extensions.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace wscope::ws;

namespace {

const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";

http::Url url(std::string_view text) {
  auto parsed = http::parse_url(text);
  REQUIRE(parsed.ok());
  return std::move(parsed).value();
}

http::ResponseHead response() {
  return {
      101,
      "Switching Protocols",
      {},
      {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}};
}

const PermessageDeflate deflate;

http::RequestHead request() {
  ConnectOptions options;
  options.subprotocols = {"chat", "superchat"};
  return make_request(url("ws://example.com/"), options, key, {&deflate});
}

std::string verdict(const http::ResponseHead& head) {
  const auto agreement = check_response(head, request(), {&deflate});
  return agreement ? "ok" : agreement.error().message;
}

}  // namespace

TEST_CASE("a key is 16 random bytes in base64, and answered as RFC 6455 says") {
  test::FixedRandom random("the sample nonce");
  CHECK(make_key(random) == key);
  CHECK(accept_value(key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("the request has the fields of section 4.1 in their usual order") {
  const auto request = make_request(url("ws://example.com/chat?a=b"), {}, key, {});
  CHECK(request == http::RequestHead{"GET",
                                     "/chat?a=b",
                                     {},
                                     {{"Host", "example.com"},
                                      {"Upgrade", "websocket"},
                                      {"Connection", "Upgrade"},
                                      {"Sec-WebSocket-Key", key},
                                      {"Sec-WebSocket-Version", "13"}}});
}

TEST_CASE("the request says all that is asked for") {
  ConnectOptions options;
  options.host = "other:81";
  options.origin = "https://example.com";
  options.subprotocols = {"chat", "superchat"};
  options.headers = {{"Cookie", "a=b"}, {"Cookie", "c=d"}};
  options.version = 8;
  const PermessageDeflate strict({.server_no_context_takeover = true});
  const auto request = make_request(url("wss://user:pass@example.com:444/"), options, key, {&strict, &deflate});
  CHECK(request.headers ==
        http::Headers{{"Host", "other:81"},
                      {"Authorization", "Basic dXNlcjpwYXNz"},
                      {"Origin", "https://example.com"},
                      {"Upgrade", "websocket"},
                      {"Connection", "Upgrade"},
                      {"Sec-WebSocket-Key", key},
                      {"Sec-WebSocket-Version", "8"},
                      {"Sec-WebSocket-Extensions",
                       "permessage-deflate; server_no_context_takeover, permessage-deflate; client_max_window_bits"},
                      {"Sec-WebSocket-Protocol", "chat, superchat"},
                      {"Cookie", "a=b; c=d"}});
}

TEST_CASE("a header of the caller's own takes the place of the handshake's") {
  ConnectOptions options;
  options.host = "host";
  options.origin = "origin";
  options.subprotocols = {"chat"};
  options.headers = {{"X", "1"},
                     {"host", "h"},
                     {"Upgrade", "h2c"},
                     {"Connection", "keep-alive"},
                     {"connection", "Upgrade"},
                     {"Sec-WebSocket-Key", "k"},
                     {"Sec-WebSocket-Version", "8"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Extensions", "x, permessage-deflate"},
                     {"Sec-WebSocket-Protocol", "a"},
                     {"Sec-WebSocket-Protocol", "b"},
                     {"Origin", "o"},
                     {"Authorization", "t"},
                     {"X", "2"}};
  CHECK(make_request(url("ws://user:pass@example.com/"), options, key, {&deflate}).headers ==
        http::Headers{{"host", "h"},
                      {"X", "1"},
                      {"Upgrade", "h2c"},
                      {"Connection", "keep-alive, Upgrade"},
                      {"Sec-WebSocket-Key", "k"},
                      {"Sec-WebSocket-Version", "13"},
                      {"Sec-WebSocket-Extensions", "x, permessage-deflate"},
                      {"Sec-WebSocket-Protocol", "a, b"},
                      {"Origin", "o"},
                      {"Authorization", "t"},
                      {"X", "2"}});
}

TEST_CASE("what is left out is not in the request") {
  ConnectOptions options;
  options.host = "host";
  options.origin = "origin";
  options.subprotocols = {"chat"};
  options.left_out = {"HOST",
                      "Origin",
                      "Authorization",
                      "upgrade",
                      "Connection",
                      "Sec-WebSocket-Key",
                      "Sec-WebSocket-Version",
                      "Sec-WebSocket-Extensions",
                      "Sec-WebSocket-Protocol",
                      "X"};
  options.headers = {{"X", "1"}};
  CHECK(make_request(url("ws://user:pass@example.com/"), options, key, {&deflate}).headers ==
        http::Headers{{"X", "1"}});
}

TEST_CASE("a response answers the request that was sent, whoever made its headers") {
  ConnectOptions options;
  options.headers = {{"Sec-WebSocket-Key", "other"},
                     {"Sec-WebSocket-Protocol", "mqtt, wamp"},
                     {"Sec-WebSocket-Extensions", "x-private"}};
  const auto verdict_on = [&](const http::Headers& fields) -> std::string {
    http::ResponseHead head = response();
    head.headers.set("Sec-WebSocket-Accept", accept_value("other"));
    for (const http::Field& field : fields) head.headers.set(field.name, field.value);
    const auto agreement = check_response(head, make_request(url("ws://h/"), options, key, {&deflate}), {&deflate});
    return agreement ? "ok " + agreement->subprotocol : agreement.error().message;
  };
  CHECK(verdict_on({}) == "ok ");
  CHECK(verdict_on({{"Sec-WebSocket-Protocol", "wamp"}}) == "ok wamp");
  CHECK(verdict_on({{"Sec-WebSocket-Accept", accept_value(key)}}) ==
        "the Sec-WebSocket-Accept header does not answer the key");
  CHECK(verdict_on({{"Sec-WebSocket-Extensions", "permessage-deflate"}}) ==
        "the server accepted an extension that was not offered: permessage-deflate");
  CHECK(verdict_on({{"Sec-WebSocket-Extensions", "x-private"}}) ==
        "the server accepted an extension that is offered but not known here: x-private");
  options.headers.set("Sec-WebSocket-Extensions", "x-private, permessage-deflate; client_max_window_bits");
  CHECK(verdict_on({{"Sec-WebSocket-Extensions", "permessage-deflate"}}) == "ok ");
  options = {};
  options.left_out = {"Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Sec-WebSocket-Key"};
  options.subprotocols = {"wamp"};
  const http::Field accepted = {"Sec-WebSocket-Accept", accept_value("")};
  CHECK(verdict_on({accepted}) == "ok ");
  CHECK(verdict_on({accepted, {"Sec-WebSocket-Extensions", "permessage-deflate"}}) ==
        "the server accepted an extension that was not offered: permessage-deflate");
  CHECK(verdict_on({accepted, {"Sec-WebSocket-Protocol", "wamp"}}).find("not offered") != std::string::npos);
}

TEST_CASE("an Authorization of the caller's own replaces the URL's credentials") {
  ConnectOptions options;
  options.headers = {{"authorization", "Bearer x"}};
  const auto request = make_request(url("ws://user:pass@example.com/"), options, key, {});
  CHECK(request.headers.count("Authorization") == 1);
  CHECK(*request.headers.find("Authorization") == "Bearer x");
}

TEST_CASE("a proper response is accepted, however it is written") {
  CHECK(verdict(response()) == "ok");
  auto head = response();
  head.headers = {{"upgrade", "WebSocket"},
                  {"CONNECTION", "keep-alive"},
                  {"connection", "UPGRADE"},
                  {"sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
                  {"Set-Cookie", "a=b"}};
  CHECK(verdict(head) == "ok");
}

TEST_CASE("what was agreed comes out of the response") {
  auto head = response();
  head.headers.add("Sec-WebSocket-Protocol", "superchat");
  head.headers.add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=10");
  auto agreement = check_response(head, request(), {&deflate});
  REQUIRE(agreement.ok());
  CHECK(agreement->subprotocol == "superchat");
  CHECK(write_extensions(agreement->extensions.elements) == "permessage-deflate; client_max_window_bits=10");
  CHECK(agreement->extensions.extensions.size() == 1);
}

TEST_CASE("a response that is not proper is refused with the reason") {
  struct Row {
    std::string_view field, value;  // takes the place of the field of that name
    std::string_view message;
  };
  constexpr Row rows[] = {
      {"Connection", "", "invalid Connection header: expected a token at 0"},
      {"Connection", "close", "the Connection header lacks \"upgrade\""},
      {"Connection", "up grade", ""},
      {"Upgrade", "h2c", "the Upgrade header is not \"websocket\""},
      {"Upgrade", "websocket, h2c", "the Upgrade header is not \"websocket\""},
      {"Upgrade", "websocket 2", ""},
      {"Sec-WebSocket-Accept", "", "the Sec-WebSocket-Accept header does not answer the key"},
      {"Sec-WebSocket-Accept",
       "s3pplmbitxaq9kygzzhzrbk+xoo=", "the Sec-WebSocket-Accept header does not answer the key"},
      {"Sec-WebSocket-Protocol", "other", "the server chose the subprotocol \"other\", which was not offered"},
      {"Sec-WebSocket-Protocol", "Chat", "the server chose the subprotocol \"Chat\", which was not offered"},
      {"Sec-WebSocket-Protocol", "", "the server chose the subprotocol \"\", which was not offered"},
      {"Sec-WebSocket-Protocol", "chat, superchat",
       "the server chose the subprotocol \"chat, superchat\", which was not offered"},
      {"Sec-WebSocket-Extensions", "foo;", "invalid Sec-WebSocket-Extensions header: expected a token at 4"},
      {"Sec-WebSocket-Extensions", "", "invalid Sec-WebSocket-Extensions header: expected a token at 0"},
      {"Sec-WebSocket-Extensions", "foo", "the server accepted an extension that was not offered: foo"},
      {"Sec-WebSocket-Extensions", "permessage-deflate; x", "invalid permessage-deflate parameter: x"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.field);
    CAPTURE(row.value);
    auto head = response();
    head.headers.remove(row.field);
    head.headers.add(std::string(row.field), std::string(row.value));
    CHECK(verdict(head) != "ok");
    if (!row.message.empty()) CHECK(verdict(head) == row.message);
  }
}

TEST_CASE("a response without a field, or with one too many, is refused") {
  for (const std::string_view name : {"Upgrade", "Connection"}) {
    auto head = response();
    head.headers.remove(name);
    CHECK(verdict(head) == "no " + std::string(name) + " header");
  }
  auto head = response();
  head.headers.add("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(verdict(head) == "not exactly one Sec-WebSocket-Accept header");
  head.headers.remove("Sec-WebSocket-Accept");
  CHECK(verdict(head) == "not exactly one Sec-WebSocket-Accept header");
  head = response();
  head.headers.add("Sec-WebSocket-Protocol", "chat");
  head.headers.add("Sec-WebSocket-Protocol", "superchat");
  CHECK(verdict(head) == "the server chose the subprotocol \"chat, superchat\", which was not offered");
  head = response();
  head.version = {1, 0};
  CHECK(verdict(head) == "the response is not HTTP/1.1");
}
